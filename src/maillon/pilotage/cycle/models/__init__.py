"""The dated history of a community, its signatories, and what CPAM and ARS read of its deadlines."""

from .histoire import Cycle, Jalon, Signature
from .suivi import EcheanceSuivie, SuiviCycle

__all__ = ["Cycle", "EcheanceSuivie", "Jalon", "Signature", "SuiviCycle"]
