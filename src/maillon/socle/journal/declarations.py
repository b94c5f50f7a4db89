"""What the journal offers to upper rooms."""

from maillon.socle.declarations import EntreeMenu

from .permissions import LIRE

MENU = (EntreeMenu("Journal", "journal", "history", "Communauté", permission=LIRE, ordre=90),)
EVENEMENTS = (("journal.exporte", "Export du journal"),)
