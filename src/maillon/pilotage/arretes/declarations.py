"""What sealed periods offer to upper rooms."""

from .selectors import EVENEMENT

EVENEMENTS = ((EVENEMENT, "Période arrêtée"),)
