"""Schedules of 1 000 contracts over five years, by the command and by the function.

    ./dev bench aci [--contrats 1000] [--tours 5]

The contracts are drawn (sizes, missions, starts, own amounts, one avenant in three). The floor is the bare arithmetic
in the same run: plain loops that multiply, prorate and round the same parts, without dates, rules or explanations.
The ratio to it is what may be compared between machines. Writes var/mesures/aci.json; exits with 1 above the target.
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
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

RACINE = Path(__file__).parent.parent
sys.path.insert(0, str(RACINE / "src"))

CIBLE_S = 2.0
MISSIONS = ("acces", "parcours", "prevention", "crise", "qualite", "accompagnement")
RESULTATS = RACINE / "var" / "mesures"


def draw_contrats(nombre: int) -> list[dict[str, Any]]:
    """Contract files as data; the same ones at each run."""
    hasard = random.Random(0)
    contrats: list[dict[str, Any]] = []
    for numero in range(nombre):
        signature = date(2022, 3, 31) + timedelta(days=hasard.randrange(1300))
        missions = hasard.sample(MISSIONS, hasard.randint(2, 6))
        departs = {m: (signature + timedelta(days=hasard.choice((0, 0, 90, 400)))).isoformat() for m in missions}
        contrat: dict[str, Any] = {
            "cpts": f"CPTS {numero}",
            "signature": signature.isoformat(),
            "population": hasard.randrange(12_000, 260_000),
            "missions": departs,
        }
        if numero % 4 == 0:
            contrat["montants"] = {"missions": {missions[0]: {"fixe": 50_000 + numero, "variable": 14_000}}}
        if numero % 3 == 0:
            effet = signature + timedelta(days=hasard.randrange(200, 1500))
            contrat["avenants"] = [{"effet": effet.isoformat(), "taille": hasard.randint(1, 4)}]
        contrats.append(contrat)
    return contrats


def compute_plancher(contrats: list[dict[str, Any]]) -> int:
    """The bare arithmetic: five years of each poste, prorated, three quarters then the rest, in whole cents."""
    total = 0
    for contrat in contrats:
        for rang in range(1 + len(contrat["missions"])):
            for annee in range(5):
                du = (2 * 5_000_000 * (365 - annee * rang) + 365) // 730
                avance = (2 * du * 3 + 4) // 8
                total += avance + (du - avance)
    return total


def measure(act: Callable[[], object], tours: int) -> float:
    """Median seconds, after one turn to warm up."""
    durees = []
    for tour in range(tours + 1):
        debut = time.perf_counter()
        act()
        if tour:
            durees.append(time.perf_counter() - debut)
    return statistics.median(durees)


def main() -> int:
    from maillon.regles.aci.lots import compute_lot

    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--contrats", type=int, default=1000, help="nombre de contrats (1000)")
    arguments.add_argument("--tours", type=int, default=5, help="mesures de chaque chose (5)")
    choix = arguments.parse_args()
    contrats = draw_contrats(choix.contrats)
    with tempfile.TemporaryDirectory() as dossier:
        lignes = Path(dossier) / "contrats.ndjson"
        lignes.write_text("\n".join(json.dumps(c) for c in contrats), encoding="utf-8")
        commande = [sys.executable, "-m", "maillon.site.commande", "aci", "versements", "--contrats", str(lignes)]
        milieu = os.environ | {"PYTHONPATH": str(RACINE / "src")}

        def run(option: str) -> None:
            subprocess.run([*commande, option], check=True, capture_output=True, env=milieu)

        mesures = {
            "plancher : l’arithmétique seule": measure(lambda: compute_plancher(contrats), choix.tours),
            "lecture et calcul, dans un processus": measure(lambda: list(compute_lot(str(lignes))), choix.tours),
            "commande, réponse en CSV": measure(lambda: run("--csv"), choix.tours),
            "commande, réponse en JSON": measure(lambda: run("--json"), choix.tours),
        }
    return 0 if report(mesures, len(contrats)) else 1


def report(mesures: dict[str, float], nombre: int) -> bool:
    """Print the table, write the file; True when every command is under the target."""
    plancher = next(iter(mesures.values()))
    print(f"{nombre} contrats × 5 ans\n{'mesure':<40} {'secondes':>9} {'× plancher':>11}")
    for nom, duree in mesures.items():
        alerte = "  ← au-dessus de la cible" if duree >= CIBLE_S else ""
        print(f"{nom:<40} {duree:>9.3f} {duree / plancher:>11.1f}{alerte}")
    revision = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    RESULTATS.mkdir(parents=True, exist_ok=True)
    chemin = RESULTATS / "aci.json"
    contenu = {
        "revision": revision.stdout.strip(),
        "coeurs": os.cpu_count(),
        "python": platform.python_version(),
        "contrats": nombre,
        "cible_s": CIBLE_S,
        "mesures": [
            {"nom": nom, "secondes": round(d, 4), "rapport_au_plancher": round(d / plancher, 1)}
            for nom, d in mesures.items()
        ],
    }
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\nCible : moins de {CIBLE_S:.0f} s par commande. Écrit dans {chemin}")
    return all(duree < CIBLE_S for duree in mesures.values())


if __name__ == "__main__":
    sys.exit(main())
