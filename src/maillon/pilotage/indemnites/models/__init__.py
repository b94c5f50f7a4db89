"""What members are owed: rates, participations, expenses."""

from .approbation import Approbation, ApprobationQuerySet
from .frais import Frais
from .participations import Declaration, SituationAnnuelle
from .tarifs import BaremeKilometrique, CalculProfession, ConventionEmployeur, Decision, Tarif

__all__ = [
    "Approbation",
    "ApprobationQuerySet",
    "BaremeKilometrique",
    "CalculProfession",
    "ConventionEmployeur",
    "Decision",
    "Declaration",
    "Frais",
    "SituationAnnuelle",
    "Tarif",
]
