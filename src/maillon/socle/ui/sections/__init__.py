"""Pages of figures: sections, each a finding with its drawing and its table, and the files that hold what they show."""

from maillon.socle.ui.listes.exports import TYPES

from .exports import export_sections
from .tableaux import Contenu, Section, Tableau, Valeur, show

__all__ = ["TYPES", "Contenu", "Section", "Tableau", "Valeur", "export_sections", "show"]
