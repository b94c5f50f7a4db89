"""The request of a patient, and the places that doctors offer. Proposals to doctors are `sollicitations`."""

from .capacites import Capacite, CapaciteQuerySet
from .demandes import GENRE, Compteur, Demande, DemandeQuerySet, PassagePublic
from .refus import ActionRefusee
from .repartitions import LigneRepartition, Repartition, RepartitionQuerySet

__all__ = [
    "GENRE",
    "ActionRefusee",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "Demande",
    "DemandeQuerySet",
    "LigneRepartition",
    "PassagePublic",
    "Repartition",
    "RepartitionQuerySet",
]
