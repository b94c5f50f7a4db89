"""What unscheduled care offers to upper rooms."""

from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS
from .menu import MENU

# rendezvous
from .rendez_vous import ALERTES, EFFACEMENTS, OPPOSITIONS, SOLLICITATIONS, SUITES_RENDEZ_VOUS

__all__ = [
    "ALERTES",
    "DONNEES_PERSONNELLES",
    "EFFACEMENTS",
    "EVENEMENTS",
    "MENU",
    "OPPOSITIONS",
    "SOLLICITATIONS",
    "SUITES_RENDEZ_VOUS",
]
