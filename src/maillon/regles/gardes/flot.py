"""Counting bounds: the roster without gaps, weeks, months and rows is a flow of least cost, solved exactly at once.

Posts → loads by person and kind → loads by person → a sink, with a dearer arc for each more duty; people missing go
straight to the sink. One cost holds all objectives, in their order. The prices of the optimum say what every plan
near the bound must look like: see docs/algorithmes/gardes.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from maillon.regles.gardes.groupe import Compteur, Entiers, Groupe, Paire
from maillon.regles.gardes.modele import Marge
from maillon.regles.gardes.plan import Objectif

_COUT_MAX = 2**62


@dataclass(frozen=True, slots=True)
class Borne:
    """The flow that no plan undercuts, and the reduced cost of each choice: how much dearer it makes any plan.

    Negative, it is how much dearer any plan is that leaves the choice out. ``marches`` are by counter, one a duty more
    than those fixed. The cost is Σ objective × its weight; ``valeurs`` are the objectives of the flow itself.
    """

    poids: Poids
    valeurs: tuple[int, int, int, int]
    paires: dict[Paire, int]
    marches: dict[int, tuple[int, Entiers]]
    manques: dict[int, tuple[int, int]]
    depart: frozenset[Paire]

    def widen(self, ecart: int) -> Marge:
        """What a plan that costs at most ``ecart`` above the bound may hold, and must."""
        return Marge(
            exclues=frozenset(paire for paire, reduit in self.paires.items() if reduit > ecart),
            imposees=frozenset(paire for paire, reduit in self.paires.items() if reduit < -ecart),
            nombres={
                rang: (fixes + int((reduits < -ecart).sum()), fixes + int((reduits <= ecart).sum()))
                for rang, (fixes, reduits) in self.marches.items()
            },
            manques={
                poste: (besoin if reduit < -ecart else 0, 0 if reduit > ecart else besoin)
                for poste, (besoin, reduit) in self.manques.items()
            },
        )


@dataclass(frozen=True, slots=True)
class Poids:
    """What one unit of each objective costs, so that one of the former outweighs all of the latter; a wish costs 1."""

    couverture: int
    changement: int
    equite: int

    def of(self, objectif: Objectif) -> int:
        return {
            Objectif.COUVERTURE: self.couverture,
            Objectif.CHANGEMENTS: self.changement,
            Objectif.EQUITE: self.equite,
            Objectif.SOUHAITS: 1,
        }[objectif]


@dataclass(frozen=True, slots=True)
class Reprise:
    """A plan taken up again, as pairs, and the people who left it: what they held counts as no change."""

    paires: frozenset[Paire]
    sortants: frozenset[int]

    def cost(self, paire: Paire) -> int:
        """What holding this pair adds to the changes, all the former pairs being counted as lost at first."""
        if paire in self.paires:
            return -1
        return 0 if paire[0] in self.sortants else 1


def compute_borne(groupe: Groupe, reprise: Reprise | None = None, *, manque: int | None = None) -> Borne | None:
    """The bound, when duties of one profession all weigh the same; ``None`` when the flow would not tell.

    With ``manque``, among plans of which this is the cover: it says how many people are missing when all posts have the
    same importance.
    """
    importances = {poste.importance for poste in groupe.postes}
    fixes = Counter(poste for _, poste in groupe.fixees)
    if any(nombre > groupe.postes[poste].besoin for poste, nombre in fixes.items()):
        return None
    if not groupe.personnes or len(set(groupe.charges.tolist())) != 1 or (manque is not None and len(importances) > 1):
        return None
    return _Reseau(groupe, reprise, manque).solve()


class _Reseau:
    """The network: nodes are posts, counters by kind, people, then the sink; arcs are rows."""

    def __init__(self, groupe: Groupe, reprise: Reprise | None, manque: int | None) -> None:
        self.groupe, self.reprise = groupe, reprise
        self.absents = 0 if manque is None else manque // groupe.postes[0].importance
        self.charge = int(groupe.charges[0])
        self.arcs: list[tuple[int, int, int, int]] = []
        self.besoins = np.array([poste.besoin for poste in groupe.postes], dtype=np.int64)
        self.ouverts = groupe.libres.copy()
        for rang, poste in groupe.fixees:
            self.besoins[poste] -= 1
            self.ouverts[rang, poste] = False
        self.puits = len(groupe.postes) + len(groupe.compteurs)
        self.echelles = [self._count(compteur) for compteur in groupe.compteurs]
        self.poids = self._weigh()
        self.paires = self._add_paires()
        self.marches = self._add_marches()
        vers, poids = (self.puits, self.poids.couverture) if manque is None else (self.puits + 1, 0)
        self.manques = {
            q: self._add(q, vers, int(besoin), groupe.postes[q].importance * poids)
            for q, besoin in enumerate(self.besoins)
            if not groupe.postes[q].obligatoire
        }

    def _count(self, compteur: Compteur) -> tuple[int, int]:
        """Duties fixed, and how many more the rules of the person could leave them, at most."""
        limites = self.groupe.personnes[compteur.personne].limites
        fixes = [(compteur.personne, poste) in self.groupe.fixees for poste in compteur.postes]
        ouverts = int(self.ouverts[compteur.personne, list(compteur.postes)].sum())
        jours = [self.groupe.jours[q] for q in compteur.postes]
        paquets = (
            (limites.semaine, [jour.isocalendar()[:2] for jour in jours]),
            (limites.mois, [(jour.year, jour.month) for jour in jours]),
            (limites.periode, [(0, 0)] * len(jours)),
        )
        plafonds = [_leave(limite, cles, fixes) for limite, cles in paquets if limite is not None]
        return sum(fixes), min([ouverts, *plafonds])

    def _weigh(self) -> Poids:
        places = int(self.besoins.sum())
        equite = 2 * places * int(np.abs(self.groupe.souhaits).max(initial=0)) + 1
        plus_cher = max(
            _step(compteur, self.charge, fixes + reste)
            for compteur, (fixes, reste) in zip(self.groupe.compteurs, self.echelles, strict=True)
        )
        changement = equite * (4 * places * plus_cher + 1)
        nombre = 2 * places + len(self.reprise.paires) + 1 if self.reprise else 1
        return Poids(changement * nombre, changement, equite)

    def _add(self, depart: int, arrivee: int, capacite: int, cout: int) -> int:
        self.arcs.append((depart, arrivee, capacite, cout))
        return len(self.arcs) - 1

    def _add_paires(self) -> dict[Paire, int]:
        noeuds = {
            (compteur.personne, poste): len(self.groupe.postes) + rang
            for rang, compteur in enumerate(self.groupe.compteurs)
            if compteur.genre is not None
            for poste in compteur.postes
        }
        souhaits = self.groupe.souhaits.tolist()
        paires = {}
        for p, q in np.argwhere(self.ouverts).tolist():
            change = self.reprise.cost((p, q)) if self.reprise else 0
            paires[p, q] = self._add(q, noeuds[p, q], 1, change * self.poids.changement - souhaits[p][q])
        return paires

    def _add_marches(self) -> dict[int, tuple[int, range]]:
        """By counter, the duties fixed and the arcs of those to come."""
        premier = len(self.groupe.postes)
        totaux = {c.personne: premier + rang for rang, c in enumerate(self.groupe.compteurs) if c.genre is None}
        marches = {}
        for rang, (compteur, (fixes, reste)) in enumerate(zip(self.groupe.compteurs, self.echelles, strict=True)):
            arrivee = self.puits if compteur.genre is None else totaux[compteur.personne]
            debut = len(self.arcs)
            for nombre in range(fixes + 1, fixes + reste + 1):
                self._add(premier + rang, arrivee, 1, self.poids.equite * _step(compteur, self.charge, nombre))
            marches[rang] = (fixes, range(debut, len(self.arcs)))
        return marches

    def solve(self) -> Borne | None:
        """The bound, unless the posts that must be covered cannot be, or the costs would not fit."""
        if 1000 * self.poids.couverture > _COUT_MAX // (self.puits + 2):
            return None
        departs, arrivees, capacites, couts = np.array(self.arcs, dtype=np.int64).reshape(-1, 4).T
        solveur = SimpleMinCostFlow()
        liens = solveur.add_arcs_with_capacity_and_unit_cost(departs, arrivees, capacites, couts)
        noeuds = self.puits + 2  # the last one takes those missing when their number is known
        approvisionnements = np.append(self.besoins, np.zeros(noeuds - len(self.besoins), dtype=np.int64))
        approvisionnements[self.puits :] = (self.absents - self.besoins.sum(), -self.absents)
        solveur.set_nodes_supplies(np.arange(noeuds), approvisionnements)
        if solveur.solve() != solveur.OPTIMAL:
            return None
        volumes = solveur.flows(liens)
        reduits = couts + _find_prices(departs, arrivees, capacites, couts, volumes, noeuds)
        return self._read(volumes, reduits)

    def _read(self, volumes: Entiers, reduits: Entiers) -> Borne:
        groupe, poids = self.groupe, self.poids
        tenues = frozenset(p for p, arc in self.paires.items() if volumes[arc]) | groupe.fixees
        changements = 0
        if self.reprise:
            changements = len(self.reprise.paires) + sum(self.reprise.cost(paire) for paire in tenues)
        equite = 0
        for rang, (fixes, arcs) in self.marches.items():
            equite += groupe.compteurs[rang].cost(self.charge * (fixes + int(volumes[arcs.start : arcs.stop].sum())))
        couverture = sum(groupe.postes[q].importance * int(volumes[arc]) for q, arc in self.manques.items())
        souhaits = sum(int(groupe.souhaits[paire]) for paire in tenues)
        return Borne(
            poids=poids,
            valeurs=(couverture, changements, equite, souhaits),
            paires={paire: int(reduits[arc]) for paire, arc in self.paires.items()},
            marches={rang: (fixes, reduits[a.start : a.stop]) for rang, (fixes, a) in self.marches.items()},
            manques={q: (int(self.besoins[q]), int(reduits[arc])) for q, arc in self.manques.items()},
            depart=tenues,
        )


def _leave(limite: int, paquets: list[tuple[int, int]], fixes: list[bool]) -> int:
    """What a limit by week, or by month, leaves beside the duties fixed in each."""
    tenus = dict.fromkeys(paquets, 0)
    for cle, fixe in zip(paquets, fixes, strict=True):
        tenus[cle] += fixe
    return sum(max(0, limite - nombre) for nombre in tenus.values())


def _step(compteur: Compteur, charge: int, nombre: int) -> int:
    """What the n-th duty of a counter costs."""
    return compteur.cost(charge * nombre) - compteur.cost(charge * (nombre - 1))


def _find_prices(
    departs: Entiers, arrivees: Entiers, capacites: Entiers, couts: Entiers, volumes: Entiers, noeuds: int
) -> Entiers:
    """By arc, the difference of the prices of its ends: shortest distances of the residual network, from anywhere."""
    avant, arriere = volumes < capacites, volumes > 0
    origines = np.concatenate([departs[avant], arrivees[arriere]])
    fins = np.concatenate([arrivees[avant], departs[arriere]])
    poids = np.concatenate([couts[avant], -couts[arriere]])
    distances, avant_cela = np.zeros(noeuds, dtype=np.int64), np.ones(noeuds, dtype=np.int64)
    while (distances != avant_cela).any():  # the flow is optimal: no cycle is negative
        avant_cela = distances.copy()
        np.minimum.at(distances, fins, avant_cela[origines] + poids)
    return np.asarray(distances[departs] - distances[arrivees])
