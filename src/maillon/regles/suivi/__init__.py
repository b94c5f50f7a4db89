"""The life of a request around its placement: when to call again, and what follows a patient's yes.

See docs/algorithmes/suivi.md.
"""

from maillon.regles.suivi.appels import (
    Appel,
    BilanAppels,
    Issue,
    assess_appels,
    compute_rappel,
)
from maillon.regles.suivi.suites import (
    DelaisSuites,
    Etape,
    FaitsSuite,
    compute_etape,
    compute_revue,
    load_delais,
)

__all__ = [
    "Appel",
    "BilanAppels",
    "DelaisSuites",
    "Etape",
    "FaitsSuite",
    "Issue",
    "assess_appels",
    "compute_etape",
    "compute_rappel",
    "compute_revue",
    "load_delais",
]
