"""Duty rosters: time to the proven optimum, beside the plain model and the round robin that people use.

    ./dev bench gardes [--graines 5] [--pair 60]

Rosters over an invented territory, several seeds a size: 44 doctors × 91 days, 112 × 91, 44 × 365, with part-times,
leave, wishes, credits, and limits by week, month, week-end, row and gap. Beside:

- the plain model: the same objectives, one after the other, by CP-SAT on two threads, without counting bounds, within
  ``--pair`` seconds (one seed a size);
- the round robin: each in turn, and whoever cannot exchanges with the next who can; the rules are kept;
- a doctor drops out of the first roster: least change, and what solving anew would have changed.

Time is that of the processor (one thread: the clock of a machine at rest) and of the wall; the ratio is that of the
walls. Every plan goes through the independent checker. Writes var/mesures/gardes.json; exits with 1 when a target is
missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from datetime import time as heure
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

RACINE = Path(__file__).parent.parent
sys.path.insert(0, str(RACINE / "src"))

from ortools.sat.python import cp_model  # noqa: E402

from maillon.regles.gardes import (  # noqa: E402
    Affectation,
    Genre,
    Indisponibilite,
    Limites,
    Objectif,
    Personne,
    Plan,
    Poste,
    Probleme,
    Sens,
    Souhait,
    build_plage,
    check,
    classify_jour,
    compute_jours_feries,
    replan,
    solve,
)
from maillon.regles.gardes.groupe import Groupe  # noqa: E402
from maillon.regles.gardes.mesures import build_bilans  # noqa: E402
from maillon.regles.gardes.verification import iter_fautes  # noqa: E402

RESULTATS = RACINE / "var" / "mesures"
DEBUT = date(2027, 1, 4)
PARIS = ZoneInfo("Europe/Paris")
TAILLES = {"44 × 91": (44, 91, 3.0), "112 × 91": (112, 91, 5.0), "44 × 365": (44, 365, 15.0)}
RAPPORT = 10.0
LIMITES = Limites(semaine=1, mois=3, consecutifs=2, week_ends=1, ecart_heures=48)


def draw_probleme(medecins: int, jours: int, graine: int) -> Probleme:
    """Evenings of the week, days of the week-end and of public holidays; the same roster at each run."""
    hasard = random.Random(graine)
    feries = {**compute_jours_feries(DEBUT.year), **compute_jours_feries(DEBUT.year + 1)}
    postes = []
    for jour in (DEBUT + timedelta(days=n) for n in range(jours)):
        genre = classify_jour(jour, feries)
        debut, fin = build_plage(jour, *((heure(20), heure(0)) if genre is Genre.SEMAINE else (heure(8), heure(20))))
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
        bornes = [datetime.combine(DEBUT + timedelta(days=n), heure(), PARIS) for n in (jour, jour + duree)]
        yield Indisponibilite(personne=cle, debut=bornes[0], fin=bornes[1])
        jour += duree + 1 + int(hasard.expovariate(0.025))


# Peers ----------------------------------------------------------------------------------------------------------------


def solve_plain(probleme: Probleme, duree: float) -> tuple[list[Affectation], bool, float]:
    """The same objectives one after the other, as one would write them first; every processor, no counting bound."""
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
    debut, paires, prouve = time.perf_counter(), [], True
    for objectif in (sum(manques), sum(carres), -souhaits):
        cp.minimize(objectif)
        solveur = cp_model.CpSolver()
        solveur.parameters.num_workers = os.cpu_count() or 1
        solveur.parameters.max_time_in_seconds = max(0.1, duree - (time.perf_counter() - debut))
        statut = solveur.solve(cp)
        prouve = prouve and statut == cp_model.OPTIMAL
        if statut not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        paires = [paire for paire, variable in tenus.items() if solveur.boolean_value(variable)]
        cp.add(objectif <= round(solveur.objective_value))
        cp.clear_hints()
        for variable in tenus.values():
            cp.add_hint(variable, solveur.boolean_value(variable))
    secondes = time.perf_counter() - debut
    return list(groupe.write_paires(paires)), prouve, secondes


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


# Measures -------------------------------------------------------------------------------------------------------------


def judge(probleme: Probleme, affectations: Iterable[Affectation]) -> dict[str, Any]:
    """What a roster is worth: the three objectives, and the total deviation from the fair shares, in duties."""
    affectations = list(affectations)
    verification = check(probleme, affectations)
    groupe = Groupe(probleme, "medecin")
    bilans = build_bilans(groupe, groupe.read_paires(affectations))
    return {
        "valide": verification.valide,
        "manques": verification.couverture,
        "inequite": verification.equite,
        "ecart_gardes": float(sum(abs(b.ecart) for b in bilans if b.genre is not None)),
        "ecart_max": float(max(abs(b.ecart) for b in bilans)),
        "souhaits": verification.souhaits,
    }


def time_solve(probleme: Probleme) -> tuple[Plan, float, float]:
    processeur, mur = time.process_time(), time.perf_counter()
    plan = solve(probleme, duree=300)
    return plan, time.process_time() - processeur, time.perf_counter() - mur


def run_taille(nom: str, graines: int, pair: float) -> dict[str, Any]:
    """One size: our times on every seed, the peers on the first."""
    medecins, jours, cible = TAILLES[nom]
    problemes = [draw_probleme(medecins, jours, graine) for graine in range(graines)]
    mesures = [time_solve(probleme) for probleme in problemes]
    simple, prouve, secondes = solve_plain(problemes[0], pair)
    return {
        "cible_s": cible,
        "prouves": [plan.prouve for plan, _, _ in mesures],
        "valides": [check(q, plan).valide for q, (plan, _, _) in zip(problemes, mesures, strict=True)],
        "processeur_s": [round(cpu, 3) for _, cpu, _ in mesures],
        "horloge_s": [round(mur, 3) for _, _, mur in mesures],
        "rapport": round(secondes / mesures[0][2], 1),
        "pair": {"prouve": prouve, "horloge_s": round(secondes, 2)},
        "qualite": {
            "Maillon": judge(problemes[0], mesures[0][0].affectations),
            "modèle simple": judge(problemes[0], simple),
            "tour de rôle": judge(problemes[0], turn_round(problemes[0])),
        },
    }


def run_retraits(nombre: int) -> dict[str, Any]:
    """People drop out of a roster, one at a time: changes for the others, and what solving anew would change."""
    probleme = draw_probleme(*TAILLES["44 × 91"][:2], 0)
    plan = solve(probleme, duree=60)
    retraits = []
    for personne in probleme.personnes[:nombre]:
        absence = Indisponibilite(personne=personne.cle)
        debut = time.perf_counter()
        apres = replan(probleme, plan, [absence], duree=60)
        secondes = time.perf_counter() - debut
        autre = solve(replace_absences(probleme, absence), duree=60)
        restent = {a for a in plan.affectations if a.personne != personne.cle}
        retraits.append(
            {
                "prouve": apres.prouve,
                "manques": apres.niveau(Objectif.COUVERTURE).valeur,
                "gardes_a_reprendre": len(plan.affectations) - len(restent),
                "changements": apres.niveau(Objectif.CHANGEMENTS).valeur,
                "changements_a_neuf": len(restent ^ set(autre.affectations)),
                "horloge_s": round(secondes, 3),
            }
        )
    return {"retraits": retraits}


def replace_absences(probleme: Probleme, absence: Indisponibilite) -> Probleme:
    return Probleme(
        personnes=probleme.personnes,
        postes=probleme.postes,
        indisponibilites=(*probleme.indisponibilites, absence),
        souhaits=probleme.souhaits,
    )


def show(nom: str, resultat: dict[str, Any]) -> None:
    cpu, mur = (statistics.median(resultat[cle]) for cle in ("processeur_s", "horloge_s"))
    print(f"\n{nom} : prouvé {sum(resultat['prouves'])} fois sur {len(resultat['prouves'])}")
    print(f"  {cpu:.2f} s de processeur, {mur:.2f} s d’horloge (médianes ; cible {resultat['cible_s']:.0f} s)")
    pair = resultat["pair"]
    print(
        f"  modèle simple : {'prouvé' if pair['prouve'] else 'non prouvé'} en {pair['horloge_s']:.1f} s, "
        f"{resultat['rapport']:.0f} fois plus{'' if pair['prouve'] else ' au moins'}"
    )
    print(f"  {'':<16}{'manques':>9}{'inéquité':>12}{'écart':>9}{'pire':>7}{'souhaits':>10}")
    for regle, q in resultat["qualite"].items():
        print(
            f"  {regle:<16}{q['manques']:>9}{q['inequite']:>12}{q['ecart_gardes']:>9.1f}{q['ecart_max']:>7.2f}"
            f"{q['souhaits']:>10}{'' if q['valide'] else '   règles enfreintes'}"
        )


def is_met(resultat: dict[str, Any]) -> bool:
    """Whether a size reaches its target; the clock is the processor's, for other programs may run."""
    rapide = statistics.median(resultat["processeur_s"]) <= resultat["cible_s"]
    return rapide and all(resultat["prouves"]) and all(resultat["valides"]) and resultat["rapport"] >= RAPPORT


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--graines", type=int, default=5, help="tableaux de chaque taille (5)")
    arguments.add_argument("--pair", type=float, default=60, help="secondes laissées au modèle simple (60)")
    choix = arguments.parse_args()
    tailles = {}
    for nom in TAILLES:
        tailles[nom] = run_taille(nom, choix.graines, choix.pair)
        show(nom, tailles[nom])
    reprises = run_retraits(6)
    for cle in ("gardes_a_reprendre", "changements", "changements_a_neuf", "horloge_s"):
        print(f"retrait d’une personne, {cle} : {[retrait[cle] for retrait in reprises['retraits']]}")
    revision = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    contenu = {
        "revision": revision.stdout.strip(),
        "coeurs": os.cpu_count(),
        "python": platform.python_version(),
        "rapport_cible": RAPPORT,
        "tailles": tailles,
        **reprises,
    }
    RESULTATS.mkdir(parents=True, exist_ok=True)
    chemin = RESULTATS / "gardes.json"
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\nÉcrit dans {chemin}")
    atteint = all(map(is_met, tailles.values())) and all(retrait["prouve"] for retrait in reprises["retraits"])
    return 0 if atteint else 1


if __name__ == "__main__":
    sys.exit(main())
