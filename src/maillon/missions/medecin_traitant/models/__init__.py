"""The request of a patient, the proposals made to doctors, and the places that doctors offer."""

from .capacites import Capacite, CapaciteQuerySet
from .demandes import Compteur, Demande, DemandeQuerySet, PassagePublic
from .propositions import Proposition, PropositionQuerySet
from .refus import ActionRefusee
from .repartitions import LigneRepartition, Repartition, RepartitionQuerySet

__all__ = [
    "ActionRefusee",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "Demande",
    "DemandeQuerySet",
    "LigneRepartition",
    "PassagePublic",
    "Proposition",
    "PropositionQuerySet",
    "Repartition",
    "RepartitionQuerySet",
]
