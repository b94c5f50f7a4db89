"""Personal data: what for, how long, how it is erased, who opens a document."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from ..droits.acteur import Acteur
from ..droits.permissions import Permission


@dataclass(frozen=True, slots=True)
class DonneesPersonnelles:
    """A model that holds personal data: what for and how long; exports and erasure walk these."""

    modele: str
    finalite: str
    duree: str
    patient: bool = False


@dataclass(frozen=True, slots=True)
class EffacementPatient:
    """How an app erases what it holds of one patient: `efface(cpts_id, patient_id)` returns the number of rows.

    Called in the transaction that erases the identity. It removes free texts and what describes the person, and keeps
    what was counted: dates, states, kinds.
    """

    modele: str
    efface: Callable[[UUID, UUID], int]


@dataclass(frozen=True, slots=True)
class OppositionPatient:
    """How an app stops what is under way for a patient who opposes the processing: `ferme(cpts_id, patient_id, by)`
    returns the number of rows closed. Called in the transaction that records the opposition, before the patient's row
    is written."""

    modele: str
    ferme: Callable[[UUID, UUID, Acteur], int]


@dataclass(frozen=True, slots=True)
class AccesFichier:
    """Whose documents these are: `may_open(acteur, fichier_id)` is asked of each document stored under `permission`,
    beyond that permission."""

    permission: Permission
    may_open: Callable[[Acteur, UUID], bool]
