"""Unscheduled care: who was there, and what another offer would have answered. Pure; hours are those of a clock.

See docs/algorithmes/simulation-soins.md.
"""

from maillon.regles.simulation_soins.presence import Trou, find_trous
from maillon.regles.simulation_soins.rejeu import (
    Arrivee,
    Bilan,
    Modification,
    Place,
    Sens,
    apply_modifications,
    replay,
)

__all__ = [
    "Arrivee",
    "Bilan",
    "Modification",
    "Place",
    "Sens",
    "Trou",
    "apply_modifications",
    "find_trous",
    "replay",
]
