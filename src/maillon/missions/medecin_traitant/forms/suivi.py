"""Forms of the life of a request, and of the points of priority."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillon.communaute.annuaire.models import Professionnel
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut
from maillon.regles.priorite import Fait, PoidsPriorite
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today

from ..enums import IssueAppel, MotifPriorite, Personne, Quoi, RoleEquipe
from ..models.suivi import NIVEAUX
from ..selectors import last_day_of_decision
from .champs import Formulaire


class JourField(forms.DateField):
    """A day, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class AppelForm(forms.Form):
    """How a call ended: one touch, and a day when the person asks to be called back."""

    issue = forms.ChoiceField(choices=IssueAppel.choices)
    vers = forms.ChoiceField(choices=Personne.choices, required=False)
    rappeler_le = JourField(label="Rappeler le", required=False)


class TacheForm(Formulaire):
    quoi = forms.ChoiceField(label="Quoi", choices=[c for c in Quoi.choices if c[0] != Quoi.REVOIR_EQUIPE])
    precision = forms.CharField(
        label="Précision",
        max_length=200,
        required=False,
        help_text="Sans diagnostic. Chiffrée, lue par le guichet seulement, effacée avec l’identité.",
    )
    responsable = forms.ChoiceField(label="Par")
    echeance = JourField(label="Pour le")

    def __init__(self, *args: Any, membres: Sequence[Membre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["responsable"]
        champ.choices = [(str(membre.pk), str(membre)) for membre in membres]


class PrioriteForm(Formulaire):
    """A level decided by a person, until a day, with its reason."""

    niveau = forms.ChoiceField(label="Priorité", choices=NIVEAUX)
    motif = forms.ChoiceField(label="Pourquoi", choices=MotifPriorite.choices)
    jusque = JourField(label="Jusqu’au", help_text="Six mois au plus. Après ce jour, le calcul reprend.")
    precision = forms.CharField(
        label="Précision",
        max_length=200,
        required=False,
        help_text="Sans diagnostic. Chiffrée, lue par le guichet seulement ; jamais par un médecin sollicité.",
    )

    def clean_jusque(self) -> date:
        jusque: date = self.cleaned_data["jusque"]
        if not today() <= jusque <= last_day_of_decision():
            raise forms.ValidationError("Choisissez un jour à venir, dans les six mois.")
        return jusque


CHOISI = SafeString(" selected")


class ChoixLong(forms.Select):
    """A select of hundreds of choices written at once: a template for each option costs more than its page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        groups = format_html_join(
            "", "{}", ((self._write(group, options),) for group, options, _ in widget["optgroups"])
        )
        return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), groups)

    def _write(self, group: str | None, options: list[Any]) -> SafeString:
        lines = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((o["value"], CHOISI if o["selected"] else "", o["label"]) for o in options),
        )
        return format_html('<optgroup label="{}">{}</optgroup>', group, lines) if group else lines


class EquipierForm(forms.Form):
    professionnel = forms.ChoiceField(label="Professionnel", widget=ChoixLong)
    role = forms.ChoiceField(label="Son rôle", choices=RoleEquipe.choices)
    accord = forms.BooleanField(
        label="La personne et le professionnel sont d’accord.",
        help_text="Le professionnel lit l’identité de la personne tant qu’il est dans l’équipe.",
        error_messages={"required": "Sans leur accord, le professionnel ne peut pas être ajouté."},
    )

    def __init__(self, *args: Any, professionnels: Sequence[Professionnel], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["professionnel"]
        groups: dict[str, list[tuple[str, str]]] = {}
        for professionnel in professionnels:
            groups.setdefault(professionnel.libelle_profession.capitalize(), []).append(
                (str(professionnel.pk), str(professionnel))
            )
        champ.choices = [("", "Choisir"), *groups.items()]


class RendezVousForm(forms.Form):
    premier_rdv_le = JourField(label="Premier rendez-vous le")


class NouvellesForm(forms.Form):
    """The two questions asked three months after; the second only where a declaration is expected."""

    OUI_NON = (("oui", "Oui"), ("non", "Non"))
    suivie = forms.ChoiceField(
        label="Ce médecin vous suit-il ?",
        choices=OUI_NON,
        widget=forms.RadioSelect,
        error_messages={"required": "Répondez par oui ou par non."},
    )
    declaree = forms.ChoiceField(
        label="Est-il déclaré comme votre médecin traitant ?",
        help_text="La déclaration se fait avec lui, au cabinet ou sur ameli.fr.",
        choices=(*OUI_NON, ("", "Je ne sais pas")),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, declaration: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not declaration:
            del self.fields["declaree"]

    @property
    def is_suivie(self) -> bool:
        return bool(self.cleaned_data["suivie"] == "oui")

    @property
    def is_declaree(self) -> bool | None:
        """None when the person does not know, or when no declaration is expected."""
        declaree = self.cleaned_data.get("declaree")
        return declaree == "oui" if declaree else None


LIBELLES_POIDS = {
    Fait.ALD: "Affection de longue durée (ALD)",
    Fait.PLUS_DE_70: "Plus de 70 ans",
    Fait.SORTIE_HOPITAL: "Sort de l’hôpital",
    Fait.NE_PEUT_SE_DEPLACER: "Ne peut pas se déplacer",
    Fait.GROSSESSE: "Grossesse en cours",
    Fait.C2S: "Complémentaire santé solidaire (C2S)",
    Fait.AME: "Aide médicale de l’État (AME)",
    Fait.ISOLEMENT: "Personne isolée",
}


class PoidsForm(forms.Form):
    """The points of each fact, of waiting, and where levels begin."""

    jours_par_point = forms.IntegerField(label="Jours d’attente qui valent un point", min_value=1, max_value=365)
    attente_maximum = forms.IntegerField(label="Points d’attente, au plus", min_value=0, max_value=200)
    seuil_moyenne = forms.IntegerField(label="Priorité moyenne à partir de", min_value=1, max_value=500)
    seuil_haute = forms.IntegerField(label="Priorité haute à partir de", min_value=2, max_value=500)
    depuis = JourField(label="À partir du")
    decision = forms.CharField(
        label="Décidé par", max_length=120, help_text="La réunion et sa date : « bureau du 12 novembre 2026 »."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for fait, libelle in LIBELLES_POIDS.items():
            self.fields[fait.value] = forms.IntegerField(label=libelle, min_value=0, max_value=200)

    @property
    def faits(self) -> list[Any]:
        """The fields of the facts, for the page."""
        return [self[fait.value] for fait in LIBELLES_POIDS]

    @staticmethod
    def read_initial(poids: PoidsPriorite) -> dict[str, Any]:
        """Today's weights, to be changed."""
        return {
            **{fait.value: poids.points[fait] for fait in LIBELLES_POIDS},
            "jours_par_point": poids.jours_par_point,
            "attente_maximum": poids.attente_maximum,
            "seuil_moyenne": poids.seuil_moyenne,
            "seuil_haute": poids.seuil_haute,
            "depuis": today(),
        }

    def clean_depuis(self) -> date:
        depuis: date = self.cleaned_data["depuis"]
        if depuis < today():
            raise forms.ValidationError("Aujourd’hui ou plus tard : le passé ne se recalcule pas.")
        return depuis

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if not self.errors:
            try:
                donnees["poids"] = PoidsPriorite(
                    points={fait: donnees[fait.value] for fait in LIBELLES_POIDS},
                    jours_par_point=donnees["jours_par_point"],
                    attente_maximum=donnees["attente_maximum"],
                    seuil_moyenne=donnees["seuil_moyenne"],
                    seuil_haute=donnees["seuil_haute"],
                    source=donnees["decision"],
                    depuis=donnees["depuis"],
                    statut=Statut.VERIFIE,
                )
            except SaisieInvalide as erreur:
                raise forms.ValidationError(str(erreur)) from erreur
        return donnees


class LotForm(forms.Form):
    """What is done to several requests at once: somebody, a day, or both."""

    responsable = forms.ChoiceField(label="Suivies par", required=False)
    prochaine_date = JourField(label="Prochaine étape le", required=False)

    def __init__(self, *args: Any, membres: Sequence[Membre], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["responsable"]
        champ.choices = [("", "Ne pas changer"), *((str(membre.pk), str(membre)) for membre in membres)]

    def clean_prochaine_date(self) -> date | None:
        jour: date | None = self.cleaned_data["prochaine_date"]
        if jour is not None and jour < today():
            raise forms.ValidationError("Choisissez aujourd’hui ou un jour à venir.")
        return jour

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if not self.errors and not donnees["responsable"] and not donnees["prochaine_date"]:
            raise forms.ValidationError("Choisissez une personne, un jour, ou les deux.")
        return donnees
