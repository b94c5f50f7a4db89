"""Lists taken over, and people merged."""

from .fusions import Distinction, Fusion
from .reprises import Correspondance, LigneReprise, Reprise

__all__ = ["Correspondance", "Distinction", "Fusion", "LigneReprise", "Reprise"]
