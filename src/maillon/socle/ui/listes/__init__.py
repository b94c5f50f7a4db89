"""One list for every page: declared columns and filters, typed search, sort, pages, and exports of what is shown."""

from .modele import Colonne, Filtre, Liste
from .vue import afficher_liste

__all__ = ["Colonne", "Filtre", "Liste", "afficher_liste"]
