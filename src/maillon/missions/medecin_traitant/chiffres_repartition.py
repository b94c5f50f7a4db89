"""The figures of an assignment, from the rule's answer: pure functions, without database nor clock."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import median
from typing import Any

import numpy as np

from maillon.regles.appariement import Medecin, Repartition
from maillon.regles.appariement.grille import Grille

VERSION = "1"
LOIN = 1 << 30
SUIVANTS_PAR_PLACE = 2


@dataclass(frozen=True, slots=True)
class Presence:
    """What figures need of a request besides the rule's facts."""

    niveau: str


def reserve_places(medecins: Sequence[Medecin], *, pour_cent: int) -> list[Medecin]:
    """The same doctors with that share of their places kept back, rounded up in favour of the reserve, one at least
    left to give."""
    kept = []
    for medecin in medecins:
        reserve = -(-medecin.places * pour_cent // 100)
        kept.append(replace(medecin, places=max(medecin.places - reserve, min(medecin.places, 1))))
    return kept


class Ordre:
    """For each patient, the doctors who suit, nearest first."""

    def __init__(self, grille: Grille) -> None:
        self.grille = grille
        self._order = np.argsort(np.where(grille.possibles, grille.minutes, LOIN), axis=1, kind="stable")
        self._nombre = grille.possibles.sum(axis=1)
        self._ligne = {patient.cle: ligne for ligne, patient in enumerate(grille.patients)}

    def of(self, patient: str) -> Iterator[tuple[str, int]]:
        """Keys of the doctors and minutes to them."""
        ligne = self._ligne[patient]
        for colonne in self._order[ligne, : self._nombre[ligne]]:
            yield self.grille.medecins[colonne].cle, int(self.grille.minutes[ligne, colonne])


class Remplacants:
    """Who is asked after the first doctor: the nearest with places left by the assignment, each standing next for at
    most two people a free place, so that refusals do not all land on the same one."""

    def __init__(self, ordre: Ordre, libres: Mapping[str, int]) -> None:
        self._ordre = ordre
        self._quota = {cle: libre * SUIVANTS_PAR_PLACE for cle, libre in libres.items() if libre > 0}

    def choose(self, patient: str, *, sauf: str, nombre: int) -> list[str]:
        """The next ones, fewer when fewer are free."""
        chosen: list[str] = []
        if nombre and self._quota:
            free = (cle for cle, _ in self._ordre.of(patient) if cle != sauf and self._quota.get(cle, 0) > 0)
            chosen = list(islice(free, nombre))
        for cle in chosen:
            self._quota[cle] -= 1
            if not self._quota[cle]:
                del self._quota[cle]
        return chosen


def assign_by_arrival(ordre: Ordre) -> list[tuple[str, int]]:
    """What a notebook does: the oldest request first takes the nearest doctor who suits and has a place left."""
    left = {medecin.cle: medecin.places for medecin in ordre.grille.medecins if medecin.places}
    pairs = []
    for patient in sorted(ordre.grille.patients, key=lambda patient: (patient.deposee_le, patient.cle)):
        if not left:
            break
        found = next(((cle, minutes) for cle, minutes in ordre.of(patient.cle) if cle in left), None)
        if found is None:
            continue
        cle, minutes = found
        pairs.append((patient.cle, minutes))
        left[cle] -= 1
        if not left[cle]:
            del left[cle]
    return pairs


def summarise(
    resultat: Repartition, presences: Mapping[str, Presence], *, sans_ordre: Sequence[tuple[str, int]]
) -> dict[str, Any]:
    """What the page says of a run. `sans_ordre` is what « the first come takes the nearest » would have given."""
    paires = [(a.patient, a.trajet.minutes) for a in resultat.affectations]
    return {
        "demandes": len(presences),
        "niveaux": dict(Counter(presence.niveau for presence in presences.values())),
        "places": sum(bilan.places for bilan in resultat.bilans),
        "obtenu": describe(paires, presences),
        "premier_arrive": describe(sans_ordre, presences),
        "choix_suivis": sum(1 for a in resultat.affectations if a.choix),
        "medecins": [
            {
                "medecin": b.medecin,
                "places": b.places,
                "charge": b.charge,
                "nouveaux": b.nouveaux,
                "gain": b.gain_minutes,
            }
            for b in resultat.bilans
        ],
    }


def describe(paires: Sequence[tuple[str, int]], presences: Mapping[str, Presence]) -> dict[str, Any]:
    """How many have a doctor, by priority, and how far they go."""
    minutes = sorted(minutes for _, minutes in paires)
    return {
        "avec_medecin": len(paires),
        "niveaux": dict(Counter(presences[patient].niveau for patient, _ in paires)),
        "minutes": sum(minutes),
        "mediane": median(minutes) if minutes else None,
        "p95": minutes[max(0, -(-len(minutes) * 95 // 100) - 1)] if minutes else None,
    }
