"""Professionals whom communities know, and the national directory from which they are taken."""

from .fiches import Correction, FicheProfessionnel, PassageAnnuaire, key_of
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
    "Correction",
    "Diplome",
    "FicheProfessionnel",
    "ImportAnnuaire",
    "Inscription",
    "Libelle",
    "LigneNationale",
    "Mot",
    "Mouvement",
    "PassageAnnuaire",
    "Professionnel",
    "ProfessionnelQuerySet",
    "SavoirFaire",
    "key_of",
]
