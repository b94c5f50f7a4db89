"""The request of a patient, the proposals made to doctors, and the places that doctors offer."""

from .capacites import Capacite, CapaciteQuerySet
from .demandes import Compteur, Demande, DemandeQuerySet, PassagePublic
from .propositions import Proposition, PropositionQuerySet
from .refus import ActionRefusee
from .suivi import AppelTelephonique, DecisionPriorite, Equipier, PoidsAdoptes, TacheGuichet, Tour

__all__ = [
    "ActionRefusee",
    "AppelTelephonique",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "DecisionPriorite",
    "Demande",
    "DemandeQuerySet",
    "Equipier",
    "PassagePublic",
    "PoidsAdoptes",
    "Proposition",
    "PropositionQuerySet",
    "TacheGuichet",
    "Tour",
]
