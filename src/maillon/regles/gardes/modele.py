"""The CP-SAT model of one profession: who holds what, the rules, and the objectives as linear expressions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import gcd

from ortools.sat.python import cp_model

from maillon.regles.gardes.groupe import Compteur, Groupe, Paire, Regle

Expression = cp_model.LinearExprT


@dataclass(frozen=True, slots=True)
class Marge:
    """What a bound leaves possible: pairs to leave out, ranges of duties by counter, posts that must be full."""

    exclues: frozenset[Paire] = frozenset()
    imposees: frozenset[Paire] = frozenset()
    nombres: dict[int, tuple[int, int]] | None = None
    manques: dict[int, tuple[int, int]] | None = None


class Modele:
    """Variables and constraints; rules may be guarded by assumptions, to find which contradict."""

    def __init__(self, groupe: Groupe, marge: Marge = Marge()) -> None:
        self.groupe, self.marge = groupe, marge
        self.cp = cp_model.CpModel()
        self.tenus: dict[Paire, cp_model.IntVar] = {}
        self.manques: list[cp_model.IntVar] = []
        self._touches: dict[tuple[int, tuple[int, ...]], cp_model.IntVar] = {}
        self._conflits = {
            (regle.personne, poste): number
            for number, regle in enumerate(groupe.regles)
            if regle.code == "ecart_heures"
            for (poste,) in regle.groupes
        }
        self._add_postes()
        for regle in groupe.regles:
            self.add_regle(regle)

    def _add_postes(self) -> None:
        for numero, poste in enumerate(self.groupe.postes):
            tenants = []
            for rang in range(len(self.groupe.personnes)):
                paire = (rang, numero)
                if self.groupe.libres[paire] and paire not in self.marge.exclues:
                    self.tenus[paire] = self.cp.new_bool_var("")
                    tenants.append(self.tenus[paire])
            bas, haut = (self.marge.manques or {}).get(numero, (0, poste.besoin))
            manque = self.cp.new_int_var(bas, 0 if poste.obligatoire else haut, "")
            self.cp.add(sum(tenants) + manque == poste.besoin)
            self.manques.append(manque)
        for paire in self.groupe.fixees | self.marge.imposees:
            self.cp.add(self.tenus.get(paire, 0) == 1)

    def add_regle(self, regle: Regle) -> None:
        """The rule, unless it can never be broken."""
        if len(regle.groupes) <= regle.limite:
            return
        termes = [terme for postes in regle.groupes if (terme := self._touch(regle.personne, postes)) is not None]
        if len(termes) <= regle.limite:
            return
        if regle.limite == 1:
            self.cp.add_at_most_one(termes)
        else:
            self.cp.add(sum(termes) <= regle.limite)

    def _touch(self, personne: int, postes: tuple[int, ...]) -> cp_model.IntVar | None:
        """Whether the person holds one of these posts; ``None`` when they can hold none."""
        tenus = [self.tenus[personne, poste] for poste in postes if (personne, poste) in self.tenus]
        if len(tenus) <= 1:
            return tenus[0] if tenus else None
        cle = (personne, postes)
        if cle not in self._touches:
            touche = self.cp.new_bool_var("")
            self.cp.add_max_equality(touche, tenus)
            self._touches[cle] = touche
        return self._touches[cle]

    def sum_manques(self) -> Expression:
        return sum(poste.importance * manque for poste, manque in zip(self.groupe.postes, self.manques, strict=True))

    def sum_changements(self, anciennes: Collection[Paire], sortants: Collection[int]) -> Expression:
        """Pairs that differ from a former plan, people who left aside."""
        gardees = [self.tenus[paire] for paire in anciennes if paire in self.tenus]
        nouvelles = [v for (p, q), v in self.tenus.items() if (p, q) not in anciennes and p not in sortants]
        return len(anciennes) - sum(gardees) + sum(nouvelles)

    def sum_souhaits(self) -> Expression:
        souhaits = self.groupe.souhaits
        return sum(int(souhaits[paire]) * variable for paire, variable in self.tenus.items() if souhaits[paire])

    def sum_equite(self) -> Expression:
        """Cost of all loads, each as a ladder of duties that grow dearer."""
        return sum((self._climb(rang, compteur) for rang, compteur in enumerate(self.groupe.compteurs)), start=0)

    def _climb(self, rang: int, compteur: Compteur) -> Expression:
        charges = self.groupe.charges
        tenus = [(int(charges[q]), self.tenus[compteur.personne, q]) for q in compteur.postes
                 if (compteur.personne, q) in self.tenus]  # fmt: skip
        pas = gcd(*(charge for charge, _ in tenus)) if tenus else 1
        total = sum(charge // pas for charge, _ in tenus)
        bas, haut = (self.marge.nombres or {}).get(rang, (0, total))
        bas, haut = min(bas, total), min(haut, total)
        marches = [self.cp.new_bool_var("") for _ in range(haut - bas)]
        self.cp.add(sum(charge // pas * variable for charge, variable in tenus) == bas + sum(marches))
        for basse, haute in pairwise(marches):
            self.cp.add_implication(haute, basse)
        couts = [compteur.cost(pas * nombre) for nombre in range(bas, haut + 1)]
        return couts[0] + sum(
            (apres - avant) * marche for avant, apres, marche in zip(couts, couts[1:], marches, strict=False)
        )

    def hint(self, paires: Collection[Paire]) -> None:
        """Start from these pairs."""
        self.cp.clear_hints()  # type: ignore[no-untyped-call]
        for paire, variable in self.tenus.items():
            self.cp.add_hint(variable, paire in paires)


@dataclass(frozen=True, slots=True)
class Reponse:
    """What one search found: the pairs (``None`` when none), its value and bound, and whether none can be."""

    paires: frozenset[Paire] | None
    valeur: int
    borne: int
    impossible: bool
    secondes: float


Rapport = Callable[[int, int], None]


class _Temoin(cp_model.CpSolverSolutionCallback):
    """Tells of each better solution."""

    def __init__(self, rapport: Rapport) -> None:
        super().__init__()
        self.rapport = rapport

    def on_solution_callback(self) -> None:
        self.rapport(round(self.objective_value), round(self.best_objective_bound))


def search(modele: Modele, objectif: Expression | None, *, duree: float, rapport: Rapport | None = None) -> Reponse:
    """Minimise within so many seconds; the same model gives the same answer, if time does not run out."""
    if objectif is not None:
        modele.cp.minimize(objectif)
    solveur = cp_model.CpSolver()
    solveur.parameters.random_seed = modele.groupe.probleme.graine
    solveur.parameters.num_workers = 2
    solveur.parameters.interleave_search = True
    solveur.parameters.max_time_in_seconds = max(duree, 0.01)
    statut = solveur.solve(modele.cp, _Temoin(rapport) if rapport else None)
    if statut not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Reponse(None, 0, 0, statut == cp_model.INFEASIBLE, solveur.wall_time)
    paires = frozenset(paire for paire, variable in modele.tenus.items() if solveur.boolean_value(variable))
    valeur = round(solveur.objective_value) if objectif is not None else 0
    borne = round(solveur.best_objective_bound) if objectif is not None else 0
    return Reponse(paires, valeur, borne, False, solveur.wall_time)


def list_present(modele: Modele, paires: Iterable[Paire]) -> list[Paire]:
    return [paire for paire in paires if paire in modele.tenus]
