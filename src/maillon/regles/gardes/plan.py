"""What the solver answers: who holds what, how good it is, how surely, and why not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from maillon.regles.erreurs import ErreurRegle
from maillon.regles.gardes.types import Affectation, Genre, Souhait


class Objectif(StrEnum):
    """What is sought, in this order; ``CHANGEMENTS`` only when a plan is taken up again."""

    COUVERTURE = "couverture"
    CHANGEMENTS = "changements"
    EQUITE = "equite"
    SOUHAITS = "souhaits"

    @property
    def libelle(self) -> str:
        return {"equite": "équité"}.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class Niveau:
    """One objective: the value reached, and the bound that no plan as good on the former objectives can pass.

    Cover (missing people × importance), changes and unfairness are least; wishes are greatest.
    """

    objectif: Objectif
    valeur: int
    borne: int

    @property
    def ecart(self) -> int:
        return abs(self.valeur - self.borne)

    @property
    def prouve(self) -> bool:
        return self.ecart == 0


@dataclass(frozen=True, slots=True)
class Bilan:
    """Loads of one person for one kind, or for all (``genre`` is ``None``).

    ``part`` is the fair share of all loads of the profession, credits included; ``ecart`` is what the person has
    above it (below, when negative).
    """

    personne: str
    genre: Genre | None
    gardes: int
    charge: int
    credit: int
    part: Decimal
    ecart: Decimal


@dataclass(frozen=True, slots=True)
class Raison:
    """A fact that stands in the way: its code, a French sentence, who and which post it speaks of.

    Codes are those of ``Faute``; of somebody whom nothing forbids, ``possible``.
    """

    code: str
    phrase: str
    personne: str = ""
    poste: str = ""


@dataclass(frozen=True, slots=True)
class Manque:
    """People missing on a post, and for each person of the profession why not them."""

    poste: str
    nombre: int
    raisons: tuple[Raison, ...]


@dataclass(frozen=True, slots=True)
class Refus:
    """A wish not granted. ``possible`` is false when a rule forbids it; the sentence says why, or what it would cost.

    ``cout`` is what the least costly way found would take from the objectives (people missing, unfairness, wishes);
    it is exact when ``exact``, and a true plan's otherwise, so never less than it is.
    """

    souhait: Souhait
    possible: bool
    raison: str
    cout: tuple[int, int, int] | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Etape:
    """Progress: the objective being worked on, the best value so far (``None`` before any) and its bound."""

    objectif: Objectif
    profession: str
    valeur: int | None
    borne: int | None
    part: float


Avance = Callable[[Etape], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who is on duty. ``niveaux`` are in the order of the objectives; the plan is optimal when all are proven."""

    affectations: tuple[Affectation, ...]
    niveaux: tuple[Niveau, ...]
    bilans: tuple[Bilan, ...] = ()
    manques: tuple[Manque, ...] = ()
    refus: tuple[Refus, ...] = ()

    @property
    def prouve(self) -> bool:
        return all(niveau.prouve for niveau in self.niveaux)

    def niveau(self, objectif: Objectif) -> Niveau:
        return next(niveau for niveau in self.niveaux if niveau.objectif is objectif)


class ProblemeContradictoire(ErreurRegle):
    """No plan respects all the rules. ``raisons`` cannot hold together; without any one of them they can."""

    def __init__(self, raisons: tuple[Raison, ...]) -> None:
        phrases = "\u00a0; ".join(raison.phrase for raison in raisons)
        super().__init__(f"Aucun tableau ne respecte à la fois\u00a0: {phrases}.")
        self.raisons = raisons
