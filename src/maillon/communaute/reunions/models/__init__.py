"""A meeting, the poll of its date, its convocation, its proxies and votes; its attendance, minutes and decisions."""

from .comptes_rendus import (
    Approbation,
    CompteRendu,
    Decision,
    PointCompteRendu,
    Tache,
    TacheQuerySet,
    VersionCompteRendu,
)
from .convocation import Convocation, ReglesInstance
from .presences import DocumentReunion, Emargement
from .reunion import (
    ActionRefusee,
    Participation,
    ParticipationQuerySet,
    PointOrdreDuJour,
    Reunion,
    ReunionQuerySet,
)
from .sondage import Creneau, Disponibilite, Sondage
from .votes import Pouvoir, Resolution, Urne, Voix

__all__ = [
    "ActionRefusee",
    "Approbation",
    "CompteRendu",
    "Convocation",
    "Creneau",
    "Decision",
    "Disponibilite",
    "DocumentReunion",
    "Emargement",
    "Participation",
    "ParticipationQuerySet",
    "PointCompteRendu",
    "PointOrdreDuJour",
    "Pouvoir",
    "ReglesInstance",
    "Resolution",
    "Reunion",
    "ReunionQuerySet",
    "Sondage",
    "Tache",
    "TacheQuerySet",
    "Urne",
    "VersionCompteRendu",
    "Voix",
]
