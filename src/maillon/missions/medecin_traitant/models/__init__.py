"""The request of a patient, the proposals made to doctors, and the places that doctors offer."""

from .capacites import Capacite, CapaciteQuerySet
from .demandes import Compteur, Demande, DemandeQuerySet, PassagePublic
from .entrees import AccesPartenaire, LigneAttente, ListeAttente
from .propositions import Proposition, PropositionQuerySet
from .refus import ActionRefusee

__all__ = [
    "AccesPartenaire",
    "ActionRefusee",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "Demande",
    "DemandeQuerySet",
    "LigneAttente",
    "ListeAttente",
    "PassagePublic",
    "Proposition",
    "PropositionQuerySet",
]
