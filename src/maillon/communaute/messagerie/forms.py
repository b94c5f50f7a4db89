"""What people type: messages, mailings, announcements, the MSSanté mailbox."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from maillon.communaute.adhesions.enums import College
from maillon.communaute.adhesions.selectors import get_communes_of_members, get_professions_of_members
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Mission
from maillon.socle.fichiers.services import TAILLE_MAX
from maillon.socle.horloge import today

from .criteres import Criteres
from .enums import Nature, Portee, Securite
from .mssante.adresses import check_adresse
from .services.commun import Recu
from .variables import VARIABLES, find_inconnues

AIDE_PIECES = "PDF, images PNG ou JPEG, Word, Excel, texte ou CSV ; 10 Mo au plus."
TEXTE_MAX = 20_000


class SelecteurPieces(forms.ClearableFileInput):
    allow_multiple_selected = True


class ChampPieces(forms.FileField):
    """Several documents at once, as `Recu`."""

    widget = SelecteurPieces

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, help_text=AIDE_PIECES, **options)

    def clean(self, data: Any, initial: Any = None) -> list[Recu]:
        sent: list[UploadedFile] = [*data] if isinstance(data, list | tuple) else [data] if data else []
        if sum(fichier.size or 0 for fichier in sent) > TAILLE_MAX:
            raise forms.ValidationError("Ces documents dépassent 10 Mo ensemble. Envoyez-les en plusieurs fois.")
        return [Recu(fichier.name or "", fichier.read()) for fichier in sent if super(ChampPieces, self).clean(fichier)]


def _texte(libelle: str, *, lignes: int, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=libelle, max_length=TEXTE_MAX, widget=forms.Textarea(attrs={"rows": lignes}), **options
    )


class MessageForm(forms.Form):
    texte = _texte("Votre message", lignes=3, required=False)
    pieces = ChampPieces(label="Documents")

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not self.errors and not donnees.get("texte", "").strip() and not donnees.get("pieces"):
            self.add_error("texte", "Écrivez un message, ou joignez un document.")
        return donnees


def describe_personne(personne: Personne) -> str:
    """« Hélène Chavanne, médecin généraliste »: enough to choose between namesakes."""
    fonction = personne.fonction or (personne.professionnel.libelle_profession if personne.professionnel else "")
    return f"{personne}, {fonction}" if fonction else str(personne)


class ChampPersonnes(forms.ModelMultipleChoiceField):
    """People to tick, with what they do."""

    def label_from_instance(self, obj: Any) -> str:
        return describe_personne(obj)


class ChampPersonne(forms.ModelChoiceField):
    """One person to choose, with what they do."""

    def label_from_instance(self, obj: Any) -> str:
        return describe_personne(obj)


class NouvelleForm(MessageForm):
    """To people, or to a group."""

    personnes = ChampPersonnes(
        label="À qui", queryset=Personne.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    groupe = forms.ModelChoiceField(
        label="Ou à un groupe", queryset=Groupe.objects.none(), required=False, empty_label="aucun groupe"
    )
    titre = forms.CharField(label="Objet", max_length=160, required=False)
    field_order = ("personnes", "groupe", "titre", "texte", "pieces")

    def __init__(self, *args: Any, personnes: Any, groupes: Iterable[Groupe], **options: Any) -> None:
        super().__init__(*args, **options)
        people, groups = self.fields["personnes"], self.fields["groupe"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        assert isinstance(groups, forms.ModelChoiceField)
        people.queryset = personnes
        groups.queryset = Groupe.objects.filter(pk__in=[groupe.pk for groupe in groupes])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean()
        people, groupe = donnees.get("personnes"), donnees.get("groupe")
        if not people and groupe is None and "personnes" not in self.errors:
            self.add_error("personnes", "Choisissez au moins une personne, ou un groupe.")
        if people and groupe is not None:
            self.add_error("groupe", "Choisissez des personnes ou un groupe, pas les deux.")
        return donnees


class AjoutForm(forms.Form):
    """Somebody else for a conversation."""

    personne = ChampPersonne(label="Qui ajouter", queryset=Personne.objects.none(), empty_label="Choisissez…")

    def __init__(self, *args: Any, personnes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["personne"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = personnes


class FilForm(MessageForm):
    """About a patient: only those who have the right are offered."""

    personnes = ChampPersonnes(
        label="Avec qui",
        queryset=Personne.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une personne."},
    )
    field_order = ("personnes", "texte", "pieces")

    def __init__(self, *args: Any, personnes: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        people = self.fields["personnes"]
        assert isinstance(people, forms.ModelMultipleChoiceField)
        people.queryset = personnes


def _cases(libelle: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=libelle, required=False, widget=forms.CheckboxSelectMultiple)


class DestinatairesForm(forms.Form):
    """To whom: choices are those of the community."""

    portee = forms.ChoiceField(label="Qui", choices=Portee.choices, initial=Portee.MEMBRES, widget=forms.RadioSelect)
    colleges = _cases("Collège")
    professions = _cases("Profession")
    communes = _cases("Commune d’exercice")
    groupes = _cases("Groupe")
    missions = _cases("Mission")

    CRITERES = ("colleges", "professions", "groupes", "missions", "communes")

    def __init__(self, *args: Any, cpts: Cpts, **options: Any) -> None:
        super().__init__(*args, **options)
        on = today()
        choix = {
            "colleges": College.choices,
            "professions": get_professions_of_members(cpts.pk, on=on),
            "communes": get_communes_of_members(cpts.pk, on=on),
            "groupes": [
                (str(pk), nom) for pk, nom in Groupe.objects.filter(cpts=cpts, ferme_le=None).values_list("pk", "nom")
            ],
            "missions": Mission.choices,
        }
        for name, choices in choix.items():
            champ = self.fields[name]
            assert isinstance(champ, forms.MultipleChoiceField)
            champ.choices = [(code, label[:1].upper() + label[1:]) for code, label in choices]

    @property
    def criteres(self) -> Criteres:
        return Criteres.read(self.cleaned_data)

    @property
    def champs_criteres(self) -> list[tuple[Any, int]]:
        """The criteria that have choices here, with how many are ticked."""
        return [(self[name], len(self[name].value() or ())) for name in self.CRITERES if self.fields[name].choices]  # type: ignore[attr-defined]


class EnvoiForm(DestinatairesForm):
    objet = forms.CharField(label="Objet", max_length=160)
    texte = _texte(
        "Message",
        lignes=12,
        help_text="Maillon remplace "
        + ", ".join(f"{{{nom}}} par {sens}" for nom, sens in VARIABLES.items())
        + ". Ne parlez jamais d’un patient : un courriel n’est pas protégé.",
    )
    nature = forms.ChoiceField(
        label="Nature", choices=Nature.choices, initial=Nature.INFORMATION, widget=forms.RadioSelect
    )
    pieces = ChampPieces(label="Ajouter des pièces jointes")
    field_order = ("objet", "texte", "pieces", "nature", "portee")

    def clean_texte(self) -> str:
        texte: str = self.cleaned_data["texte"]
        if unknown := find_inconnues(texte):
            raise forms.ValidationError(
                f"Maillon ne connaît pas {{{unknown[0]}}}. Écrivez {', '.join(f'{{{nom}}}' for nom in VARIABLES)}."
            )
        return texte

    @property
    def champs(self) -> dict[str, Any]:
        donnees = self.cleaned_data
        return {
            "objet": donnees["objet"],
            "texte": donnees["texte"],
            "nature": donnees["nature"],
            "criteres": self.criteres.as_json(),
        }


class AnnonceForm(DestinatairesForm):
    titre = forms.CharField(label="Titre", max_length=160)
    texte = _texte("Annonce", lignes=8, help_text="Ne nommez pas de patient.")
    affichee_jusqu_au = forms.DateField(
        label="Sur la page d’accueil jusqu’au",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text="Elle en part plus tôt pour qui l’a lue.",
    )
    par_courriel = forms.BooleanField(label="Prévenir aussi par courriel", required=False, initial=True)
    field_order = ("titre", "texte", "affichee_jusqu_au", "par_courriel", "portee")

    def __init__(self, *args: Any, cpts: Cpts, **options: Any) -> None:
        super().__init__(*args, cpts=cpts, **options)
        self.fields["affichee_jusqu_au"].initial = today() + timedelta(days=14)

    def clean_affichee_jusqu_au(self) -> Any:
        jour = self.cleaned_data["affichee_jusqu_au"]
        if jour < today():
            raise forms.ValidationError("Cette date est passée.")
        return jour


class BoiteForm(forms.Form):
    adresse = forms.CharField(label="Adresse MSSanté de la communauté", max_length=200)
    identifiant = forms.CharField(
        label="Identifiant", max_length=200, help_text="Donné par l’opérateur ; souvent l’adresse elle-même."
    )
    mot_de_passe = forms.CharField(
        label="Mot de passe",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Laissez vide pour garder celui qui est enregistré.",
    )
    smtp_hote = forms.CharField(label="Serveur d’envoi (SMTP)", max_length=200)
    smtp_port = forms.IntegerField(label="Port d’envoi", min_value=1, max_value=65535, initial=465)
    smtp_securite = forms.ChoiceField(label="Chiffrement", choices=Securite.choices, widget=forms.RadioSelect)
    imap_hote = forms.CharField(
        label="Serveur de réception (IMAP)",
        max_length=200,
        required=False,
        help_text="Pour lire les accusés de remise. Sans lui, Maillon ne sait que ce qui est parti.",
    )
    imap_port = forms.IntegerField(label="Port de réception", min_value=1, max_value=65535, initial=993)


class MssanteForm(forms.Form):
    adresse = forms.CharField(
        label="Adresse MSSanté du destinataire",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "list": "adresses-mssante"}),
        help_text="Par exemple prenom.nom@medecin.mssante.fr.",
    )
    texte = _texte("Message d’accompagnement", lignes=4, required=False)

    def clean_adresse(self) -> str:
        try:
            return check_adresse(self.cleaned_data["adresse"])
        except ValueError as refus:
            raise forms.ValidationError(str(refus)) from refus


class CourrierForm(forms.Form):
    titre = forms.CharField(label="Objet du courrier", max_length=120)
    texte = _texte("Courrier", lignes=14)
