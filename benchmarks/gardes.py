"""Duty rosters: time to the proven optimum, beside the plain model and the round robin that people use.

    ./dev bench gardes [--graines 50 10 3] [--pair 20] [--tailles "44 × 91" …]

Rosters over an invented territory, several seeds a size: 50 of 44 doctors × 91 days, 10 of 112 × 91, 3 of 44 × 365,
with part-times, leave, wishes, credits, and limits by week, month, week-end, row and gap. Beside:

- the plain model: the same objectives, one after the other, by CP-SAT on every processor, without counting bounds,
  within ``--pair`` seconds, or enough to know the ratio (one seed a size);
- both on rosters so small that the plain model ends (``--petits``): every value must be the same;
- the round robin: each in turn, and whoever cannot exchanges with the next who can; the rules are kept;
- a doctor drops out of the first roster: least change, and what solving anew would have changed.

Times are of the processor, by thread: the clock of a machine at rest, whatever else runs. Every plan goes through
the independent checker, which counts the objectives again. Writes var/mesures/gardes.json; says each target missed,
and exits with 1 then.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

RACINE = Path(__file__).parent.parent
sys.path[:0] = [str(RACINE / "src"), str(RACINE / "benchmarks")]

from appui.gardes import draw_probleme, solve_plain, turn_round  # noqa: E402

from maillon.regles.gardes import (  # noqa: E402
    Affectation,
    Indisponibilite,
    Objectif,
    Plan,
    Probleme,
    check,
    replan,
    solve,
)
from maillon.regles.gardes.groupe import Groupe  # noqa: E402
from maillon.regles.gardes.mesures import build_bilans  # noqa: E402

RESULTATS = RACINE / "var" / "mesures"
# Doctors, days, seconds, seeds.
TAILLES = {"44 × 91": (44, 91, 3.0, 50), "112 × 91": (112, 91, 5.0, 10), "44 × 365": (44, 365, 15.0, 3)}
PETITE = (8, 21)
RAPPORT = 10.0


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


def rank(jugement: dict[str, Any]) -> tuple[int, int, int]:
    """The objectives in their order, least first."""
    return jugement["manques"], jugement["inequite"], -jugement["souhaits"]


def time_solve(probleme: Probleme) -> tuple[Plan, float, float]:
    processeur, mur = time.process_time(), time.perf_counter()
    plan = solve(probleme, duree=300)
    return plan, time.process_time() - processeur, time.perf_counter() - mur


def run_taille(nom: str, graines: int, pair: float) -> dict[str, Any]:
    """One size: our times on every seed, the peers on the first."""
    medecins, jours, cible, _ = TAILLES[nom]
    problemes = [draw_probleme(medecins, jours, graine) for graine in range(graines)]
    mesures = [time_solve(probleme) for probleme in problemes]
    simple, prouve, secondes = solve_plain(problemes[0], max(pair, 1.2 * RAPPORT * mesures[0][1]))
    return {
        "cible_s": cible,
        "prouves": [plan.prouve for plan, _, _ in mesures],
        "valides": [check(q, plan).valide for q, (plan, _, _) in zip(problemes, mesures, strict=True)],
        "processeur_s": [round(cpu, 3) for _, cpu, _ in mesures],
        "horloge_s": [round(mur, 3) for _, _, mur in mesures],
        "rapport": round(secondes / mesures[0][1], 1),
        "pair": {"prouve": prouve, "secondes": round(secondes, 2)},
        "qualite": {
            "Maillon": judge(problemes[0], mesures[0][0].affectations),
            "modèle simple": judge(problemes[0], simple),
            "tour de rôle": judge(problemes[0], turn_round(problemes[0])),
        },
    }


def run_petits(nombre: int) -> dict[str, Any]:
    """Rosters so small that the plain model proves its optimum: ours must be worth the same, objective by objective."""
    paires = []
    for graine in range(nombre):
        probleme = draw_probleme(*PETITE, graine)
        plan = solve(probleme, duree=60)
        simple, prouve, _ = solve_plain(probleme, 20)
        notre, autre = rank(judge(probleme, plan.affectations)), rank(judge(probleme, simple))
        paires.append({"prouve": plan.prouve, "pair_prouve": prouve, "egaux": notre == autre, "pire": notre > autre})
    return {"petits": paires}


def run_retraits(nombre: int) -> dict[str, Any]:
    """People drop out of a roster, one at a time: changes for the others, and what solving anew would change."""
    probleme = draw_probleme(*TAILLES["44 × 91"][:2], 0)
    plan = solve(probleme, duree=60)
    retraits = []
    for personne in probleme.personnes[:nombre]:
        absence = Indisponibilite(personne=personne.cle)
        debut = time.process_time()
        apres = replan(probleme, plan, [absence], duree=60)
        secondes = time.process_time() - debut
        autre = solve(replace(probleme, indisponibilites=(*probleme.indisponibilites, absence)), duree=60)
        restent = {a for a in plan.affectations if a.personne != personne.cle}
        retraits.append(
            {
                "prouve": apres.prouve,
                "manques": apres.niveau(Objectif.COUVERTURE).valeur,
                "gardes_a_reprendre": len(plan.affectations) - len(restent),
                "changements": apres.niveau(Objectif.CHANGEMENTS).valeur,
                "changements_a_neuf": len(restent ^ set(autre.affectations)),
                "processeur_s": round(secondes, 3),
            }
        )
    return {"retraits": retraits}


def show(nom: str, resultat: dict[str, Any]) -> None:
    cpu, mur = (statistics.median(resultat[cle]) for cle in ("processeur_s", "horloge_s"))
    print(f"\n{nom} : prouvé {sum(resultat['prouves'])} fois sur {len(resultat['prouves'])}")
    print(
        f"  {cpu:.2f} s de processeur (médiane ; au plus {max(resultat['processeur_s']):.2f} ; cible "
        f"{resultat['cible_s']:.0f} s), {mur:.2f} s d’horloge"
    )
    pair = resultat["pair"]
    print(
        f"  modèle simple : {'prouvé' if pair['prouve'] else 'non prouvé'} en {pair['secondes']:.1f} s, "
        f"{resultat['rapport']:.0f} fois plus{'' if pair['prouve'] else ' au moins'}"
    )
    print(f"  {'':<16}{'manques':>9}{'inéquité':>12}{'écart':>9}{'pire':>7}{'souhaits':>10}")
    for regle, q in resultat["qualite"].items():
        print(
            f"  {regle:<16}{q['manques']:>9}{q['inequite']:>12}{q['ecart_gardes']:>9.1f}{q['ecart_max']:>7.2f}"
            f"{q['souhaits']:>10}{'' if q['valide'] else '   règles enfreintes'}",
            flush=True,
        )


def list_ecarts(nom: str, resultat: dict[str, Any]) -> Iterator[str]:
    """The targets that a size misses, as sentences."""
    mediane = statistics.median(resultat["processeur_s"])
    if mediane > resultat["cible_s"]:
        yield f"{nom} : {mediane:.2f} s de processeur, cible {resultat['cible_s']:.0f} s"
    if not all(resultat["prouves"]):
        yield f"{nom} : {resultat['prouves'].count(False)} tableaux sans preuve"
    if not all(resultat["valides"]):
        yield f"{nom} : {resultat['valides'].count(False)} tableaux que le vérificateur refuse"
    if resultat["rapport"] < RAPPORT:
        yield f"{nom} : {resultat['rapport']} fois le modèle simple, cible {RAPPORT:.0f}"
    qualite = resultat["qualite"]
    for autre in ("modèle simple", "tour de rôle"):
        if qualite[autre]["valide"] and rank(qualite["Maillon"]) > rank(qualite[autre]):
            yield f"{nom} : moins bon que le {autre}"


def list_ecarts_petits(petits: list[dict[str, Any]]) -> Iterator[str]:
    compares = [paire for paire in petits if paire["pair_prouve"]]
    egaux = sum(paire["egaux"] for paire in compares)
    print(f"petits tableaux : {egaux} fois la même valeur sur {len(compares)} prouvés des deux côtés")
    if petits and len(compares) < 0.8 * len(petits):
        yield f"petits tableaux : le modèle simple n’en prouve que {len(compares)} sur {len(petits)}"
    if not all(p["egaux"] for p in compares) or any(p["pire"] or not p["prouve"] for p in petits):
        yield "petits tableaux : une valeur diffère de celle que prouve le modèle simple"


def read_choix() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    graines = [taille[3] for taille in TAILLES.values()]
    arguments.add_argument("--graines", type=int, nargs=3, default=graines, help=f"tableaux par taille ({graines})")
    arguments.add_argument("--pair", type=float, default=20, help="secondes laissées au modèle simple (20)")
    arguments.add_argument("--petits", type=int, default=20, help="petits tableaux que les deux prouvent (20)")
    arguments.add_argument("--tailles", nargs="*", choices=list(TAILLES), help="tailles à mesurer (toutes)")
    return arguments.parse_args()


def main() -> int:
    choix = read_choix()
    tailles, ecarts = {}, []
    for nom, graines in zip(TAILLES, choix.graines, strict=True):
        if choix.tailles is None or nom in choix.tailles:
            tailles[nom] = run_taille(nom, graines, choix.pair)
            show(nom, tailles[nom])
            ecarts += list_ecarts(nom, tailles[nom])
    print()
    petits, reprises = run_petits(choix.petits), run_retraits(6)
    ecarts += list_ecarts_petits(petits["petits"])
    for cle in ("gardes_a_reprendre", "changements", "changements_a_neuf", "processeur_s"):
        print(f"retrait d’une personne, {cle} : {[retrait[cle] for retrait in reprises['retraits']]}")
    if not all(retrait["prouve"] for retrait in reprises["retraits"]):
        ecarts.append("retrait d’une personne : un changement le moindre n’est pas prouvé")
    write({"rapport_cible": RAPPORT, "tailles": tailles, **petits, **reprises, "ecarts": ecarts})
    for ecart in ecarts:
        print(f"MANQUÉ  {ecart}")
    return 1 if ecarts else 0


def write(contenu: dict[str, Any]) -> None:
    revision = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    machine = {"revision": revision.stdout.strip(), "coeurs": os.cpu_count(), "python": platform.python_version()}
    RESULTATS.mkdir(parents=True, exist_ok=True)
    chemin = RESULTATS / "gardes.json"
    chemin.write_text(json.dumps({**machine, **contenu}, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\nÉcrit dans {chemin}")


if __name__ == "__main__":
    sys.exit(main())
