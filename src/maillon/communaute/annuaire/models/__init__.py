"""Professionals whom communities know, and the national directory from which they are taken."""

from .national import (
    Diplome,
    ImportAnnuaire,
    Inscription,
    Libelle,
    LigneNationale,
    Mot,
    Mouvement,
    SavoirFaire,
)
from .professionnels import Activite, Professionnel, ProfessionnelQuerySet

__all__ = [
    "Activite",
    "Diplome",
    "ImportAnnuaire",
    "Inscription",
    "Libelle",
    "LigneNationale",
    "Mot",
    "Mouvement",
    "Professionnel",
    "ProfessionnelQuerySet",
    "SavoirFaire",
]
