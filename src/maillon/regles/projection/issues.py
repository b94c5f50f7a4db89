"""Which tier each end of a projection reaches, its euros, and how likely in modest words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from maillon.regles.aci import Indicateur, Palier, Sens
from maillon.regles.projection.types import Projection


class Vraisemblance(StrEnum):
    """Three words, no percentage: a range of this kind does not deserve one for each tier."""

    VRAISEMBLABLE = "vraisemblable"
    INCERTAIN = "incertain"
    PEU_VRAISEMBLABLE = "peu vraisemblable"


@dataclass(frozen=True, slots=True)
class Issue:
    """One case: the value, the tier that it reaches if any, and the euros of that tier."""

    valeur: Decimal
    palier: Palier | None
    euros: Decimal


@dataclass(frozen=True, slots=True)
class PalierProjete:
    palier: Palier
    vraisemblance: Vraisemblance


@dataclass(frozen=True, slots=True)
class Issues:
    """The three cases, and the word of each tier from the easiest to the hardest. Never euros constatés."""

    defavorable: Issue
    centrale: Issue
    favorable: Issue
    paliers: tuple[PalierProjete, ...]


def read_issues(projection: Projection, indicateur: Indicateur) -> Issues:
    """Tiers reached by the three values of ``projection``. A tier is « vraisemblable » when the unfavourable case
    already reaches it, « peu vraisemblable » when even the favourable one does not, else « incertain »."""
    pire, meilleur = projection.bas, projection.haut
    if indicateur.direction is Sens.BAISSE:
        pire, meilleur = meilleur, pire
    paliers = []
    for palier in indicateur.paliers_by_difficulty():
        if indicateur.reaches(pire, palier):
            mot = Vraisemblance.VRAISEMBLABLE
        elif indicateur.reaches(meilleur, palier):
            mot = Vraisemblance.INCERTAIN
        else:
            mot = Vraisemblance.PEU_VRAISEMBLABLE
        paliers.append(PalierProjete(palier, mot))
    return Issues(
        _issue(pire, indicateur), _issue(projection.central, indicateur), _issue(meilleur, indicateur), tuple(paliers)
    )


def _issue(valeur: Decimal, indicateur: Indicateur) -> Issue:
    palier = indicateur.find_palier(valeur)
    return Issue(valeur, palier, palier.montant if palier else Decimal("0.00"))
