"""Who can take whom, and how far: one table of patients by rank × doctors by key. Arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from maillon.regles.appariement.trajets import Entiers, Reels, Reglages, estimate_minutes, measure_km
from maillon.regles.appariement.types import Besoin, Densite, Lieu, Medecin, Obstacle, Patient, Trajet
from maillon.regles.erreurs import SaisieInvalide

Booleens = npt.NDArray[np.bool_]
_BITS = {besoin: 1 << rang for rang, besoin in enumerate(Besoin)}


@dataclass(frozen=True, slots=True, eq=False)
class Grille:
    """``minutes``, ``km`` and ``obstacles`` by patient and doctor; ``choix`` the order of the doctors each asks for."""

    patients: tuple[Patient, ...]
    medecins: tuple[Medecin, ...]
    minutes: Entiers
    km: Reels
    limites: Entiers
    obstacles: Entiers
    possibles: Booleens
    choix: tuple[Mapping[int, int], ...]

    def trajet(self, patient: int, medecin: int) -> Trajet:
        km = float(self.km[patient, medecin])
        return Trajet(int(self.minutes[patient, medecin]), None if np.isnan(km) else km)


def build_grille(patients: Sequence[Patient], medecins: Sequence[Medecin], reglages: Reglages) -> Grille:
    """The table, in an order that does not depend on that of the input."""
    rangs = tuple(sorted(patients, key=lambda patient: patient.rang))
    cles = tuple(sorted(medecins, key=lambda medecin: medecin.cle))
    _check_uniques([patient.cle for patient in rangs], "patients")
    _check_uniques([medecin.cle for medecin in cles], "médecins")
    colonne = {medecin.cle: numero for numero, medecin in enumerate(cles)}
    minutes, km = _measure(rangs, cles, reglages)
    limites = _limits(rangs, cles, reglages)
    minutes = np.where(np.isnan(km), limites, minutes)
    obstacles = _find_obstacles(rangs, cles)
    obstacles[minutes > limites] |= Obstacle.TRAJET
    choix = tuple(
        {colonne[cle]: ordre for ordre, cle in enumerate(patient.choix, start=1) if cle in colonne} for patient in rangs
    )
    for ligne, patient in enumerate(rangs):
        for cle in patient.exclus & colonne.keys():
            obstacles[ligne, colonne[cle]] |= Obstacle.EXCLU
        for demande in choix[ligne]:
            obstacles[ligne, demande] &= ~int(Obstacle.TRAJET)
    return Grille(rangs, cles, minutes, km, limites, obstacles, np.equal(obstacles, 0), choix)


def build_masques(grille: Grille) -> list[int]:
    """Doctors who suit each patient, as one integer: one bit a doctor."""
    octets = np.packbits(grille.possibles, axis=1, bitorder="little")
    return [int.from_bytes(ligne.tobytes(), "little") for ligne in octets]


def _check_uniques(cles: Sequence[str], nom: str) -> None:
    if len(set(cles)) != len(cles):
        raise SaisieInvalide(f"Deux {nom} ont la même clé : l’appariement ne peut pas les distinguer.")


def _measure(patients: Sequence[Patient], medecins: Sequence[Medecin], reglages: Reglages) -> tuple[Entiers, Reels]:
    """Minutes and kilometres to the nearest place of each doctor; not a number when a place is unknown."""
    forme = (len(patients), len(medecins))
    km = np.full(forme, np.nan)
    minutes = np.zeros(forme, dtype=np.int64)
    situes = [numero for numero, medecin in enumerate(medecins) if medecin.lieux]
    connus = [numero for numero, patient in enumerate(patients) if patient.lieu]
    if not situes or not connus:
        return minutes, km
    arrivees = [lieu for numero in situes for lieu in medecins[numero].lieux]
    debuts = np.cumsum([0, *(len(medecins[numero].lieux) for numero in situes[:-1])])
    lieux: dict[Lieu, int] = {}
    lignes = [lieux.setdefault(lieu, len(lieux)) for numero in connus if (lieu := patients[numero].lieu)]
    par_lieu = np.minimum.reduceat(measure_km(list(lieux), arrivees, reglages), debuts, axis=1)
    km[np.ix_(connus, situes)] = par_lieu[lignes]
    for densite in Densite:
        memes = [numero for numero in connus if patients[numero].densite is densite]
        minutes[np.ix_(memes, situes)] = estimate_minutes(km[np.ix_(memes, situes)], densite, reglages)
    return minutes, km


def _limits(patients: Sequence[Patient], medecins: Sequence[Medecin], reglages: Reglages) -> Entiers:
    visites = np.array([Besoin.VISITE in patient.besoins for patient in patients], dtype=bool)
    a_domicile = [
        reglages.limite_visite if medecin.visite_minutes is None else medecin.visite_minutes for medecin in medecins
    ]
    return np.where(visites[:, None], np.array(a_domicile, dtype=np.int64)[None, :], reglages.limite_cabinet)


def _find_obstacles(patients: Sequence[Patient], medecins: Sequence[Medecin]) -> Entiers:
    """Places, needs and languages."""
    langues: dict[str, int] = {}
    demandes = np.array([_bits(patient.besoins) for patient in patients], dtype=np.int64)[:, None]
    offres = np.array([_bits(medecin.accepte) for medecin in medecins], dtype=np.int64)[None, :]
    comprises = [_languages(patient.langues, langues) for patient in patients]
    parlees = [_languages(medecin.langues, langues) for medecin in medecins]
    if len(langues) > 62:
        raise SaisieInvalide("L’appariement connaît au plus 62 langues : vérifiez la liste.")
    entendues = np.array(comprises, dtype=np.int64)[:, None]
    obstacles = np.zeros((len(patients), len(medecins)), dtype=np.int64)
    obstacles[:, np.array([medecin.places == 0 for medecin in medecins], dtype=bool)] |= Obstacle.COMPLET
    obstacles[(demandes & ~offres) != 0] |= Obstacle.BESOIN
    obstacles[(entendues != 0) & ((entendues & np.array(parlees, dtype=np.int64)[None, :]) == 0)] |= Obstacle.LANGUE
    return obstacles


def _bits(besoins: frozenset[Besoin]) -> int:
    return sum(_BITS[besoin] for besoin in besoins)


def _languages(codes: frozenset[str], connues: dict[str, int]) -> int:
    # Sorted: numbers given in the order of a set would change from one process to the next.
    return sum(1 << connues.setdefault(code, len(connues)) for code in sorted(codes))
