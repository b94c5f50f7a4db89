"""A month as weeks of days, for whoever taps their days. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .enums import Choix
from .models import Poste


@dataclass(frozen=True, slots=True)
class JourSaisi:
    """A day to tap; without a shift it is only drawn. `pris`: the person's other calendar says busy."""

    jour: date
    garde: bool
    ferie: str
    choix: str
    pris: bool


@dataclass(frozen=True, slots=True)
class MoisSaisi:
    premier: date
    semaines: tuple[tuple[JourSaisi | None, ...], ...]


def build_mois(postes: Sequence[Poste], dits: Mapping[date, Choix], pris: Collection[date]) -> list[MoisSaisi]:
    """Every month that holds a shift, Monday first."""
    feries = {poste.jour: poste.ferie for poste in postes}
    return [_build(premier, feries, dits, pris) for premier in sorted({poste.jour.replace(day=1) for poste in postes})]


def _build(premier: date, feries: Mapping[date, str], dits: Mapping[date, Choix], pris: Collection[date]) -> MoisSaisi:
    suivant = (premier + timedelta(days=32)).replace(day=1)
    cells: list[JourSaisi | None] = [None] * (premier.isoweekday() - 1)
    for rang in range((suivant - premier).days):
        jour = premier + timedelta(days=rang)
        cells.append(JourSaisi(jour, jour in feries, feries.get(jour, ""), str(dits.get(jour, "")), jour in pris))
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7))
    return MoisSaisi(premier, tuple(week for week in weeks if any(cell and cell.garde for cell in week)))
