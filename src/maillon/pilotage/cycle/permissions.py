"""The doors are those of the contract: who reads its euros reads its dates."""

from maillon.pilotage.contrats.permissions import LIRE, LIRE_TERRITOIRE, MODIFIER

__all__ = ["LIRE", "LIRE_TERRITOIRE", "MODIFIER"]
