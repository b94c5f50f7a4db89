"""What the community may have to pay: participation proven elsewhere, spending kept elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class FonctionGarde(StrEnum):
    """As what a duty is paid: a duty of the night, of a Saturday, of a Sunday or a holiday may have its own rate."""

    GARDE = "garde"
    NUIT = "garde_nuit"
    SAMEDI = "garde_samedi"
    FERIE = "garde_ferie"


@dataclass(frozen=True, slots=True)
class ParticipationPayable:
    """Somebody took part in something that the community may pay: a meeting attended, a duty held.

    `reference` is unique and stable within its source, so that nothing is paid twice; `heures` its duration.
    `fonctions`: as what it is paid, the first one that has a rate; empty, as the person's mandates say.
    """

    reference: str
    personne_id: UUID
    le: date
    heures: Decimal
    mission: str
    libelle: str
    preuve: str
    action_id: UUID | None = None
    fonctions: tuple[FonctionGarde, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceParticipations:
    """Where pay collects participation proven elsewhere: `participations(cpts_id, debut, fin)` over [debut, fin[."""

    code: str
    libelle: str
    participations: Callable[[UUID, date, date], list[ParticipationPayable]]


class EtatDepense(StrEnum):
    ENGAGEE = "engagee"
    PAYEE = "payee"


@dataclass(frozen=True, slots=True)
class DepenseDeclaree:
    """A spending that another app keeps, as the budget of the community takes it: no name in `libelle`.

    `reference` is unique and stable within its source; `mission` is a mission's code or `fonctionnement`; `categorie`
    a category of the budget (`indemnites`, `salaires`…); `montant` is positive.
    """

    reference: str
    le: date
    mission: str
    categorie: str
    montant: Decimal
    etat: EtatDepense
    libelle: str


@dataclass(frozen=True, slots=True)
class SourceDepenses:
    """Where the budget collects spending kept elsewhere: `depenses(cpts_id, debut, fin)` gives those due in
    [debut, fin[, each in its present state; constant queries."""

    code: str
    libelle: str
    depenses: Callable[[UUID, date, date], list[DepenseDeclaree]]
