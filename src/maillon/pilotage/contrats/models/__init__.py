"""The ACI contract, its indicators and tiers, the values certified, the evidence, and what CPAM and ARS read."""

from .avenants import Avenant, AvenantMission, Decision
from .contrat import Contrat, MissionContrat, VersementRecu
from .indicateurs import Constat, Indicateur, IndicateurQuerySet, Palier, Preuve, PreuveQuerySet, RetraitPreuve
from .releves import Releve, ReleveActe
from .saisie import BrouillonContrat, ContratSigne

__all__ = [
    "Avenant",
    "AvenantMission",
    "BrouillonContrat",
    "Constat",
    "Contrat",
    "ContratSigne",
    "Decision",
    "Indicateur",
    "IndicateurQuerySet",
    "MissionContrat",
    "Palier",
    "Preuve",
    "PreuveQuerySet",
    "Releve",
    "ReleveActe",
    "RetraitPreuve",
    "VersementRecu",
]
