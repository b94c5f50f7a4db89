"""The CP-SAT model of one profession: who holds what, the rules, and the objectives as linear expressions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from math import gcd
from typing import Protocol

from ortools.sat.python import cp_model

from maillon.regles.gardes.groupe import Compteur, Entiers, Groupe, Paire, Regle

Expression = cp_model.LinearExprT


@dataclass(frozen=True, slots=True)
class Marge:
    """What a bound leaves possible: pairs to leave out, ranges of duties by counter, posts that must be full."""

    exclues: frozenset[Paire] = frozenset()
    imposees: frozenset[Paire] = frozenset()
    nombres: dict[int, tuple[int, int]] | None = None
    manques: dict[int, tuple[int, int]] | None = None


class Surcouts(Protocol):
    """Reduced costs of a bound: by pair, by post (people to find, then the cost), by counter (fixed, then by step)."""

    @property
    def paires(self) -> Mapping[Paire, int]: ...
    @property
    def manques(self) -> Mapping[int, tuple[int, int]]: ...
    @property
    def marches(self) -> Mapping[int, tuple[int, Entiers]]: ...


class Modele:
    """Variables and constraints; rules may be guarded by assumptions, to find which contradict."""

    def __init__(self, groupe: Groupe, marge: Marge = Marge()) -> None:
        self.groupe, self.marge = groupe, marge
        self.cp = cp_model.CpModel()
        self.tenus: dict[Paire, cp_model.IntVar] = {}
        self.manques: list[cp_model.IntVar] = []
        self._touches: dict[tuple[int, tuple[int, ...]], cp_model.IntVar] = {}
        self._add_postes()
        for regle in groupe.regles:
            self.add_regle(regle)
        for rang, (bas, haut) in (marge.nombres or {}).items():
            self._bound(groupe.compteurs[rang], bas, haut)

    def _bound(self, compteur: Compteur, bas: int, haut: int) -> None:
        """The person holds so many of these duties."""
        tenus = [self.tenus[compteur.personne, q] for q in compteur.postes if (compteur.personne, q) in self.tenus]
        self.cp.add_linear_constraint(sum(tenus), bas, haut)

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

    def sum_surcouts(self, surcouts: Surcouts) -> Expression:
        """How much above the bound a plan costs: each choice that the bound would not make, at its price."""
        termes: list[Expression] = []
        for paire, variable in self.tenus.items():
            if reduit := surcouts.paires.get(paire, 0):
                termes.append(reduit * variable if reduit > 0 else -reduit * (1 - variable))
        for poste, (besoin, reduit) in surcouts.manques.items():
            manque = self.manques[poste]
            termes.append(reduit * manque if reduit > 0 else -reduit * (besoin - manque))
        for rang, (fixes, reduits) in surcouts.marches.items():
            bas, haut = (self.marge.nombres or {}).get(rang, (0, fixes + len(reduits)))
            termes += self._price(rang, bas, haut, [int(reduits[n - fixes]) for n in range(bas, haut)])
        return sum(termes)

    def _price(self, rang: int, bas: int, haut: int, reduits: list[int]) -> list[Expression]:
        if not any(reduits):
            return []
        compteur = self.groupe.compteurs[rang]
        tenus = [self.tenus[compteur.personne, q] for q in compteur.postes if (compteur.personne, q) in self.tenus]
        marches = [self.cp.new_bool_var("") for _ in range(bas, haut)]
        self.cp.add(sum(tenus) == bas + sum(marches))
        for basse, haute in pairwise(marches):
            self.cp.add_implication(haute, basse)
        return [r * m if r > 0 else -r * (1 - m) for r, m in zip(reduits, marches, strict=True) if r]
