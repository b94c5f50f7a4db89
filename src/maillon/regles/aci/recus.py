"""Money that arrived, beside what the schedule expected by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from maillon.regles.aci.resiliation import ENSEMBLE
from maillon.regles.aci.types import ZERO
from maillon.regles.aci.versements import Echeancier


@dataclass(frozen=True, slots=True, kw_only=True)
class Recu:
    """Euros received on ``date`` for a contract year; ``poste`` is ``ensemble`` when the payer does not say which.

    A repayment is negative.
    """

    date: date
    montant: Decimal
    annee: int
    poste: str = ENSEMBLE


@dataclass(frozen=True, slots=True)
class LigneEcart:
    """A poste of a year: expected by the day of the account, received, and the difference (negative: it lacks)."""

    annee: int
    poste: str
    attendu: Decimal
    recu: Decimal

    @property
    def ecart(self) -> Decimal:
        return self.recu - self.attendu


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """Expected and received on a day. ``cumuls``: (date, expected so far, received so far), oldest first."""

    on: date
    lignes: tuple[LigneEcart, ...]
    cumuls: tuple[tuple[date, Decimal, Decimal], ...]

    @property
    def attendu(self) -> Decimal:
        return sum((ligne.attendu for ligne in self.lignes), ZERO)

    @property
    def recu(self) -> Decimal:
        return sum((ligne.recu for ligne in self.lignes), ZERO)

    @property
    def ecart(self) -> Decimal:
        return self.recu - self.attendu


def compare_recus(echeancier: Echeancier, recus: Iterable[Recu], *, on: date) -> Rapprochement:
    """Compare what was received until ``on`` with the sure payments dated until then, by year and poste.

    A year for which a receipt names no poste is compared whole: its parts cannot be told apart.
    """
    attendus = [v for v in echeancier.versements if v.certain and v.date is not None and v.date <= on]
    arrives = [recu for recu in recus if recu.date <= on]
    entieres = {recu.annee for recu in arrives if recu.poste == ENSEMBLE}
    cases: dict[tuple[int, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    mouvements: dict[date, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for versement in attendus:
        assert versement.date is not None
        annee = versement.annee_contrat
        cases[annee, ENSEMBLE if annee in entieres else versement.poste][0] += versement.valeur
        mouvements[versement.date][0] += versement.valeur
    for recu in arrives:
        cases[recu.annee, ENSEMBLE if recu.annee in entieres else recu.poste][1] += recu.montant
        mouvements[recu.date][1] += recu.montant
    lignes = tuple(LigneEcart(annee, poste, *case) for (annee, poste), case in _in_order(cases))
    cumuls, attendu, recu_total = [], ZERO, ZERO
    for jour in sorted(mouvements):
        attendu, recu_total = attendu + mouvements[jour][0], recu_total + mouvements[jour][1]
        cumuls.append((jour, attendu, recu_total))
    return Rapprochement(on, lignes, tuple(cumuls))


def _in_order(cases: dict[tuple[int, str], list[Decimal]]) -> list[tuple[tuple[int, str], list[Decimal]]]:
    """By year; within a year, as the schedule gives them."""
    rangs = {cle: rang for rang, cle in enumerate(cases)}
    return sorted(cases.items(), key=lambda paire: (paire[0][0], rangs[paire[0]]))
