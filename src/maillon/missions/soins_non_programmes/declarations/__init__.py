"""What unscheduled care offers to upper rooms."""

from .alertes import ALERTES
from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS
from .indicateurs import INDICATEURS
from .menu import MENU

__all__ = ["ALERTES", "DONNEES_PERSONNELLES", "EVENEMENTS", "INDICATEURS", "MENU"]
