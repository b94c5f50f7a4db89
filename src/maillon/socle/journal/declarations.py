"""What the journal offers to upper rooms."""

from maillon.socle.declarations import EntreeMenu

from .permissions import LIRE

MENU = (EntreeMenu("Journal", "journal", "history", "Communauté", LIRE, 90, sous="acces_liste"),)
EVENEMENTS = (("journal.exporte", "Export du journal"),)
