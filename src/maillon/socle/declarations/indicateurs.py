"""The figures that an app computes from its acts, and what moves a stock besides them."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet


class Sens(StrEnum):
    BAISSE = "baisse"  # lower is better
    HAUSSE = "hausse"


class Agregat(StrEnum):
    """The one aggregation that turns contributing rows into the figure."""

    COUNT = "count"
    SUM = "sum"
    MEDIAN = "median"
    RATE = "rate"
    STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Acte:
    """An act behind a figure, as CPAM and ARS may see it: no patient, no name.

    `reference` is a pseudonym stable for the contract; `empreinte` the SHA-256 of the evidence (hexadecimal).
    """

    reference: str
    le: date
    nature: str
    etat: str
    empreinte: str
    commune: str = ""
    preuve: str = ""


@dataclass(frozen=True, slots=True)
class IndicateurDeclare:
    """A figure that Maillon computes from its acts: one selector of contributing rows plus one aggregation.

    `rows(cpts_id, start, end)` gives the rows of the half-open period [start, end[; `to_acte(row)` shows one without
    identity; `url_row(row)` opens it for a member. `fact` names the value aggregated for SUM, MEDIAN and RATE.
    `discret`: being in this list says of a person what the professionals who know them must not learn (C2S); whoever
    may not open the rows is shown neither day nor commune.

    An act may be attached by hand to the one indicator that it serves: such a figure gives `rattaches(cpts_id, start,
    end, indicateur)`, the rows attached to the contract's indicator of this code, and serves any mission when `mission`
    is empty. Figures of one selector are counted in one query: each gives it as `ensemble`, and by `parmi` which of its
    rows are its own. `mots` are the words, folded and in the singular, by which the label of an indicator asks for it.
    """

    code: str
    mission: str
    libelle: str
    definition: str
    unite: str
    sens: Sens
    certificateur: str
    preuve: str
    rows: Callable[[UUID, date, date], QuerySet[Any]]
    to_acte: Callable[[Any], Acte]
    url_row: Callable[[Any], str]
    agregat: Agregat = Agregat.COUNT
    fact: str = ""
    discret: bool = False
    rattaches: Callable[[UUID, date, date, str], QuerySet[Any]] | None = None
    mots: tuple[str, ...] = ()
    indicateur: str = ""
    ensemble: Callable[[UUID, date, date], QuerySet[Any]] | None = None
    parmi: Q | None = None
    totaux: Callable[[UUID, date, date], dict[str, tuple[int, float | None]]] | None = None
    actes: Callable[[UUID, date, date], Iterable[tuple[Acte, Collection[str]]]] | None = None

    def bind(self, indicateur: str) -> "IndicateurDeclare":
        """The same figure of the acts attached to the indicator of this code; itself when none can be attached."""
        if self.rattaches is None:
            return self
        return replace(self, rows=partial(_call_rattaches, self.rattaches, indicateur), indicateur=indicateur)

    def serves(self, mission: str) -> bool:
        """Whether an indicator of this mission may be fed by it."""
        return self.mission in ("", mission)


def _call_rattaches(
    rattaches: Callable[[UUID, date, date, str], QuerySet[Any]], indicateur: str, cpts_id: UUID, start: date, end: date
) -> QuerySet[Any]:
    return rattaches(cpts_id, start, end, indicateur)


class CertitudeMouvement(StrEnum):
    """How surely a movement is known: these words are shown, and never mixed."""

    CONSTATE = "constate"  # by the certifier
    DECLARE = "declare"  # somebody wrote it down: it happened, the number is their word
    A_CONFIRMER = "a_confirmer"  # expected, or not yet in the certifier's figure


@dataclass(frozen=True, slots=True)
class MouvementStock:
    """What moved a stock besides the acts: `variation` is positive when the stock grows. No name; `url` opens its
    source for whoever may."""

    libelle: str
    variation: Decimal
    certitude: CertitudeMouvement
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ExplicationStock:
    """What an app knows of a stock that somebody else counts: `mouvements(cpts_id, debut, fin)` over [debut, fin[, the
    acts of the declared indicator `indicateur` left out; constant queries."""

    indicateur: str
    mouvements: Callable[[UUID, date, date], list[MouvementStock]]


@dataclass(frozen=True, slots=True)
class Cible:
    """An indicator of the running contract that an act may serve, by its code."""

    code: str
    libelle: str
    mission: str


@dataclass(frozen=True, slots=True)
class SourceCibles:
    """Which indicators an action or a meeting may be attached to: `cibles(cpts_id)`, those of the contract in force."""

    cibles: Callable[[UUID], list[Cible]]
