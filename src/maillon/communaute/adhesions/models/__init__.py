"""Memberships, applications, dues, offices."""

from .adhesions import Adhesion, AdhesionQuerySet, CollegeStatutaire, Rattachement
from .candidatures import Candidature
from .cotisations import Campagne, Cotisation, Reglement, Relance, Tarif
from .mandats import MandatStatutaire

__all__ = [
    "Adhesion",
    "AdhesionQuerySet",
    "Campagne",
    "Candidature",
    "CollegeStatutaire",
    "Cotisation",
    "MandatStatutaire",
    "Rattachement",
    "Reglement",
    "Relance",
    "Tarif",
]
