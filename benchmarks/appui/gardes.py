"""Invented rosters, the same at each run, and how others make them: the plain model of CP-SAT, the round robin."""

from __future__ import annotations

import os
import random
import threading
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

from ortools.sat.python import cp_model

from maillon.regles.gardes import (
    Affectation,
    Genre,
    Indisponibilite,
    Limites,
    Personne,
    Poste,
    Probleme,
    Sens,
    Souhait,
    build_plage,
    classify_jour,
    compute_jours_feries,
)
from maillon.regles.gardes.groupe import Groupe
from maillon.regles.gardes.verification import iter_fautes

DEBUT = date(2027, 1, 4)
PARIS = ZoneInfo("Europe/Paris")
LIMITES = Limites(semaine=1, mois=3, consecutifs=2, week_ends=1, ecart_heures=48)
FILS = os.cpu_count() or 1
# A machine that others use is slower: at most so many times the seconds granted, by the clock on the wall.
PATIENCE = 5


def draw_probleme(medecins: int, jours: int, graine: int) -> Probleme:
    """Evenings of the week, days of the week-end and of public holidays; the same roster at each run."""
    hasard = random.Random(graine)
    feries = {**compute_jours_feries(DEBUT.year), **compute_jours_feries(DEBUT.year + 1)}
    postes = []
    for jour in (DEBUT + timedelta(days=n) for n in range(jours)):
        genre = classify_jour(jour, feries)
        debut, fin = build_plage(jour, *((time(20), time(0)) if genre is Genre.SEMAINE else (time(8), time(20))))
        postes.append(Poste(cle=jour.isoformat(), profession="medecin", debut=debut, fin=fin, genre=genre))
    personnes, absences, souhaits = [], [], []
    for numero in range(medecins):
        cle = f"m{numero:03}"
        anciens = {Genre.SEMAINE: 3, Genre.SAMEDI: 2, Genre.DIMANCHE: 2, Genre.FERIE: 2}
        personnes.append(
            Personne(
                cle=cle,
                profession="medecin",
                quotite=hasard.choice((100, 100, 100, 80, 60, 50)),
                credits=None if hasard.random() < 0.1 else {g: hasard.randrange(n) for g, n in anciens.items()},
                limites=LIMITES,
            )
        )
        absences += draw_absences(cle, jours, hasard)
        for _ in range(max(3, jours // 30)):
            jour = DEBUT + timedelta(days=hasard.randrange(jours))
            sens = hasard.choice((Sens.PREFERE, Sens.EVITE, Sens.EVITE))
            souhaits.append(Souhait(personne=cle, sens=sens, poids=hasard.randrange(1, 6), jour=jour))
        if hasard.random() < 0.5:
            sens, semaine = hasard.choice(list(Sens)), hasard.randrange(1, 8)
            souhaits.append(Souhait(personne=cle, sens=sens, poids=hasard.randrange(1, 4), jour_semaine=semaine))
    return Probleme(
        personnes=tuple(personnes), postes=tuple(postes), indisponibilites=tuple(absences), souhaits=tuple(souhaits)
    )


def draw_absences(cle: str, jours: int, hasard: random.Random) -> Iterable[Indisponibilite]:
    """Days, weeks and fortnights away."""
    jour = 1 + int(hasard.expovariate(0.025))
    while jour < jours:
        duree = hasard.choice((1, 2, 7, 14))
        bornes = [datetime.combine(DEBUT + timedelta(days=n), time(), PARIS) for n in (jour, jour + duree)]
        yield Indisponibilite(personne=cle, debut=bornes[0], fin=bornes[1])
        jour += duree + 1 + int(hasard.expovariate(0.025))


class Chrono:
    """Seconds of a machine at rest: processor time over its threads, so that other programs do not count."""

    def __init__(self, duree: float) -> None:
        self.duree, self.secondes = duree, 0.0

    def run(self, solveur: cp_model.CpSolver, cp: cp_model.CpModel) -> Any:
        """Solve until it is done, or the time granted is over."""
        debut, fini = process_time(), threading.Event()
        reste = max(0.1, self.duree - self.secondes)
        solveur.parameters.max_time_in_seconds = PATIENCE * reste

        def watch() -> None:
            while not fini.wait(0.05):
                if (process_time() - debut) / FILS > reste:
                    solveur.stop_search()

        veilleur = threading.Thread(target=watch)
        veilleur.start()
        statut = solveur.solve(cp)
        fini.set()
        veilleur.join()
        self.secondes += (process_time() - debut) / FILS
        return statut


def solve_plain(probleme: Probleme, duree: float) -> tuple[list[Affectation], bool, float]:
    """The same objectives one after the other, as one would write them first; every processor, no counting bound.

    Returns the roster, whether it is proven, and the seconds that it took of a machine with nothing else to do.
    """
    groupe = Groupe(probleme, "medecin")
    cp = cp_model.CpModel()
    rangs, numeros = range(len(groupe.personnes)), range(len(groupe.postes))
    tenus = {(p, q): cp.new_bool_var("") for p in rangs for q in numeros if groupe.libres[p, q]}
    manques = []
    for q in numeros:
        manque = cp.new_int_var(0, groupe.postes[q].besoin, "")
        cp.add(sum(tenus[p, q] for p in rangs if (p, q) in tenus) + manque == groupe.postes[q].besoin)
        manques.append(groupe.postes[q].importance * manque)
    for regle in groupe.regles:
        touches = []
        for postes in regle.groupes:
            possibles = [tenus[regle.personne, q] for q in postes if (regle.personne, q) in tenus]
            if len(possibles) == 1:
                touches += possibles
            elif possibles:
                touches.append(cp.new_bool_var(""))
                cp.add_max_equality(touches[-1], possibles)
        cp.add(sum(touches) <= regle.limite)
    carres = []
    for compteur in groupe.compteurs:
        possibles = [tenus[compteur.personne, q] for q in compteur.postes if (compteur.personne, q) in tenus]
        haut = compteur.credit + len(possibles)
        charge, carre = cp.new_int_var(compteur.credit, haut, ""), cp.new_int_var(0, haut**2, "")
        cp.add(charge == compteur.credit + sum(possibles))
        cp.add_multiplication_equality(carre, [charge, charge])
        carres.append(compteur.facteur * carre)
    souhaits = sum(int(groupe.souhaits[paire]) * variable for paire, variable in tenus.items())
    chrono, paires, prouve = Chrono(duree), [], True
    for objectif in (sum(manques), sum(carres), -souhaits):
        cp.minimize(objectif)
        solveur = cp_model.CpSolver()
        solveur.parameters.num_workers = FILS
        statut = chrono.run(solveur, cp)
        prouve = prouve and statut == cp_model.OPTIMAL
        if statut not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        paires = [paire for paire, variable in tenus.items() if solveur.boolean_value(variable)]
        cp.add(objectif <= round(solveur.objective_value))
        cp.clear_hints()
        for variable in tenus.values():
            cp.add_hint(variable, solveur.boolean_value(variable))
    return list(groupe.write_paires(paires)), prouve, chrono.secondes


def turn_round(probleme: Probleme) -> list[Affectation]:
    """Round robin: whoever's turn it is and cannot exchanges with the next who can, and goes first next time."""
    file = [personne.cle for personne in probleme.personnes]
    tenus: dict[str, list[Poste]] = defaultdict(list)
    affectations = []
    for poste in sorted(probleme.postes, key=lambda poste: poste.debut):
        for cle in file:
            if next(iter_fautes(probleme, probleme.par_personne[cle], [*tenus[cle], poste]), None) is None:
                tenus[cle].append(poste)
                affectations.append(Affectation(poste.cle, cle))
                file.remove(cle)
                file.append(cle)
                break
    return affectations
