"""Ready-made rosters: what most communities begin with, to be corrected. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from maillon.communaute.annuaire.enums import Profession

from .enums import Feries


@dataclass(frozen=True, slots=True)
class Modele:
    """A pattern under its code: the form is filled with its `champs`."""

    code: str
    titre: str
    dit: str
    champs: Mapping[str, Any]


MODELES = (
    Modele(
        "apres-midi",
        "Tous les après-midi",
        "Du lundi au samedi, 14 h – 20 h : un médecin généraliste, un infirmier et un masseur-kinésithérapeute. Pas de "
        "garde les jours fériés.",
        {
            "professions": [Profession.MEDECIN, Profession.INFIRMIER, Profession.MASSEUR_KINESITHERAPEUTE],
            "jours": ["1", "2", "3", "4", "5", "6"],
            "de": time(14),
            "a": time(20),
            "feries": Feries.SANS,
        },
    ),
    Modele(
        "soirees",
        "Soirées et samedi",
        "Du lundi au vendredi, 18 h – 20 h, et le samedi, 8 h – 14 h : un médecin généraliste. Pas de garde les jours "
        "fériés.",
        {
            "professions": [Profession.MEDECIN],
            "jours": ["1", "2", "3", "4", "5"],
            "de": time(18),
            "a": time(20),
            "autres_jours": ["6"],
            "autres_de": time(8),
            "autres_a": time(14),
            "feries": Feries.SANS,
        },
    ),
)


def find_modele(code: str) -> Modele | None:
    return next((modele for modele in MODELES if modele.code == code), None)


def find_periode(dernier: date | None, on: date) -> tuple[date, date]:
    """The month after the last roster, else the next one: what follows what is on paper already."""
    debut = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    if dernier is not None and dernier >= debut:
        debut = dernier + timedelta(days=1)
    return debut, (debut.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
