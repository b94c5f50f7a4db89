"""Bookings by the pages while everything is killed (-9) in turn: a web process, the job worker, PostgreSQL whole.

    ./dev bench arrets [--arrets 20] [--gens 8] [--sans-disque]

People of a desk and a regulator book without rest, by two web processes, on a cluster with fsync; what they were told
is written on the disk, outside of the database. Afterwards: nothing told is lost, nobody was given a slot or entered
twice, each message was sent, failed, or shows as uncertain, and none arrived twice by itself; the service is healthy
within ten seconds of each kill. PostgreSQL is killed four times at most: the guardian of an embedded cluster then gives
up.

`--sans-disque` is the control: PostgreSQL acknowledges commits before they are on the disk, and is killed. The ledger
must see what is lost; exits with 1 when it does not. Writes var/mesures/arrets.json (arrets_sans_disque.json); exits
with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))  # their factories, their clients, their supervisor

from appui.base import RESULTATS, measuring_database

CIBLE_RETABLI_S = 10.0
ARRETS_POSTGRESQL = 4


def run(quoi: str, installation: Any, recus: Any, dossier: Path, *, arrets: int, gens: int) -> dict[str, Any]:
    """One trial; raises AssertionError for what is worse than a loss."""
    from fabriques.epreuve import GESTES, make_epreuve

    epreuve = make_epreuve(
        installation, recus, dossier / f"registre-{quoi.replace(' ', '-')}", creneaux=200 + 60 * arrets, gens=gens
    )
    dits = epreuve.book_during(GESTES[quoi](installation), arrets=arrets)
    perdus = epreuve.find_lost(dits)
    mesure = {
        "arrets": arrets,
        "dits": dict(Counter(dit.quoi for dit in dits)),
        "perdus": len(perdus),
        "retabli_s": [round(secondes, 1) for secondes in epreuve.retablissements],
        "issues": dict(epreuve.reserveurs.issues),
    }
    if not perdus:
        epreuve.check_once()
        epreuve.settle()
        mesure["messages"] = epreuve.check_messages()
    return mesure


def run_all(racine: Path, choix: argparse.Namespace) -> dict[str, dict[str, Any]]:
    from fabriques.destinataires import receiving
    from fabriques.epreuve import GESTES
    from fabriques.installation import Installation
    from maillon.site.grappe import Grappe

    journaux = racine / "journaux"
    journaux.mkdir(mode=0o700, exist_ok=True)
    installation = Installation(Grappe(racine), journaux, {})
    installation.environ = installation.base.environnement
    mesures = {}
    with receiving() as recus, installation.run(recus.environ):
        if choix.sans_disque:
            installation.set_durable(False)
        for quoi in ["PostgreSQL"] if choix.sans_disque else GESTES:
            arrets = min(choix.arrets, ARRETS_POSTGRESQL) if quoi == "PostgreSQL" else choix.arrets
            mesures[quoi] = run(quoi, installation, recus, racine, arrets=arrets, gens=choix.gens)
            print(quoi, json.dumps(mesures[quoi], ensure_ascii=False), flush=True)
    return mesures


def judge(mesures: dict[str, dict[str, Any]], *, sans_disque: bool) -> bool:
    """Whether the run ended as it must."""
    perdus = sum(mesure["perdus"] for mesure in mesures.values())
    if sans_disque:
        return perdus > 0
    retabli = max(secondes for mesure in mesures.values() for secondes in mesure["retabli_s"])
    return perdus == 0 and retabli <= CIBLE_RETABLI_S


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--arrets", type=int, default=20, help="arrêts de chaque programme (20)")
    arguments.add_argument("--gens", type=int, default=8, help="personnes du guichet (8), et un régulateur")
    arguments.add_argument("--sans-disque", action="store_true", help="le témoin : accordé avant d’être écrit")
    choix = arguments.parse_args()
    with measuring_database(lambda: None, neuf=True, etat="etat-arrets") as racine:
        mesures = run_all(racine, choix)
    fichier = RESULTATS / ("arrets_sans_disque.json" if choix.sans_disque else "arrets.json")
    fichier.write_text(
        json.dumps({"coeurs": os.cpu_count(), **mesures}, ensure_ascii=False, indent=1), encoding="utf-8"
    )
    tenu = judge(mesures, sans_disque=choix.sans_disque)
    attendu = "des pertes, sans le disque" if choix.sans_disque else "rien de perdu, rétabli en dix secondes"
    print(f"\n{'Tenu' if tenu else 'MANQUÉ'} : {attendu}. Écrit dans {fichier}")
    return 0 if tenu else 1


if __name__ == "__main__":
    sys.exit(main())
