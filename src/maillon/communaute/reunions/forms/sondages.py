"""The slots that a poll proposes, and what a person says of each."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from maillon.socle.horloge import today

from ..enums import Choix
from ..models import Creneau
from .commun import ChampDuree, ChampHeure, ChampJour, build_plage

LIGNES = 4


class CreneauxForm(forms.Form):
    """Up to four slots at a time, of one length."""

    duree = ChampDuree(label="Durée de chaque créneau")
    repondre_avant = ChampJour(label="Réponses attendues avant le", required=False)

    def __init__(self, *args: Any, deja: bool = False, **options: Any) -> None:
        """`deja`: dates are proposed already, none is needed here."""
        super().__init__(*args, **options)
        self._deja = deja
        for rang in range(1, LIGNES + 1):
            self.fields[f"jour_{rang}"] = ChampJour(label=f"Date {rang}", required=False)
            self.fields[f"heure_{rang}"] = ChampHeure(label=f"Heure {rang}", required=False)

    @property
    def lignes(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"jour_{rang}"], self[f"heure_{rang}"]) for rang in range(1, LIGNES + 1)]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        for rang in range(1, LIGNES + 1):
            jour, heure = lu.get(f"jour_{rang}"), lu.get(f"heure_{rang}")
            if jour and not heure and f"heure_{rang}" not in self.errors:
                self.add_error(f"heure_{rang}", "Indiquez l’heure.")
            if heure and not jour and f"jour_{rang}" not in self.errors:
                self.add_error(f"jour_{rang}", "Indiquez la date.")
            if jour and jour < today():
                self.add_error(f"jour_{rang}", "Cette date est passée.")
        if not (self._deja or self.errors or any(lu.get(f"jour_{rang}") for rang in range(1, LIGNES + 1))):
            self.add_error("jour_1", "Proposez au moins une date.")
        return lu

    def clean_repondre_avant(self) -> date | None:
        jour: date | None = self.cleaned_data["repondre_avant"]
        if jour is not None and "repondre_avant" in self.changed_data and jour < today():
            raise forms.ValidationError("Cette date est passée.")
        return jour

    @property
    def creneaux(self) -> list[tuple[datetime, datetime]]:
        lu = self.cleaned_data
        return [
            build_plage(lu[f"jour_{rang}"], lu[f"heure_{rang}"], lu["duree"])
            for rang in range(1, LIGNES + 1)
            if lu[f"jour_{rang}"]
        ]


def read_choix(envoi: QueryDict, creneaux: Iterable[Creneau]) -> tuple[dict[UUID, Choix], set[UUID]]:
    """What a person says of each slot (`creneau-<id>`), and the slots of which they say nothing."""
    dits: dict[UUID, Choix] = {}
    manquent: set[UUID] = set()
    for creneau in creneaux:
        dit = envoi.get(f"creneau-{creneau.pk}")
        if dit in Choix.values:
            dits[creneau.pk] = Choix(str(dit))
        else:
            manquent.add(creneau.pk)
    return dits, manquent
