"""What unscheduled care offers to upper rooms."""

from maillon.socle.declarations import SuiteOccupations

from ..services import follow_occupations
from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS
from .menu import MENU

# rendezvous
from .rendez_vous import ALERTES, EFFACEMENTS, OPPOSITIONS, SOLLICITATIONS, SUITES_RENDEZ_VOUS

SUITES_OCCUPATIONS = (SuiteOccupations(follow_occupations),)

__all__ = [
    "ALERTES",
    "DONNEES_PERSONNELLES",
    "EFFACEMENTS",
    "EVENEMENTS",
    "MENU",
    "OPPOSITIONS",
    "SOLLICITATIONS",
    "SUITES_OCCUPATIONS",
    "SUITES_RENDEZ_VOUS",
]
