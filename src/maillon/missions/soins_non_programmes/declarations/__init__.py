"""What unscheduled care offers to upper rooms."""

from maillon.socle.declarations import SuiteOccupations

from ..services import follow_occupations
from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS
from .menu import MENU

SUITES_OCCUPATIONS = (SuiteOccupations(follow_occupations),)

__all__ = ["DONNEES_PERSONNELLES", "EVENEMENTS", "MENU", "SUITES_OCCUPATIONS"]
