"""Importing the national directory, and taking from it the professionals whom communities know."""

from .imports import Rapport, import_annuaire
from .professionnels import AbsentDeLAnnuaire, adopt_professionnel, refresh_professionnels

__all__ = ["AbsentDeLAnnuaire", "Rapport", "adopt_professionnel", "import_annuaire", "refresh_professionnels"]
