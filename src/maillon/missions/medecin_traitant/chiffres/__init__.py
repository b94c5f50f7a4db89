"""The page « Le guichet en chiffres »: its sections, and the files that hold exactly what it shows."""

from maillon.socle.ui.listes.exports import TYPES

from .exports import export_sections
from .sections import Page, build_page
from .tableaux import Section, Tableau

__all__ = ["TYPES", "Page", "Section", "Tableau", "build_page", "export_sections"]
