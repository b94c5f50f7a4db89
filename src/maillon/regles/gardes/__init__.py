"""Duty rosters: who is on duty when, the best there is and proven, checked by other code, explained.

See docs/algorithmes/gardes.md.
"""

from maillon.regles.feries import compute_jours_feries, list_zones
from maillon.regles.gardes.calendrier import build_plage, classify_jour
from maillon.regles.gardes.ecriture import plan_to_json, probleme_to_json
from maillon.regles.gardes.explications import explain
from maillon.regles.gardes.fautes import Faute
from maillon.regles.gardes.lecture import read_plan, read_probleme
from maillon.regles.gardes.plan import (
    Avance,
    Bilan,
    Etape,
    Manque,
    Niveau,
    Objectif,
    Plan,
    ProblemeContradictoire,
    Raison,
    Refus,
)
from maillon.regles.gardes.solveur import price_souhait, replan, solve, withdraw
from maillon.regles.gardes.types import (
    Affectation,
    Ailleurs,
    Genre,
    Indisponibilite,
    Limites,
    Personne,
    Poste,
    Probleme,
    Sens,
    Souhait,
)
from maillon.regles.gardes.verification import Verification, check, list_obstacles

__all__ = [
    "Affectation",
    "Ailleurs",
    "Avance",
    "Bilan",
    "Etape",
    "Faute",
    "Genre",
    "Indisponibilite",
    "Limites",
    "Manque",
    "Niveau",
    "Objectif",
    "Personne",
    "Plan",
    "Poste",
    "Probleme",
    "ProblemeContradictoire",
    "Raison",
    "Refus",
    "Sens",
    "Souhait",
    "Verification",
    "build_plage",
    "check",
    "classify_jour",
    "compute_jours_feries",
    "explain",
    "list_obstacles",
    "list_zones",
    "plan_to_json",
    "price_souhait",
    "probleme_to_json",
    "read_plan",
    "read_probleme",
    "replan",
    "solve",
    "withdraw",
]
