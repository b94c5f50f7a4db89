"""One search of CP-SAT: on one thread, so that the same question has the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from maillon.regles.gardes.groupe import Paire
from maillon.regles.gardes.modele import Expression, Modele

Rapport = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Reponse:
    """What one search found: the pairs (``None`` when none), their value, its bound, and whether none can be."""

    paires: frozenset[Paire] | None
    valeur: int
    borne: int
    impossible: bool
    secondes: float

    @property
    def optimale(self) -> bool:
        return self.paires is not None and self.valeur == self.borne


class _Temoin(cp_model.CpSolverSolutionCallback):
    """Tells of each better solution."""

    def __init__(self, rapport: Rapport) -> None:
        super().__init__()
        self.rapport = rapport

    def on_solution_callback(self) -> None:
        self.rapport(round(self.objective_value), round(self.best_objective_bound))


def search(
    modele: Modele,
    objectif: Expression | None,
    *,
    duree: float,
    rapport: Rapport | None = None,
    lineaire: bool = True,
    effort: float = float("inf"),
) -> Reponse:
    """Minimise within so many seconds, and so much ``effort`` (seconds of a machine that is always the same).

    ``lineaire`` has the solver reason on the linear relaxation: it proves much, and finds less fast.
    """
    if objectif is not None:
        modele.cp.minimize(objectif)
    solveur = cp_model.CpSolver()
    solveur.parameters.random_seed = modele.groupe.probleme.graine
    solveur.parameters.num_workers = 1
    solveur.parameters.linearization_level = 2 if lineaire else 0
    solveur.parameters.max_time_in_seconds = max(duree, 0.01)
    solveur.parameters.max_deterministic_time = effort
    statut = solveur.solve(modele.cp, _Temoin(rapport) if rapport else None)
    if statut not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Reponse(None, 0, 0, statut == cp_model.INFEASIBLE, solveur.wall_time)
    paires = frozenset(paire for paire, variable in modele.tenus.items() if solveur.boolean_value(variable))
    valeur = borne = 0
    if objectif is not None:
        valeur, borne = round(solveur.objective_value), round(solveur.best_objective_bound)
    return Reponse(paires, valeur, borne, False, solveur.wall_time)
