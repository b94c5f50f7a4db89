"""The request of a patient, and the places that doctors offer. Proposals to doctors are `sollicitations`."""

from .capacites import (
    Capacite,
    CapaciteQuerySet,
    DeclarationPlaces,
    PlacesLieu,
)
from .demandes import (
    GENRE,
    Demande,
    DemandeQuerySet,
)
from .depots import (
    Compteur,
    PassagePublic,
)
from .entrees import (
    AccesPartenaire,
    LigneAttente,
    ListeAttente,
)
from .jours import (
    JourGuichet,
)
from .offre import (
    Mouvement,
    Renfort,
    RenfortMedecin,
)
from .recensements import (
    CampagneRecensement,
    DestinataireQuerySet,
    DestinataireRecensement,
)
from .refus import (
    ActionRefusee,
    PersonneDejaPlacee,
)
from .repartitions import (
    LigneRepartition,
    Repartition,
    RepartitionQuerySet,
)
from .suivi import (
    AppelTelephonique,
    DecisionPriorite,
    Equipier,
    PoidsAdoptes,
    TacheGuichet,
    Tour,
)

__all__ = [
    "GENRE",
    "AccesPartenaire",
    "ActionRefusee",
    "AppelTelephonique",
    "CampagneRecensement",
    "Capacite",
    "CapaciteQuerySet",
    "Compteur",
    "DecisionPriorite",
    "DeclarationPlaces",
    "Demande",
    "DemandeQuerySet",
    "DestinataireQuerySet",
    "DestinataireRecensement",
    "Equipier",
    "JourGuichet",
    "LigneAttente",
    "LigneRepartition",
    "ListeAttente",
    "Mouvement",
    "PassagePublic",
    "PersonneDejaPlacee",
    "PlacesLieu",
    "PoidsAdoptes",
    "Renfort",
    "RenfortMedecin",
    "Repartition",
    "RepartitionQuerySet",
    "TacheGuichet",
    "Tour",
]
