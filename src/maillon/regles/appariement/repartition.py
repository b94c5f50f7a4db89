"""Whole waiting list × all places: who is placed, then where, then the proof and the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from maillon.regles.appariement.certificat import Paires, check_choix, check_faisable, check_priorite, compute_borne
from maillon.regles.appariement.couplage import place_all
from maillon.regles.appariement.couts import Couts, build_couts, count_places
from maillon.regles.appariement.explications import explain_attentes, explain_paires
from maillon.regles.appariement.flot import Flot, solve_flot
from maillon.regles.appariement.grille import Booleens, Grille, build_grille, build_masques
from maillon.regles.appariement.trajets import Entiers, Reglages, load_reglages
from maillon.regles.appariement.types import Besoin, Bilan, Certificat, Medecin, Patient, Repartition


def assign(
    patients: Sequence[Patient],
    medecins: Sequence[Medecin],
    *,
    on: date,
    reglages: Reglages | None = None,
    precedent: Mapping[str, str] | None = None,
) -> Repartition:
    """Doctors for all who wait at ``on``: priority first, then the persons' choices, then travel, then fairness.

    ``precedent`` is the doctor by patient of an earlier assignment: among equally good ones, the nearest to it is kept.
    """
    grille = build_grille(patients, medecins, reglages or load_reglages(on=on))
    choix = [sorted(voulus, key=voulus.__getitem__) for voulus in grille.choix]
    depart, choisis = place_all(build_masques(grille), [medecin.places for medecin in grille.medecins], choix)
    lignes = sorted(depart)
    possibles = grille.possibles[lignes]
    for ligne, patient in enumerate(lignes):
        if patient in choisis:
            possibles[ligne] = np.arange(len(grille.medecins)) == depart[patient]
    anciens = _find_anciens(grille, lignes, precedent)
    couts = build_couts(grille.minutes[lignes], grille.medecins, anciens)
    flot, places = _spread(grille, lignes, possibles, couts, [depart[patient] for patient in lignes], anciens)
    paires = [(patient, medecin) for patient, medecin in zip(lignes, places, strict=True)]
    cout = couts.total(list(enumerate(places)))
    borne = compute_borne(couts, flot.prix, possibles)
    certificat = Certificat(
        faisable=check_faisable(grille, paires),
        priorite=check_priorite(grille, paires),
        choix=check_choix(grille, paires),
        optimal=cout == borne,
        cout=cout,
        borne=borne,
        prix={m.cle: max(int(prix), 0) for m, prix in zip(grille.medecins, flot.prix, strict=True)},
    )
    bilans = _sum_up(grille, paires, flot, couts)
    return Repartition(explain_paires(grille, paires, choisis), explain_attentes(grille, paires), bilans, certificat)


def _find_anciens(grille: Grille, lignes: Sequence[int], precedent: Mapping[str, str] | None) -> list[int] | None:
    """Column of each patient's former doctor, −1 for none."""
    if precedent is None:
        return None
    colonnes = {medecin.cle: colonne for colonne, medecin in enumerate(grille.medecins)}
    return [colonnes.get(precedent.get(grille.patients[patient].cle, ""), -1) for patient in lignes]


def _spread(
    grille: Grille,
    lignes: Sequence[int],
    possibles: Booleens,
    couts: Couts,
    depart: Sequence[int],
    anciens: Sequence[int] | None,
) -> tuple[Flot, list[int]]:
    """Optimal flow over groups of identical patients, and the doctor of each: first of a group, nearest doctor."""
    groupes: dict[tuple[object, ...], list[int]] = {}
    for ligne, patient in enumerate(lignes):
        faits = grille.patients[patient]
        visite = Besoin.VISITE in faits.besoins
        cle = (faits.lieu, faits.densite, visite, possibles[ligne].tobytes(), anciens[ligne] if anciens else None)
        groupes.setdefault(cle, []).append(ligne)
    membres = list(groupes.values())
    temoins = [groupe[0] for groupe in membres]
    nombres = np.array([len(groupe) for groupe in membres], dtype=np.int64)
    arcs = [(numero, depart[ligne]) for numero, groupe in enumerate(membres) for ligne in groupe]
    flot = solve_flot(replace(couts, paires=couts.paires[temoins]), nombres, possibles[temoins], arcs)
    places = [-1] * len(lignes)
    for groupe, volumes in zip(membres, flot.volumes, strict=True):
        for ligne, medecin in zip(groupe, _by_travel(volumes, grille.minutes[lignes[groupe[0]]]), strict=True):
            places[ligne] = medecin
    return flot, places


def _by_travel(volumes: Entiers, minutes: Entiers) -> list[int]:
    """Doctors of a group, the nearest first, each as many times as it takes."""
    recus = [int(medecin) for medecin in np.flatnonzero(volumes)]
    recus.sort(key=lambda medecin: (int(minutes[medecin]), medecin))
    return [medecin for medecin in recus for _ in range(int(volumes[medecin]))]


def _sum_up(grille: Grille, paires: Paires, flot: Flot, couts: Couts) -> tuple[Bilan, ...]:
    nombres = count_places(paires, len(grille.medecins))
    bilans = []
    for medecin, nouveaux, prix in zip(grille.medecins, nombres, flot.prix, strict=True):
        plein = 0 < medecin.places == nouveaux
        gain = couts.spare_minutes(int(prix)) if plein else 0
        bilans.append(Bilan(medecin.cle, medecin.places, medecin.charge, int(nouveaux), gain))
    return tuple(bilans)
