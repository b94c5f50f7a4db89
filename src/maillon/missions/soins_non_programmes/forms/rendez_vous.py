"""Who comes, and what becomes of an appointment."""

from collections.abc import Sequence
from typing import Any

from django import forms

from maillon.communaute.patients.identites import SaisieIdentite
from maillon.communaute.territoire.models import Commune

from ..enums import Modalite, MotifAnnulation, Quand, Tri
from .champs import CommuneField, NaissanceField, TelephoneField


class RechercheForm(forms.Form):
    """What is sought; each choice asks again."""

    profession = forms.ChoiceField(label="Qui")
    commune = forms.ChoiceField(label="Près de", required=False)
    quand = forms.ChoiceField(label="Quand", choices=Quand.choices, required=False)
    modalite = forms.ChoiceField(label="Où", choices=[("", "Partout"), *Modalite.choices], required=False)
    tri = forms.ChoiceField(label="D’abord", choices=Tri.choices, required=False)

    def __init__(
        self, *args: Any, professions: Sequence[tuple[str, str]], communes: Sequence[Commune], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        champs: Any = self.fields
        champs["profession"].choices = professions
        champs["commune"].choices = [("", "Tout le territoire"), *((c.pk, c.nom) for c in communes)]


class IdentiteForm(forms.Form):
    """The least that an appointment asks: a name, a birth date, a telephone number."""

    telephone = TelephoneField(attrs={"autofocus": True})
    nom = forms.CharField(label="Nom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    prenom = forms.CharField(label="Prénom", max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    naissance = NaissanceField()
    commune = CommuneField(help_text="Le début du nom ou le code postal.")
    courriel = forms.EmailField(
        label="Adresse électronique",
        required=False,
        help_text="Utile sans téléphone portable, pour la confirmation et le rappel.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Exemple : nom@exemple.fr."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, communes: Sequence[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ: Any = self.fields["commune"]
        champ.communes = communes

    @property
    def identite(self) -> SaisieIdentite:
        """The identity of cleaned data."""
        donnees = self.cleaned_data
        return SaisieIdentite(
            nom=donnees["nom"],
            prenom=donnees["prenom"],
            naissance=donnees["naissance"],
            telephone=donnees["telephone"],
            courriel=donnees["courriel"],
        )


class AnnulerForm(forms.Form):
    motif = forms.ChoiceField(
        label="Pourquoi",
        choices=[
            ("", "Choisir"),
            *((m.value, m.label) for m in MotifAnnulation if m is not MotifAnnulation.DEPLACE),
        ],
        error_messages={"required": "Choisissez une raison."},
    )


class EnPlusForm(IdentiteForm):
    """A person more on a slot that is taken: only because the professional agreed."""

    motif = forms.CharField(
        label="Pourquoi, avec l’accord de qui",
        max_length=200,
        help_text="Sans rien dire de la santé. Exemple : accord du Dr Durand par téléphone à 15 h.",
    )
