"""What an indicator may be worth at the anniversary: a range, its method in words, and the tiers that it reaches.

Counts, stocks going down, rates; a deliverable is done or not and is never projected.
See docs/algorithmes/projection.md.
"""

from maillon.regles.projection.comptes import RECUL_MINIMUM, project_compte
from maillon.regles.projection.ecarts import Manque, explain_ecart, find_manque
from maillon.regles.projection.issues import Issue, Issues, PalierProjete, Vraisemblance, read_issues
from maillon.regles.projection.stocks import project_stock
from maillon.regles.projection.taux import VALEURS_MINIMUM, project_taux
from maillon.regles.projection.types import (
    LIVRABLE,
    MESURE,
    NIVEAU,
    Projection,
    SansProjection,
    ValeurDatee,
)

__all__ = [
    "LIVRABLE",
    "MESURE",
    "NIVEAU",
    "RECUL_MINIMUM",
    "VALEURS_MINIMUM",
    "Issue",
    "Issues",
    "Manque",
    "PalierProjete",
    "Projection",
    "SansProjection",
    "ValeurDatee",
    "Vraisemblance",
    "explain_ecart",
    "find_manque",
    "project_compte",
    "project_stock",
    "project_taux",
    "read_issues",
]
