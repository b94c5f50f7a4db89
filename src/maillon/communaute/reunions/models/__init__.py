"""A meeting, the poll of its date, its convocation, its proxies and votes."""

from .convocation import Convocation, ReglesInstance
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
    "Convocation",
    "Creneau",
    "Disponibilite",
    "Participation",
    "ParticipationQuerySet",
    "PointOrdreDuJour",
    "Pouvoir",
    "ReglesInstance",
    "Resolution",
    "Reunion",
    "ReunionQuerySet",
    "Sondage",
    "Urne",
    "Voix",
]
