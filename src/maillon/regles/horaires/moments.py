"""Moments between two local hours, whatever the clocks do that day: distinct, and each of its exact length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillon.regles.erreurs import SaisieInvalide

PAS = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """[debut, fin[, in UTC."""

    debut: datetime
    fin: datetime

    @property
    def duree(self) -> timedelta:
        return self.fin - self.debut

    def overlaps(self, autre: Moment) -> bool:
        return self.debut < autre.fin and autre.debut < self.fin


def find_bornes(jour: date, de: time, a: time, fuseau: str) -> Moment:
    """From one local hour to another of the same day.

    An hour that happens twice is the first one for a start and the second for an end; an hour that does not exist is
    moved on by what the clocks jump.
    """
    zone = ZoneInfo(fuseau)
    bornes = Moment(_instant(jour, de, zone, fold=0), _instant(jour, a, zone, fold=1))
    if bornes.fin <= bornes.debut:
        raise SaisieInvalide("L’heure de fin vient après l’heure de début.")
    return bornes


def _instant(jour: date, heure: time, zone: ZoneInfo, *, fold: int) -> datetime:
    local = datetime.combine(jour, heure, zone).replace(fold=fold)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):  # the clocks skip this hour
        instant = local.replace(fold=0).astimezone(UTC)
    return instant


def cut_moments(bornes: Moment, duree: int) -> list[Moment]:
    """As many moments of `duree` minutes as fit, one after the other; what is left at the end is dropped."""
    pas = timedelta(minutes=duree)
    if pas <= timedelta(0):
        raise SaisieInvalide("La durée d’un créneau est d’au moins une minute.")
    nombre = bornes.duree // pas
    return [Moment(bornes.debut + rang * pas, bornes.debut + (rang + 1) * pas) for rang in range(nombre)]


def spread(bornes: Moment, places: int, duree: int, pris: Sequence[Moment] = ()) -> list[Moment]:
    """`places` moments of `duree` minutes, as evenly as what is taken leaves room for; fewer when it does not.

    Each starts on a step of five minutes from the start, at its even place or as soon after as is free; those that
    find nothing after look before.
    """
    if places < 1 or duree < 1:
        raise SaisieInvalide("Donnez au moins une place, d’au moins une minute.")
    pas = timedelta(minutes=duree)
    departs = [bornes.debut + rang * PAS for rang in range((bornes.duree - pas) // PAS + 1)]
    libres = [Moment(depart, depart + pas) for depart in departs]
    retenus: list[Moment] = []
    for rang in range(places):
        ideal = bornes.debut + (bornes.duree * rang) // places
        possibles = [m for m in libres if not any(m.overlaps(autre) for autre in (*pris, *retenus))]
        if not possibles:
            break
        retenus.append(next((m for m in possibles if m.debut >= ideal), possibles[-1]))
    return sorted(retenus)
