"""The money of a community: what is planned, committed, paid, and what the bank said."""

from .cadre import CompteComptable, ImportOperations, LigneBudget, Reaffectation, Reglages, SoldeBanque
from .operations import Operation, OperationQuerySet, Serie

__all__ = [
    "CompteComptable",
    "ImportOperations",
    "LigneBudget",
    "Operation",
    "OperationQuerySet",
    "Reaffectation",
    "Reglages",
    "Serie",
    "SoldeBanque",
]
