"""The request of a patient, and the places that doctors offer. Proposals to doctors are `sollicitations`."""

from .capacites import Capacite, CapaciteQuerySet, DeclarationPlaces, PlacesLieu
from .demandes import GENRE, Compteur, Demande, DemandeQuerySet, PassagePublic
from .offre import Mouvement, Renfort, RenfortMedecin
from .recensements import CampagneRecensement, DestinataireQuerySet, DestinataireRecensement
from .refus import ActionRefusee

__all__ = [
    "GENRE",
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
    "Renfort",
    "RenfortMedecin",
]
