"""What the desk offers to upper rooms: menu, home sentences, indicators, personal data."""

from .appels import ALERTES, ELEMENTS_PARTENAIRE, SOLLICITATIONS
from .donnees import DONNEES_PERSONNELLES, EFFACEMENTS, OPPOSITIONS
from .evenements import EVENEMENTS
from .indicateurs import EXPLICATIONS_STOCK, INDICATEURS
from .menu import MENU, RUBRIQUE

__all__ = [
    "ALERTES",
    "DONNEES_PERSONNELLES",
    "EFFACEMENTS",
    "ELEMENTS_PARTENAIRE",
    "EVENEMENTS",
    "EXPLICATIONS_STOCK",
    "INDICATEURS",
    "MENU",
    "OPPOSITIONS",
    "RUBRIQUE",
    "SOLLICITATIONS",
]
