"""What is minimised, as whole numbers: travel, then fairness, then changes, weighed so that none can outweigh a former.

Fairness: a doctor who fills ``t`` of ``w`` places (those offered, and the lately filled) costs t²/w. Their sum
is least when fill rates are nearest to each other: with Σt fixed it is their weighted variance, plus a constant.
The k-th patient therefore costs (2t − 1)/w, here in thousandths: a cost that grows with each place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from maillon.regles.appariement.trajets import Entiers
from maillon.regles.appariement.types import Medecin
from maillon.regles.erreurs import SaisieInvalide

_MILLIEMES = 1000
_MAXIMUM = 2**59  # of a sum of costs: so that the solver, which multiplies them by the nodes, cannot overflow


@dataclass(frozen=True, slots=True, eq=False)
class Couts:
    """``minute`` is the weight of one minute of travel, ``millieme`` that of one thousandth of fairness.

    ``paires`` is the cost of each patient at each doctor, ``places`` that of each successive place of a doctor.
    """

    minute: int
    millieme: int
    paires: Entiers
    places: tuple[Entiers, ...]

    def total(self, paires: Sequence[tuple[int, int]]) -> int:
        """Cost of an assignment: pairs of a row and a doctor."""
        nombres = count_places(paires, len(self.places))
        occupees = sum(int(cout[:nombre].sum()) for cout, nombre in zip(self.places, nombres, strict=True))
        return sum(int(self.paires[ligne, medecin]) for ligne, medecin in paires) + occupees

    def spare_minutes(self, prix: int) -> int:
        """Minutes in the price of a full doctor's place; the rest is the fairness of one place, less the changes."""
        return (prix + self.millieme - 1) // self.minute


def count_places(paires: Sequence[tuple[int, int]], medecins: int) -> Entiers:
    """Places taken at each doctor."""
    return np.bincount(np.array([medecin for _, medecin in paires], dtype=np.int64), minlength=medecins)


def build_couts(minutes: Entiers, medecins: Sequence[Medecin], anciens: Sequence[int] | None) -> Couts:
    """Costs of placed patients (rows) at doctors; ``anciens`` is the former doctor of each, −1 for none."""
    nombre = len(minutes)
    millieme = 1 if anciens is None else nombre + 1  # above all the changes
    minute = millieme * (2 * _MILLIEMES * nombre + 1)  # above all the fairness
    if minute * (int(minutes.max(initial=0)) + 1) * (nombre + len(medecins) + 2) >= _MAXIMUM:
        raise SaisieInvalide(f"{nombre} personnes à placer à la fois : c’est trop. Répartissez par secteur.")
    paires = minutes * minute
    if anciens is not None:
        colonnes = np.arange(len(medecins))
        paires = paires + (colonnes[None, :] != np.array(anciens, dtype=np.int64)[:, None])
    return Couts(minute, millieme, paires, tuple(_fill_costs(medecin) * millieme for medecin in medecins))


def _fill_costs(medecin: Medecin) -> Entiers:
    prises = medecin.charge + np.arange(1, medecin.places + 1, dtype=np.int64)
    return np.asarray((2 * prises - 1) * _MILLIEMES // max(medecin.charge + medecin.places, 1))
