"""French sentences: why this doctor for this person, and why nobody for that one."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from maillon.regles.appariement.certificat import Paires
from maillon.regles.appariement.classement import say_choix
from maillon.regles.appariement.couts import count_places
from maillon.regles.appariement.grille import Booleens, Grille
from maillon.regles.appariement.types import REFUS, Affectation, Attente, Besoin, Motif, Obstacle

_INSECABLE = "\u00a0"
_LOIN = 2**31


def explain_paires(grille: Grille, paires: Paires, choisis: Collection[int]) -> tuple[Affectation, ...]:
    """Each pair with its reasons, in the order of the rank."""
    pleins = _full(grille, paires)
    return tuple(_explain_paire(grille, patient, medecin, pleins, patient in choisis) for patient, medecin in paires)


def _full(grille: Grille, paires: Paires) -> Booleens:
    return count_places(paires, len(grille.medecins)) >= np.array(
        [medecin.places for medecin in grille.medecins], dtype=np.int64
    )


def _explain_paire(grille: Grille, patient: int, medecin: int, pleins: Booleens, choisi: bool) -> Affectation:
    trajet = grille.trajet(patient, medecin)
    minutes = np.where(grille.obstacles[patient] == 0, grille.minutes[patient], _LOIN)
    possibles, plus_proches = int((minutes < _LOIN).sum()), int((minutes < trajet.minutes).sum())
    minutes[medecin] = _LOIN
    second = int(minutes.argmin()) if possibles > 1 else None
    choix = grille.choix[patient].get(medecin) if choisi else None
    raisons = [say_choix(choix)] if choix else []
    place = "le seul médecin qui convienne"
    if possibles > 1:
        place = f"{_ordinal(plus_proches)} des {possibles}{_INSECABLE}médecins qui conviennent"
    raisons.append(f"{_capital(trajet.phrase)}{_INSECABLE}: {place}.")
    if plus_proches and not choix:
        raisons.append("Les places plus proches vont à d’autres, sans quoi le total des trajets serait plus long.")
    egaux = int((minutes == trajet.minutes).sum())  # the doctor itself is put away by now
    if egaux and not choix:
        autres = "un autre" if egaux == 1 else f"{egaux}{_INSECABLE}autres"
        raisons.append(f"À trajet égal avec {autres}{_INSECABLE}: les médecins sont remplis également.")
    if second is not None:
        ailleurs = grille.trajet(patient, second)
        complet = ", complet" if pleins[second] else ""
        raisons.append(f"Sinon {grille.medecins[second].appel}{complet}{_INSECABLE}: {ailleurs.phrase}.")
    return Affectation(
        patient=grille.patients[patient].cle,
        medecin=grille.medecins[medecin].cle,
        rang=patient + 1,
        trajet=trajet,
        choix=choix,
        possibles=possibles,
        plus_proches=plus_proches,
        second=None if second is None else grille.medecins[second].cle,
        second_trajet=None if second is None else grille.trajet(patient, second),
        raisons=tuple(raisons),
    )


def _ordinal(plus_proches: int) -> str:
    return f"le {plus_proches + 1}e plus proche" if plus_proches else "le plus proche"


def _capital(phrase: str) -> str:
    return f"{phrase[0].upper()}{phrase[1:]}"


def explain_attentes(grille: Grille, paires: Paires) -> tuple[Attente, ...]:
    """Each patient left out with the reason, in the order of the rank."""
    places = {patient for patient, _ in paires}
    return tuple(_explain_attente(grille, p) for p in range(len(grille.patients)) if p not in places)


def _explain_attente(grille: Grille, patient: int) -> Attente:
    """The first thing that leaves nobody: a place, a need, the distance, a refusal; else, the rank."""
    obstacles = grille.obstacles[patient]
    offrent = obstacles & Obstacle.COMPLET == 0
    conviennent = offrent & (obstacles & (Obstacle.BESOIN | Obstacle.LANGUE) == 0)
    proches = conviennent & (obstacles & Obstacle.TRAJET == 0)
    libres = proches & (obstacles & Obstacle.EXCLU == 0)
    bloquants: tuple[str, ...] = ()
    if not offrent.any():
        motif, phrase = Motif.AUCUNE_PLACE, "Aucun médecin n’offre de place."
    elif not conviennent.any():
        motif, phrase = Motif.BESOIN, _say_besoins(grille, patient, offrent)
    elif not proches.any():
        motif, phrase = Motif.TRAJET, _say_trajet(grille, patient, conviennent)
    elif not libres.any():
        motif, phrase = Motif.EXCLUS, _say_exclus(int(proches.sum()))
    else:
        motif, phrase = Motif.RANG, _say_rang(int(libres.sum()))
        bloquants = tuple(grille.medecins[colonne].cle for colonne in np.flatnonzero(libres))
    return Attente(grille.patients[patient].cle, patient + 1, motif, bloquants, (phrase,))


def _say_besoins(grille: Grille, patient: int, offrent: Booleens) -> str:
    """The needs that nobody meets; failing that, that nobody meets them together."""
    demande = grille.patients[patient]
    offres = [grille.medecins[colonne] for colonne in np.flatnonzero(offrent)]
    sans = [b for b in Besoin if b in demande.besoins and all(b not in medecin.accepte for medecin in offres)]
    manquants = [REFUS[besoin].replace(" pas", "") for besoin in sans]
    if demande.langues and all(demande.langues.isdisjoint(medecin.langues) for medecin in offres):
        manquants.append("ne parle une langue de la personne")
    if not manquants:
        return "Aucun médecin qui offre une place ne répond à la fois à tous les besoins de la personne."
    return f"Aucun médecin qui offre une place {', ni '.join(manquants)}."


def _say_trajet(grille: Grille, patient: int, conviennent: Booleens) -> str:
    plus_proche = int(np.where(conviennent, grille.minutes[patient], _LOIN).argmin())
    minutes, limite = (int(tableau[patient, plus_proche]) for tableau in (grille.minutes, grille.limites))
    visite = " pour une visite à domicile" if Besoin.VISITE in grille.patients[patient].besoins else ""
    return (
        f"Le médecin le plus proche qui convienne est à {minutes}{_INSECABLE}min, "
        f"au-delà de la limite de {limite}{_INSECABLE}min{visite}."
    )


def _say_exclus(nombre: int) -> str:
    if nombre == 1:
        return "Le seul médecin qui convienne a refusé, ou la personne ne le souhaite pas."
    return f"Les {nombre}{_INSECABLE}médecins qui conviennent ont refusé, ou la personne ne les souhaite pas."


def _say_rang(nombre: int) -> str:
    if nombre == 1:
        return "Les places du seul médecin qui convienne vont à des personnes mieux placées dans la liste."
    return (
        f"Les places des {nombre}{_INSECABLE}médecins qui conviennent vont à des personnes mieux placées dans la liste."
    )
