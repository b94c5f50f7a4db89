"""What unscheduled care offers to upper rooms."""

from .donnees import DONNEES_PERSONNELLES
from .evenements import EVENEMENTS

__all__ = ["DONNEES_PERSONNELLES", "EVENEMENTS"]
