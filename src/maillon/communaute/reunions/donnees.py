"""What a form gives to the services."""

from dataclasses import dataclass
from datetime import datetime

from maillon.communaute.actions.models import Action
from maillon.communaute.personnes.models import Groupe

from .enums import TypeReunion


@dataclass(frozen=True, slots=True)
class DonneesReunion:
    """A meeting as it is typed; without dates while its date is sought."""

    type: TypeReunion
    titre: str
    mission: str = ""
    indicateur: str = ""
    action: Action | None = None
    groupe: Groupe | None = None
    debut: datetime | None = None
    fin: datetime | None = None
    lieu: str = ""
    visio: str = ""


@dataclass(frozen=True, slots=True)
class DonneesPoint:
    """An item of the agenda as it is typed; the document apart."""

    titre: str
    texte: str = ""
    orateur: str = ""
    minutes: int | None = None
