"""Matching of patients and doctors: ranked proposals for one, optimal assignment for all, each explained.

See docs/algorithmes/appariement.md.
"""

from maillon.regles.appariement.classement import rank
from maillon.regles.appariement.repartition import assign
from maillon.regles.appariement.trajets import Reglages, estimate_trajet, load_reglages
from maillon.regles.appariement.types import (
    Affectation,
    Attente,
    Besoin,
    Bilan,
    Candidat,
    Certificat,
    Classement,
    Densite,
    Exclusion,
    Lieu,
    Medecin,
    Motif,
    Obstacle,
    Patient,
    Repartition,
    Trajet,
)

__all__ = [
    "Affectation",
    "Attente",
    "Besoin",
    "Bilan",
    "Candidat",
    "Certificat",
    "Classement",
    "Densite",
    "Exclusion",
    "Lieu",
    "Medecin",
    "Motif",
    "Obstacle",
    "Patient",
    "Reglages",
    "Repartition",
    "Trajet",
    "assign",
    "estimate_trajet",
    "load_reglages",
    "rank",
]
