"""The least unfairness that counting allows when everything is covered: loads handed out one unit at a time.

Each unit goes where it costs least, which is the exact apportionment of whole loads (Sainte-Laguë's, for squares). It
needs no roster: who can be when is left aside, so that no roster does better.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heapreplace
from math import gcd

from maillon.regles.gardes.groupe import Compteur, Groupe


def apportion_equite(groupe: Groupe) -> int:
    """Least unfairness of any roster that leaves nobody missing; each kind, and the whole, counted alone."""
    par_genre: dict[object, list[Compteur]] = {}
    for compteur in groupe.compteurs:
        par_genre.setdefault(compteur.genre, []).append(compteur)
    return sum(_apportion(groupe, compteurs) for compteurs in par_genre.values())


def _apportion(groupe: Groupe, compteurs: Sequence[Compteur]) -> int:
    postes = compteurs[0].postes
    pas = gcd(*(int(groupe.charges[q]) for q in postes)) or 1
    unites = sum(groupe.postes[q].besoin * int(groupe.charges[q]) // pas for q in postes)
    total = sum(compteur.cost(0) for compteur in compteurs)
    file = [(c.cost(pas) - c.cost(0), rang, 1) for rang, c in enumerate(compteurs)]
    heapify(file)
    for _ in range(unites):
        cout, rang, nombre = file[0]
        total += cout
        compteur = compteurs[rang]
        suivant = compteur.cost(pas * (nombre + 1)) - compteur.cost(pas * nombre)
        heapreplace(file, (suivant, rang, nombre + 1))
    return total
