"""Proof of an assignment, from the facts and the prices alone: nothing here knows how it was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from maillon.regles.appariement.couplage import iter_bits
from maillon.regles.appariement.couts import Couts, count_places
from maillon.regles.appariement.grille import Booleens, Grille, build_masques
from maillon.regles.appariement.trajets import Entiers

Paires = Sequence[tuple[int, int]]
_INTERDIT = 2**61


def check_faisable(grille: Grille, paires: Paires) -> bool:
    """One doctor at most a patient, who suits them, and no place taken twice."""
    patients = {patient for patient, _ in paires}
    prises = count_places(paires, len(grille.medecins))
    places = np.array([medecin.places for medecin in grille.medecins], dtype=np.int64)
    conviennent = all(grille.obstacles[patient, medecin] == 0 for patient, medecin in paires)
    return len(patients) == len(paires) and conviennent and bool((prises <= places).all())


def check_priorite(grille: Grille, paires: Paires) -> bool:
    """Nobody left out could be placed, even by moving others, unless a patient of higher rank lost their place.

    From the doctors who suit someone left out, follow those to whom their patients could move: no free place must be
    met, nor any patient of lower rank. Then those doctors are filled by higher ranks who can go nowhere else.
    """
    possibles = build_masques(grille)
    limites = _lowest_ranks(grille, paires, possibles)
    places = {patient for patient, _ in paires}
    return all(
        limites[medecin] < patient
        for patient, masque in enumerate(possibles)
        if patient not in places
        for medecin in iter_bits(masque)
    )


def check_choix(grille: Grille, paires: Paires) -> bool:
    """Nobody could have a doctor they prefer, unless someone lost a place, or a higher rank the doctor they chose.

    Freeing the place they have, no free place may be met from the doctors they prefer; those of higher rank who have a
    doctor of their choice stay there.
    """
    affectes = dict(paires)
    mobiles = dict(enumerate(build_masques(grille)))
    occupants: list[list[int]] = [[] for _ in grille.medecins]
    for patient, medecin in paires:
        occupants[medecin].append(patient)
    portees = [_union(mobiles, presents) for presents in occupants]
    libres = [len(presents) < m.places for presents, m in zip(occupants, grille.medecins, strict=True)]
    for patient in sorted(affectes):
        recu, voulus = affectes[patient], grille.choix[patient]
        for medecin, ordre in voulus.items():
            if ordre < voulus.get(recu, _INTERDIT) and mobiles[patient] >> medecin & 1:
                atteints = _reach(medecin, portees)
                if recu in atteints or any(libres[atteint] for atteint in atteints):
                    return False
        if recu in voulus:
            mobiles[patient] = 1 << recu
            portees[recu] = _union(mobiles, occupants[recu])
    return True


def _union(mobiles: Mapping[int, int], patients: Sequence[int]) -> int:
    union = 0
    for patient in patients:
        union |= mobiles[patient]
    return union


def _lowest_ranks(grille: Grille, paires: Paires, possibles: Sequence[int]) -> list[int]:
    """By doctor, the lowest rank that could give a place up for one more patient; beyond all when a place is free."""
    portees = [0] * len(grille.medecins)
    derniers = [-1] * len(grille.medecins)
    nombres = [0] * len(grille.medecins)
    for patient, medecin in paires:
        portees[medecin] |= possibles[patient]
        derniers[medecin] = max(derniers[medecin], patient)
        nombres[medecin] += 1
    for medecin, nombre in enumerate(nombres):
        if nombre < grille.medecins[medecin].places:
            derniers[medecin] = len(grille.patients)
    return [max(derniers[atteint] for atteint in _reach(medecin, portees)) for medecin in range(len(portees))]


def _reach(depart: int, portees: Sequence[int]) -> list[int]:
    """Doctors that can be reached from one by handing patients over."""
    vus, atteints = 1 << depart, [depart]
    for medecin in atteints:
        nouveaux = portees[medecin] & ~vus
        vus |= nouveaux
        atteints += iter_bits(nouveaux)
    return atteints


def compute_borne(couts: Couts, prix: Entiers, possibles: Booleens) -> int:
    """What no assignment of these patients undercuts: each at its cheapest doctor, places paid; places sold at best.

    ``possibles`` are the doctors of each row of the costs. Any prices give a bound; the right ones give the optimum.
    """
    paye = np.where(possibles, couts.paires + prix, _INTERDIT).min(axis=1, initial=_INTERDIT).sum()
    vendu = sum(int(np.minimum(0, cout - tarif).sum()) for cout, tarif in zip(couts.places, prix, strict=True))
    return int(paye) + vendu
