"""Forms of the desk, of professionals and partners."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.territoire.models import Commune
from maillon.socle.droits.models import Membre

from ..enums import Cloture, Langue
from ..models import Demande
from .champs import (
    BESOINS_MOI,
    BESOINS_PROCHE,
    AnneeField,
    CommuneField,
    Formulaire,
    MedecinField,
    TelephoneField,
    commune_choices,
)


class FaitsForm(Formulaire):
    """Facts as the desk hears them."""

    besoins = forms.MultipleChoiceField(
        label="Situation",
        choices=BESOINS_PROCHE,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Par oui ou par non, sans diagnostic. Plus de 70 ans se déduit de l’année de naissance.",
    )
    langue = forms.ChoiceField(label="Langue parlée", choices=Langue.choices, initial=Langue.FRANCAIS)

    @classmethod
    def of_demande(cls, demande: Demande) -> "FaitsForm":
        besoins = [nom for nom, _ in BESOINS_PROCHE if getattr(demande, nom)]
        return cls(initial={"besoins": besoins, "langue": demande.langue})


class NouvelleForm(FaitsForm):
    """A whole request on one page, the telephone number first: it tells whether the person is known."""

    telephone = TelephoneField(
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off", "autofocus": True})
    )
    nom = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    annee_naissance = AnneeField(
        widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"})
    )
    commune = CommuneField(help_text="Le début du nom ou le code postal.")
    courriel = forms.EmailField(
        label="Adresse électronique", required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    medecin_souhaite = MedecinField()
    accord = forms.BooleanField(
        label="La personne est informée de l’usage de ses données et d’accord.",
        help_text="Lisez-lui la notice : elle peut retirer sa demande à tout moment.",
        error_messages={"required": "Sans son accord, la demande ne peut pas être enregistrée."},
    )

    field_order = (
        "telephone",
        "nom",
        "prenom",
        "annee_naissance",
        "commune",
        "besoins",
        "langue",
        "medecin_souhaite",
        "courriel",
        "accord",
    )

    def __init__(
        self, *args: Any, communes: Sequence[Commune], medecins: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["commune"]
        champ.communes = communes
        souhait: Any = self.fields["medecin_souhaite"]
        souhait.propose(medecins)


class GuichetForm(NouvelleForm):
    """The same at the desk, which also types the forms filled on paper."""

    papier = forms.BooleanField(
        label="Je recopie un formulaire papier signé",
        required=False,
        help_text="La demande attend alors un appel pour être qualifiée.",
    )


class ProposerForm(forms.Form):
    medecins = forms.MultipleChoiceField(
        label="Médecins", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Choisissez un médecin."}
    )

    par_vague = forms.TypedChoiceField(
        label="À qui d’abord",
        choices=[("", "À tous à la fois"), ("1", "Un par un, dans l’ordre de la liste"), ("2", "Deux par deux")],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="Les suivants sont sollicités quand les premiers ont refusé ou n’ont pas répondu.",
    )
    jours = forms.TypedChoiceField(
        label="Délai de réponse",
        choices=[("1", "1 jour"), ("2", "2 jours"), ("3", "3 jours"), ("5", "5 jours"), ("7", "7 jours")],
        coerce=int,
        empty_value=None,
        initial="5",
        required=False,
    )

    def __init__(self, *args: Any, choix: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["medecins"]
        champ.choices = choix


class PrevoirForm(forms.Form):
    responsable = forms.ChoiceField(label="Suivie par")
    prochaine_date = forms.DateField(
        label="Prochaine étape le", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, membres: Sequence[Membre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["responsable"]
        champ.choices = [(str(membre.pk), str(membre)) for membre in membres]


# Recorded with the patient's rights or by the call round, never chosen here.
CLOTURES_A_PART = (Cloture.OPPOSITION, Cloture.SANS_ACCORD)


class CloreForm(forms.Form):
    motif = forms.ChoiceField(
        label="Motif",
        choices=[
            ("", "Choisir"),
            *(
                (motif.value, motif.label)
                for motif in Cloture
                if motif not in (Cloture.OPPOSITION, Cloture.SANS_ACCORD)
            ),
        ],
    )


class ContactForm(Formulaire):
    """How to be called, and where one lives: what is left blank stays as it was."""

    telephone = TelephoneField(label="Nouveau numéro de téléphone", required=False)
    courriel = forms.EmailField(
        label="Nouvelle adresse électronique",
        required=False,
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    commune = forms.ChoiceField(label="Nouvelle commune", required=False)

    def __init__(self, *args: Any, communes: Sequence[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["commune"]
        champ.choices = [("", "La même"), *commune_choices(communes)]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not self.errors and not any(donnees.values()):
            raise forms.ValidationError("Écrivez ce qui a changé.")
        return donnees


class SituationForm(FaitsForm):
    """The person's own needs, corrected by the person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["besoins"]
        champ.label, champ.choices = "Cochez ce qui vous concerne aujourd’hui", BESOINS_MOI
        champ.help_text = "Ne donnez aucun détail sur la santé."


class CodeSuiviForm(forms.Form):
    code = forms.CharField(
        label="Code de suivi",
        max_length=20,
        help_text="Dix lettres et chiffres, par exemple AB3CD-EF4GH.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
