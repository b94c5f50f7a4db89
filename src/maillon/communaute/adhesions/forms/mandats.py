"""Offices and colleges."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms

from maillon.communaute.personnes.forms import ChampJour
from maillon.communaute.personnes.selectors import list_choix

from ..enums import Fonction


class MandatForm(forms.Form):
    """An office given to somebody."""

    personne = forms.ChoiceField(label="Personne")
    fonction = forms.ChoiceField(label="Fonction", choices=Fonction.choices)
    debut = ChampJour(label="Depuis le")
    fin = ChampJour(
        label="Jusqu’au", initial=None, required=False, help_text="Dernier jour du mandat, d’après vos statuts."
    )
    ouvre_acces = forms.BooleanField(
        label="Ouvrir les droits de cette fonction dans Maillon",
        required=False,
        initial=True,
        help_text="Si la personne a un compte : elle lit et décide ce que lit et décide le bureau, aux mêmes dates.",
    )

    def __init__(self, *args: Any, cpts_id: UUID, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["personne"].choices = [("", "Choisissez"), *list_choix(cpts_id)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        debut, fin = donnees.get("debut"), donnees.get("fin")
        if debut and fin and fin < debut:
            self.add_error("fin", "Le mandat finirait avant de commencer.")
        return donnees

    def read_fin(self) -> date | None:
        """The first day without the mandate."""
        fin: date | None = self.cleaned_data["fin"]
        return fin + timedelta(days=1) if fin else None


class FinForm(forms.Form):
    le = ChampJour(label="Premier jour sans ce mandat")


class NomCollegeForm(forms.Form):
    nom = forms.CharField(label="Nom du collège", max_length=80)
