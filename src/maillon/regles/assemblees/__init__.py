"""How a body meets: date chosen, notice, quorum, majority. The statutes decide; the usual values wait for them."""

from maillon.regles.assemblees.calcul import (
    Bilan,
    Majorite,
    Quorum,
    Usages,
    compute_quorum,
    find_limite,
    get_usages,
    is_adoptee,
    is_hors_delai,
    rank_creneaux,
)

__all__ = [
    "Bilan",
    "Majorite",
    "Quorum",
    "Usages",
    "compute_quorum",
    "find_limite",
    "get_usages",
    "is_adoptee",
    "is_hors_delai",
    "rank_creneaux",
]
