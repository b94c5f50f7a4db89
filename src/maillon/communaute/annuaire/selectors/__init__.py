"""Finding professionals: those whom communities know, and everybody in the national directory."""

from .national import (
    Lieu,
    PersonneTrouvee,
    Recherche,
    fetch_faits,
    get_diplomes,
    get_inscriptions,
    get_libelles,
    get_mouvements,
    list_imports,
    search_inscriptions,
)
from .professionnels import get_professionnel_of, search_professionnels

__all__ = [
    "Lieu",
    "PersonneTrouvee",
    "Recherche",
    "fetch_faits",
    "get_diplomes",
    "get_inscriptions",
    "get_libelles",
    "get_mouvements",
    "get_professionnel_of",
    "list_imports",
    "search_inscriptions",
    "search_professionnels",
]
