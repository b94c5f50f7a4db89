"""Facts that the matching takes, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag, StrEnum

from maillon.regles.erreurs import SaisieInvalide


class Besoin(StrEnum):
    """What a patient needs and a doctor may not offer."""

    ALD = "ald"
    ENFANT = "enfant"
    ADULTE = "adulte"  # neither a child nor somebody with a long-term illness
    VISITE = "visite"
    PMR = "pmr"
    SECTEUR_1 = "secteur_1"


REFUS = {
    Besoin.ALD: "ne prend pas de patients en ALD",
    Besoin.ENFANT: "ne prend pas d’enfants",
    Besoin.ADULTE: "ne prend pas d’adultes sans ALD",
    Besoin.VISITE: "ne fait pas de visites à domicile",
    Besoin.PMR: "n’a pas de cabinet accessible en fauteuil roulant",
    Besoin.SECTEUR_1: "n’exerce pas en secteur 1",
}
"""What is said of a doctor who does not meet a need."""


class Densite(StrEnum):
    """How densely the patient's commune is built: it sets the speed of a journey."""

    DENSE = "dense"
    INTERMEDIAIRE = "intermediaire"
    RURALE = "rurale"


class Obstacle(IntFlag):
    """Why a doctor cannot take a patient; several may hold at once."""

    COMPLET = 1
    BESOIN = 2
    LANGUE = 4
    EXCLU = 8
    TRAJET = 16


@dataclass(frozen=True, slots=True)
class Lieu:
    """A place in degrees."""

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (-180 <= self.lon <= 180 and -90 <= self.lat <= 90):
            raise SaisieInvalide(f"Le lieu de longitude {self.lon} et de latitude {self.lat} n’existe pas.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One person who waits. The rank is ``score`` (highest first), then ``deposee_le`` (oldest first), then ``cle``.

    ``exclus`` are the doctors who declined, or whom the person declined. ``choix`` are the doctors whom the person asks
    for, in order: a choice ignores the distance, never what the doctor takes. ``langues`` are those in which the person
    can be understood; none means that any doctor will do. Without ``lieu`` every doctor counts as being at the limit.
    """

    cle: str
    score: int
    deposee_le: datetime
    lieu: Lieu | None = None
    densite: Densite = Densite.INTERMEDIAIRE
    besoins: frozenset[Besoin] = frozenset()
    langues: frozenset[str] = frozenset()
    exclus: frozenset[str] = frozenset()
    choix: tuple[str, ...] = ()

    @property
    def rang(self) -> tuple[int, datetime, str]:
        """What the waiting list is sorted by."""
        return (-self.score, self.deposee_le, self.cle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medecin:
    """One doctor: places offered now, where they work, what they take.

    ``charge`` are the patients that the doctor was lately given or asked to take, for fairness. ``visite_minutes`` is
    how far they go for a home visit (the parameter, if not said). ``nom`` is what the explanations call them.
    """

    cle: str
    places: int
    lieux: tuple[Lieu, ...] = ()
    accepte: frozenset[Besoin] = frozenset(Besoin)
    langues: frozenset[str] = frozenset()
    charge: int = 0
    visite_minutes: int | None = None
    nom: str = ""

    def __post_init__(self) -> None:
        if self.places < 0 or self.charge < 0:
            raise SaisieInvalide("Le nombre de places et de patients d’un médecin ne peut pas être négatif.")

    @property
    def appel(self) -> str:
        return self.nom or self.cle


@dataclass(frozen=True, slots=True)
class Trajet:
    """Estimated journey; ``None`` kilometres when a place is unknown (the minutes are then those of the limit)."""

    minutes: int
    km: float | None

    @property
    def phrase(self) -> str:
        if self.km is None:
            return "trajet inconnu"
        return f"{self.minutes}\u00a0min de trajet estimé ({format_km(self.km)})"


def format_km(km: float) -> str:
    """Kilometres by road, one decimal under ten: « 4,2 km », « 17 km »; « même endroit » at the same point."""
    if km < 0.05:
        return "même endroit"
    texte = f"{km:.1f}".replace(".", ",") if km < 9.95 else f"{km:.0f}"
    return f"{texte}\u00a0km"


@dataclass(frozen=True, slots=True)
class Candidat:
    """A doctor who may be asked for one patient; ``rang`` starts at 1, ``raisons`` are French sentences."""

    medecin: str
    rang: int
    trajet: Trajet
    places: int
    choix: int | None
    raisons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A doctor who is not proposed, and why."""

    medecin: str
    obstacles: Obstacle
    trajet: Trajet
    raisons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classement:
    """Ranked proposals for one patient, and the doctors left aside."""

    candidats: tuple[Candidat, ...]
    exclus: tuple[Exclusion, ...]


class Motif(StrEnum):
    """Why a patient is left without a doctor."""

    AUCUNE_PLACE = "aucune_place"
    BESOIN = "besoin"
    TRAJET = "trajet"
    EXCLUS = "exclus"
    RANG = "rang"


@dataclass(frozen=True, slots=True)
class Affectation:
    """One pair: the doctor proposed to a patient.

    ``rang`` is the place of the patient in the list, from 1; ``choix`` the order among the person's choices, from 1.
    ``second`` is the next best doctor who suits the patient (with the journey there), whether or not a place is left.
    """

    patient: str
    medecin: str
    rang: int
    trajet: Trajet
    choix: int | None
    possibles: int
    plus_proches: int
    second: str | None
    second_trajet: Trajet | None
    raisons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attente:
    """One patient left without a doctor, and why; ``bloquants`` are the doctors who would suit and are full."""

    patient: str
    rang: int
    motif: Motif
    bloquants: tuple[str, ...]
    raisons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bilan:
    """What the assignment gives to one doctor; ``gain_minutes`` is the journey that one more place would spare."""

    medecin: str
    places: int
    charge: int
    nouveaux: int
    gain_minutes: int

    @property
    def taux(self) -> float:
        """Share filled of the places offered and of those filled lately."""
        total = self.places + self.charge
        return (self.nouveaux + self.charge) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Certificat:
    """Proof of the assignment, checked apart from the solver.

    ``faisable``: places, needs and exclusions respected. ``priorite``: nobody is left out whom a place taken by a
    lower rank could have served. ``choix``: nobody could have a doctor they prefer without taking it, or a place, from
    another. ``optimal``: the cost equals a lower bound that the prices of the places (``prix``) establish, so that no
    other assignment of the same patients and choices has less travel, nor as much travel and more fairness.
    """

    faisable: bool
    priorite: bool
    choix: bool
    optimal: bool
    cout: int
    borne: int
    prix: Mapping[str, int]

    @property
    def prouve(self) -> bool:
        return self.faisable and self.priorite and self.choix and self.optimal


@dataclass(frozen=True, slots=True)
class Repartition:
    """Whole waiting list × all places. ``affectations`` and ``attentes`` follow the rank, ``bilans`` the key."""

    affectations: tuple[Affectation, ...]
    attentes: tuple[Attente, ...]
    bilans: tuple[Bilan, ...]
    certificat: Certificat

    @property
    def paires(self) -> dict[str, str]:
        """Doctor by patient: what ``assign(precedent=)`` takes the next time."""
        return {affectation.patient: affectation.medecin for affectation in self.affectations}

    @property
    def minutes(self) -> int:
        """Total estimated travel."""
        return sum(affectation.trajet.minutes for affectation in self.affectations)
