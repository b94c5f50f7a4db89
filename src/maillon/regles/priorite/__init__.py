"""Priority of a request for a médecin traitant: explicit points, dated, sourced, explained.

See docs/algorithmes/priorite.md.
"""

from maillon.regles.priorite.calcul import (
    CONFIDENTIELS,
    Fait,
    FaitsDemande,
    LignePriorite,
    Niveau,
    PoidsPriorite,
    Priorite,
    compute_priorite,
    force_niveau,
    load_poids,
)

__all__ = [
    "CONFIDENTIELS",
    "Fait",
    "FaitsDemande",
    "LignePriorite",
    "Niveau",
    "PoidsPriorite",
    "Priorite",
    "compute_priorite",
    "force_niveau",
    "load_poids",
]
