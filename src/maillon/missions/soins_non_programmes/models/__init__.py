"""Places, openings, slots, bookings, requests and the settings of a community."""

from .creneaux import Creneau, CreneauQuerySet
from .demandes import GENRE, DemandeSoin, DemandeSoinQuerySet
from .habitudes import Habitude
from .lieux import LieuConsultation
from .plages import Plage, PlageQuerySet
from .refus import ActionRefusee, CreneauPris
from .reglages import Reglages
from .rendez_vous import RendezVous, RendezVousQuerySet

__all__ = [
    "GENRE",
    "ActionRefusee",
    "Creneau",
    "CreneauPris",
    "CreneauQuerySet",
    "DemandeSoin",
    "DemandeSoinQuerySet",
    "Habitude",
    "LieuConsultation",
    "Plage",
    "PlageQuerySet",
    "Reglages",
    "RendezVous",
    "RendezVousQuerySet",
]
