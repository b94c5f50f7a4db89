"""What unscheduled care offers to upper rooms."""

from maillon.socle.declarations import SuiteOccupations

from ..services import follow_occupations
from .alertes import ALERTES
from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS
from .indicateurs import INDICATEURS
from .menu import MENU

SUITES_OCCUPATIONS = (SuiteOccupations(follow_occupations),)

__all__ = ["ALERTES", "DONNEES_PERSONNELLES", "EVENEMENTS", "INDICATEURS", "MENU", "SUITES_OCCUPATIONS"]
