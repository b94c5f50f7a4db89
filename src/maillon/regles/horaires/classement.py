"""Whether a moment is at the hours of the mission, or belongs to the permanence des soins ambulatoires (PDSA)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from maillon.regles.horaires.moments import Moment
from maillon.regles.parametres import Parametre, Reference, Statut, load_parametres


class Horaire(StrEnum):
    MISSION = "mission"
    PDSA = "pdsa"


@dataclass(frozen=True, slots=True)
class Heures:
    """The hours of the mission in minutes of the day, with what says so."""

    semaine: tuple[int, int]
    samedi: tuple[int, int]
    reference: Reference
    statut: Statut


@cache
def _load() -> Parametre:
    return load_parametres(files(__package__) / "baremes")["heures"]


def load_heures(*, on: date) -> Heures:
    """The hours in force that day."""
    version = _load().at(on)
    minutes = {nom: int(version.get(nom).nombre * 60) for nom in version.branches()}
    return Heures(
        semaine=(minutes["semaine_de"], minutes["semaine_a"]),
        samedi=(minutes["samedi_de"], minutes["samedi_a"]),
        reference=version.reference,
        statut=Statut.weakest(version.statuts.values()),
    )


def classify(moment: Moment, feries: Collection[date], fuseau: str) -> Horaire:
    """MISSION when the whole moment is inside its hours; what crosses a limit belongs to the PDSA."""
    zone = ZoneInfo(fuseau)
    debut, fin = moment.debut.astimezone(zone), moment.fin.astimezone(zone)
    jour = debut.date()
    if jour in feries or jour.isoweekday() == 7 or fin.date() != jour:
        return Horaire.PDSA
    heures = load_heures(on=jour)
    de, a = heures.samedi if jour.isoweekday() == 6 else heures.semaine
    inside = de <= debut.hour * 60 + debut.minute and fin.hour * 60 + fin.minute <= a
    return Horaire.MISSION if inside else Horaire.PDSA
