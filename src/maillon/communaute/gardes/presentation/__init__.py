"""How plans and duties are said."""

from .equite import build_equite, draw_equite, say_avance, say_horizons, say_solde
from .etats import build_avancement, say_bilan, say_charges, say_preuve, show_etat, show_variante
from .obstacles import build_contradiction, list_manques, list_regles_enfreintes
from .plans import Mouvement, list_mouvements, list_refus

__all__ = [
    "Mouvement",
    "build_avancement",
    "build_contradiction",
    "build_equite",
    "draw_equite",
    "list_manques",
    "list_mouvements",
    "list_refus",
    "list_regles_enfreintes",
    "say_avance",
    "say_bilan",
    "say_charges",
    "say_horizons",
    "say_preuve",
    "say_solde",
    "show_etat",
    "show_variante",
]
