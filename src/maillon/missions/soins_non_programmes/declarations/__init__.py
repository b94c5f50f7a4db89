"""What unscheduled care offers to upper rooms."""

from maillon.socle.declarations import SuiteOccupations

from ..services import follow_occupations

# chiffres_snp
from .blancs import ALERTES_BLANCS
from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS
from .indicateurs import INDICATEURS
from .menu import MENU

# rendezvous
from .rendez_vous import ALERTES as ALERTES_DEMANDES
from .rendez_vous import EFFACEMENTS, OPPOSITIONS, SOLLICITATIONS, SUITES_RENDEZ_VOUS

ALERTES = (*ALERTES_DEMANDES, *ALERTES_BLANCS)
SUITES_OCCUPATIONS = (SuiteOccupations(follow_occupations),)

__all__ = [
    "ALERTES",
    "DONNEES_PERSONNELLES",
    "EFFACEMENTS",
    "EVENEMENTS",
    "INDICATEURS",
    "MENU",
    "OPPOSITIONS",
    "SOLLICITATIONS",
    "SUITES_OCCUPATIONS",
    "SUITES_RENDEZ_VOUS",
]
