"""The request of a patient, and the places that doctors offer. Proposals to doctors are `sollicitations`."""

from .capacites import Capacite, CapaciteQuerySet
from .demandes import GENRE, Compteur, Demande, DemandeQuerySet, PassagePublic
from .entrees import AccesPartenaire, LigneAttente, ListeAttente
from .refus import ActionRefusee
from .repartitions import LigneRepartition, Repartition, RepartitionQuerySet
from .suivi import AppelTelephonique, DecisionPriorite, Equipier, PoidsAdoptes, TacheGuichet, Tour

__all__ = [
    "GENRE",
    "AccesPartenaire",
    "ActionRefusee",
    "AppelTelephonique",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "DecisionPriorite",
    "Demande",
    "DemandeQuerySet",
    "Equipier",
    "LigneAttente",
    "LigneRepartition",
    "ListeAttente",
    "PassagePublic",
    "PoidsAdoptes",
    "Repartition",
    "RepartitionQuerySet",
    "TacheGuichet",
    "Tour",
]
