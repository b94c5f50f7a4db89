"""Spent, committed, remaining, projected, and the cash to come: pure computations."""

from .enveloppes import ZERO, BaseEnveloppe, Depenses, Deplacement, Enveloppe, Mouvement, compute_enveloppes
from .tresorerie import (
    DELAI_RETARD,
    Encaissement,
    Point,
    Prevu,
    Recu,
    Tresorerie,
    compute_tresorerie,
    list_mois,
    match_versements,
)

__all__ = [
    "DELAI_RETARD",
    "ZERO",
    "BaseEnveloppe",
    "Depenses",
    "Deplacement",
    "Encaissement",
    "Enveloppe",
    "Mouvement",
    "Point",
    "Prevu",
    "Recu",
    "Tresorerie",
    "compute_enveloppes",
    "compute_tresorerie",
    "list_mois",
    "match_versements",
]
