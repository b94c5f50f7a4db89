"""The cheapest way to give a doctor to patients who will all have one: min-cost flow, arcs added as prices demand.

Identical patients are one node. The flow starts with the nearest doctors of each; the price of a place at each doctor,
read from the flow, then tells which other arcs could lower the cost, and the flow is solved again until none could.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from maillon.regles.appariement.couts import Couts
from maillon.regles.appariement.grille import Booleens
from maillon.regles.appariement.trajets import Entiers
from maillon.regles.erreurs import ErreurRegle

_PROCHES = 8
_SANS_ARC = 2**61
_SANS_CHEMIN = 2**60


@dataclass(frozen=True, slots=True, eq=False)
class Flot:
    """``volumes`` by group of patients and doctor, and the ``prix`` of a place at each doctor, which prove them."""

    volumes: Entiers
    prix: Entiers


def solve_flot(couts: Couts, nombres: Entiers, possibles: Booleens, depart: Sequence[tuple[int, int]]) -> Flot:
    """Cheapest placement of ``nombres`` patients by group; ``depart`` are pairs that together place them all."""
    if not depart:
        return Flot(np.zeros(possibles.shape, dtype=np.int64), np.zeros(possibles.shape[1], dtype=np.int64))
    arcs = _nearest(couts.paires, possibles)
    arcs[tuple(np.array(depart, dtype=np.int64).T)] = True
    while True:
        volumes = _solve(couts, nombres, arcs)
        prix = _find_prices(couts, volumes, arcs)
        manquants = _find_missing(couts.paires + prix, arcs, possibles)
        if not manquants.any():
            return Flot(volumes, prix)
        arcs |= manquants


def _nearest(paires: Entiers, possibles: Booleens) -> Booleens:
    """The cheapest arcs of each row, when there are many."""
    if paires.shape[1] <= _PROCHES:
        return possibles.copy()
    seuils = np.partition(np.where(possibles, paires, _SANS_ARC), _PROCHES - 1, axis=1)[:, _PROCHES - 1]
    return possibles & (paires <= seuils[:, None])


def _find_missing(valeurs: Entiers, arcs: Booleens, possibles: Booleens) -> Booleens:
    """The best arcs left aside by each row that would be cheaper than those it has."""
    meilleures = np.where(arcs, valeurs, _SANS_ARC).min(axis=1)
    return _nearest(valeurs, possibles & ~arcs & (valeurs < meilleures[:, None]))


def _solve(couts: Couts, nombres: Entiers, arcs: Booleens) -> Entiers:
    """Volumes of the optimal flow over these arcs: groups → doctors → one sink, one arc a place."""
    groupes, medecins = arcs.shape
    puits = groupes + medecins
    lignes, colonnes = np.nonzero(arcs)
    par_place = np.array([len(cout) for cout in couts.places], dtype=np.int64)
    solveur = SimpleMinCostFlow()
    liens = solveur.add_arcs_with_capacity_and_unit_cost(
        lignes, groupes + colonnes, nombres[lignes], couts.paires[lignes, colonnes]
    )
    solveur.add_arcs_with_capacity_and_unit_cost(
        np.repeat(groupes + np.arange(medecins), par_place),
        np.full(par_place.sum(), puits),
        np.ones(par_place.sum(), dtype=np.int64),
        np.concatenate(couts.places),
    )
    solveur.set_nodes_supplies(np.append(np.arange(groupes), puits), np.append(nombres, -nombres.sum()))
    if solveur.solve() != solveur.OPTIMAL:
        raise ErreurRegle("La répartition n’a pas pu être calculée : signalez-le, la liste d’attente n’a pas changé.")
    volumes = np.zeros(arcs.shape, dtype=np.int64)
    volumes[lignes, colonnes] = solveur.flows(liens)
    return volumes


def _find_prices(couts: Couts, volumes: Entiers, arcs: Booleens) -> Entiers:
    """What a place at each doctor is worth: shortest distances of the residual network, drawn down to the doctors.

    Handing one patient over from a doctor to another costs the least difference among those it has; the sink, last,
    takes back or gives a place. At the optimum no cycle is negative, and the distances from the sink are prices.
    """
    medecins = arcs.shape[1]
    echanges = np.full((medecins + 1, medecins + 1), _SANS_ARC, dtype=np.int64)
    accessibles = np.where(arcs, couts.paires, _SANS_ARC)
    occupes = volumes.sum(axis=0)
    for medecin, occupation in enumerate(occupes):
        places = couts.places[medecin]
        if occupation:
            lignes = np.flatnonzero(volumes[:, medecin])
            ecarts = accessibles[lignes] - couts.paires[lignes, medecin][:, None]
            echanges[medecin, :-1] = ecarts.min(axis=0)
            echanges[-1, medecin] = -places[occupation - 1]
        if occupation < len(places):
            echanges[medecin, -1] = places[occupation]
    # A place that is free costs what taking it would; the others, what the residual network says.
    distances = np.where(echanges[:, -1] < _SANS_ARC, -echanges[:, -1], _SANS_CHEMIN)
    distances[-1] = 0
    for _ in range(medecins + 1):
        distances = np.minimum(distances, (distances[:, None] + echanges).min(axis=0))
    return np.asarray(distances[-1] - distances[:-1])
