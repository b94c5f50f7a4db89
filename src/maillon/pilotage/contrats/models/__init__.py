"""The ACI contract, its indicators and tiers, the values certified, the evidence, and what CPAM and ARS read."""

from .contrat import Contrat, MissionContrat, VersementRecu
from .indicateurs import Constat, Indicateur, IndicateurQuerySet, Palier, Preuve, PreuveQuerySet, RetraitPreuve
from .releves import Releve, ReleveActe

__all__ = [
    "Constat",
    "Contrat",
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
