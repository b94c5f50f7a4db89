"""What the pages of the budget read."""

from .budget import Budget, build_budget, compute_budget
from .cadre import get_compte_plan, get_reglages, get_solde, list_contrat_annees
from .operations import (
    get_import,
    get_ligne,
    get_operation,
    get_serie,
    list_actions,
    list_elements_action,
    list_operations,
    list_paiements,
    may_open_fichier,
)
from .tresorerie import CaisseAnnoncee, compute_caisse

__all__ = [
    "Budget",
    "CaisseAnnoncee",
    "build_budget",
    "compute_budget",
    "compute_caisse",
    "get_compte_plan",
    "get_import",
    "get_ligne",
    "get_operation",
    "get_reglages",
    "get_serie",
    "get_solde",
    "list_actions",
    "list_contrat_annees",
    "list_elements_action",
    "list_operations",
    "list_paiements",
    "may_open_fichier",
]
