"""Reading a table of figures sent as CSV or XLSX. Pure."""

from maillon.socle.fichiers.tableaux import Cellule, Ligne, Limites, Tableau, TableauIllisible, write_cell
from maillon.socle.fichiers.tableaux import read_tableau as read_any

__all__ = ["Cellule", "ImportRefuse", "Ligne", "Tableau", "read_tableau", "write_cell"]

LIMITES = Limites(
    lignes=50_000,
    cellules=600_000,
    trop_de_lignes="Ce fichier a plus de 50 000 lignes : ce n’est pas un tableau d’indicateurs. "
    "Gardez les lignes de votre territoire.",
    trop_de_cellules="Ce tableau a trop de cellules. Gardez les colonnes et les lignes de votre territoire.",
    trop_de_colonnes="Ce tableau a plus de 60 colonnes. Gardez celles des indicateurs.",
)


class ImportRefuse(ValueError):
    """Why a file is not imported, in one French sentence that says what to do."""


def read_tableau(contenu: bytes, *, feuille: str = "") -> Tableau:
    """The table of a CSV or XLSX content. Raises ImportRefuse for anything else, or for one that is too large."""
    try:
        return read_any(contenu, feuille=feuille, limites=LIMITES)
    except TableauIllisible as refus:
        raise ImportRefuse(str(refus)) from None
