"""What members are owed: rates, participations, expenses."""

from .approbation import Approbation, ApprobationQuerySet
from .frais import Frais
from .paiements import Campagne, CompteBancaire, LignePayee, Virement
from .participations import Declaration, SituationAnnuelle
from .tarifs import BaremeKilometrique, CalculProfession, ConventionEmployeur, Decision, Tarif

__all__ = [
    "Approbation",
    "ApprobationQuerySet",
    "BaremeKilometrique",
    "CalculProfession",
    "Campagne",
    "CompteBancaire",
    "ConventionEmployeur",
    "Decision",
    "Declaration",
    "Frais",
    "LignePayee",
    "SituationAnnuelle",
    "Tarif",
    "Virement",
]
