"""The request of a patient, the proposals made to doctors, and the places that doctors offer."""

from .capacites import Capacite, CapaciteQuerySet, DeclarationPlaces, PlacesLieu
from .demandes import Compteur, Demande, DemandeQuerySet, PassagePublic
from .offre import Mouvement, Renfort, RenfortMedecin
from .propositions import Proposition, PropositionQuerySet
from .recensements import CampagneRecensement, DestinataireQuerySet, DestinataireRecensement
from .refus import ActionRefusee

__all__ = [
    "ActionRefusee",
    "CampagneRecensement",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "DeclarationPlaces",
    "Demande",
    "DemandeQuerySet",
    "DestinataireQuerySet",
    "DestinataireRecensement",
    "Mouvement",
    "PassagePublic",
    "PlacesLieu",
    "Proposition",
    "PropositionQuerySet",
    "Renfort",
    "RenfortMedecin",
]
