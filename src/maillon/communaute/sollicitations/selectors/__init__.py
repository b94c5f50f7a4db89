"""What professionals, missions and upper rooms read."""

from .alertes import list_alertes
from .professionnels import find_courriels, get_professionnel, list_absences, list_absents, list_occupes
from .sollicitations import (
    Attendue,
    Motif,
    Vague,
    build_vagues,
    count_motifs,
    get_own,
    get_sollicitation,
    list_attendues,
    list_exclus,
    list_recentes,
    present,
)

__all__ = [
    "Attendue",
    "Motif",
    "Vague",
    "build_vagues",
    "count_motifs",
    "find_courriels",
    "get_own",
    "get_professionnel",
    "get_sollicitation",
    "list_absences",
    "list_absents",
    "list_alertes",
    "list_attendues",
    "list_exclus",
    "list_occupes",
    "list_recentes",
    "present",
]
