"""Ranked proposals for one patient, each with its reasons, and the doctors left aside, with theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from maillon.regles.appariement.grille import Grille, build_grille
from maillon.regles.appariement.trajets import Reglages, load_reglages
from maillon.regles.appariement.types import (
    REFUS,
    Besoin,
    Candidat,
    Classement,
    Exclusion,
    Medecin,
    Obstacle,
    Patient,
)

_INSECABLE = "\u00a0"


def rank(patient: Patient, medecins: Sequence[Medecin], *, on: date, reglages: Reglages | None = None) -> Classement:
    """Doctors for one patient at ``on``: the person's own choices first, then the nearest, then the least filled.

    ``reglages`` are those of the CPTS, Maillon's working ones by default.
    """
    grille = build_grille([patient], medecins, reglages or load_reglages(on=on))
    colonnes = np.flatnonzero(grille.possibles[0])
    ordre = sorted((int(colonne) for colonne in colonnes), key=lambda colonne: _rank_key(grille, colonne))
    candidats = tuple(_candidate(grille, colonne, rang) for rang, colonne in enumerate(ordre, start=1))
    ecartes = [int(colonne) for colonne in np.flatnonzero(~grille.possibles[0])]
    ecartes.sort(key=lambda colonne: (int(grille.minutes[0, colonne]), grille.medecins[colonne].cle))
    return Classement(candidats, tuple(_exclusion(grille, colonne) for colonne in ecartes))


def _rank_key(grille: Grille, colonne: int) -> tuple[float, int, float, int, str]:
    medecin = grille.medecins[colonne]
    choix = grille.choix[0].get(colonne)
    rempli = medecin.charge / (medecin.charge + medecin.places)
    return (choix or float("inf"), int(grille.minutes[0, colonne]), rempli, -medecin.places, medecin.cle)


def _candidate(grille: Grille, colonne: int, rang: int) -> Candidat:
    medecin = grille.medecins[colonne]
    choix = grille.choix[0].get(colonne)
    trajet = grille.trajet(0, colonne)
    places = f"{medecin.places}{_INSECABLE}place{'s' if medecin.places > 1 else ''}"
    raisons = [say_choix(choix)] if choix else []
    raisons.append(f"{trajet.phrase[0].upper()}{trajet.phrase[1:]}.")
    raisons.append(f"Offre {places}{_say_charge(medecin)}.")
    return Candidat(medecin.cle, rang, trajet, medecin.places, choix, tuple(raisons))


def say_choix(choix: int) -> str:
    """That a doctor is the person's own choice."""
    return "Choisi par la personne." if choix == 1 else f"Choix n°{_INSECABLE}{choix} de la personne."


def _say_charge(medecin: Medecin) -> str:
    if not medecin.charge:
        return ""
    return f" ; {medecin.charge}{_INSECABLE}patient{'s' if medecin.charge > 1 else ''} déjà reçus ou proposés récemment"


def _exclusion(grille: Grille, colonne: int) -> Exclusion:
    obstacles = Obstacle(int(grille.obstacles[0, colonne]))
    raisons = tuple(explain_obstacles(grille, 0, colonne))
    return Exclusion(grille.medecins[colonne].cle, obstacles, grille.trajet(0, colonne), raisons)


def explain_obstacles(grille: Grille, patient: int, colonne: int) -> list[str]:
    """One French sentence an obstacle."""
    obstacles = Obstacle(int(grille.obstacles[patient, colonne]))
    medecin, demande = grille.medecins[colonne], grille.patients[patient]
    phrases = []
    if Obstacle.COMPLET in obstacles:
        phrases.append("N’offre pas de place.")
    if Obstacle.BESOIN in obstacles:
        phrases += [_capital(REFUS[b]) for b in Besoin if b in demande.besoins - medecin.accepte]
    if Obstacle.LANGUE in obstacles:
        phrases.append("Ne parle aucune langue de la personne.")
    if Obstacle.EXCLU in obstacles:
        phrases.append("A refusé cette demande, ou la personne ne le souhaite pas.")
    if Obstacle.TRAJET in obstacles:
        minutes, limite = (int(tableau[patient, colonne]) for tableau in (grille.minutes, grille.limites))
        phrases.append(f"À {minutes}{_INSECABLE}min, au-delà de la limite de {limite}{_INSECABLE}min.")
    return phrases


def _capital(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}."
