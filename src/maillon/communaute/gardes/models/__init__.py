"""Rosters, shifts, participants and their wishes, solved plans, duties and what becomes of them."""

from .echanges import Echange, EchangeQuerySet, Passation
from .gardes import Garde, GardeQuerySet
from .participants import Participant, ParticipantQuerySet, Voeu
from .refus import ActionRefusee
from .tableaux import Poste, PosteQuerySet, Tableau, TableauQuerySet
from .variantes import Variante, VarianteQuerySet

__all__ = [
    "ActionRefusee",
    "Echange",
    "EchangeQuerySet",
    "Garde",
    "GardeQuerySet",
    "Participant",
    "ParticipantQuerySet",
    "Passation",
    "Poste",
    "PosteQuerySet",
    "Tableau",
    "TableauQuerySet",
    "Variante",
    "VarianteQuerySet",
    "Voeu",
]
