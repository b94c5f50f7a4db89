"""When a professional receives: an opening becomes moments, and each is in or out of the hours of the mission.

See docs/algorithmes/horaires.md.
"""

from maillon.regles.horaires.classement import Heures, Horaire, classify, load_heures
from maillon.regles.horaires.moments import Moment, cut_moments, find_bornes, spread
from maillon.regles.horaires.ouvertures import Ouverture, expand, list_jours
from maillon.regles.horaires.repetition import JOURS, build_regle, check_regle, describe_regle

__all__ = [
    "JOURS",
    "Heures",
    "Horaire",
    "Moment",
    "Ouverture",
    "build_regle",
    "check_regle",
    "classify",
    "cut_moments",
    "describe_regle",
    "expand",
    "find_bornes",
    "list_jours",
    "load_heures",
    "spread",
]
