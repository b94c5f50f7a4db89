"""An opening, once or again by a rule, becomes the moments of its days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.horaires.moments import Moment, cut_moments, find_bornes
from maillon.regles.horaires.repetition import list_dates


@dataclass(frozen=True, slots=True)
class Ouverture:
    """Local hours from a first day on; ``jusque`` is the last day, ``sauf`` days taken out."""

    jour: date
    de: time
    a: time
    duree: int
    regle: str = ""
    jusque: date | None = None
    sauf: frozenset[date] = frozenset()
    ouvert_feries: bool = False


def list_jours(ouverture: Ouverture, debut: date, fin: date, feries: Collection[date]) -> list[date]:
    """Its days over [debut, fin[."""
    dernier = ouverture.jusque or date.max
    return [
        jour
        for jour in list_dates(ouverture.regle, ouverture.jour, debut, fin)
        if jour <= dernier and jour not in ouverture.sauf and (ouverture.ouvert_feries or jour not in feries)
    ]


def expand(ouverture: Ouverture, debut: date, fin: date, feries: Collection[date], fuseau: str) -> list[Moment]:
    """Its moments over [debut, fin[, in time: distinct and of their exact length even when the clocks change."""
    return [
        moment for jour in list_jours(ouverture, debut, fin, feries) for moment in _cut_jour(ouverture, jour, fuseau)
    ]


def _cut_jour(ouverture: Ouverture, jour: date, fuseau: str) -> list[Moment]:
    """The moments of one day; none when the clocks skip all of its hours. SaisieInvalide for hours in disorder."""
    try:
        bornes = find_bornes(jour, ouverture.de, ouverture.a, fuseau)
    except SaisieInvalide:
        if ouverture.de < ouverture.a:
            return []
        raise
    return cut_moments(bornes, ouverture.duree)
