"""What unscheduled care offers to upper rooms."""

from .donnees import DONNEES_PERSONNELLES

__all__ = ["DONNEES_PERSONNELLES"]
