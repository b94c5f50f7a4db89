"""The race for one slot by the pages: people of the desk, each signed in, with a token and a connection of their own;
two web processes as in service, a cluster with fsync; one slot a round, everybody at once.

    ./dev bench course [--clients 50] [--tours 50] [--sans-garde]

Each round one person has the slot and confirms somebody on it; the others read a clean 409, the page that offers the
next slots; nobody reads an error, nothing waits for ever. The database is read afterwards by its owner: one living
appointment a slot, one person entered a success, no deadlock. In full: --clients 200 --tours 1000.

`--sans-garde` is the control: locks and unique index out of the base. It must give slots twice, and exits
with 1 when it does not. Writes var/mesures/course.json (course_sans_garde.json); exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))  # their factories, their clients, their control

from appui.base import RESULTATS, measuring_database
from appui.charge import percentiles, served

PROFESSIONNELS = 10
PAS = timedelta(minutes=20)


def make_terrain(tours: int) -> tuple[Any, list[UUID]]:
    """A community, and a slot a round."""
    from fabriques.soins import make_creneau, make_pro, make_soins
    from maillon.socle import horloge
    from maillon.socle.contexte import use_cpts

    soins = make_soins(fictive=True)
    debut = horloge.now() + timedelta(days=1)
    with use_cpts(soins.cpts.pk):
        pros = [make_pro(soins) for _ in range(PROFESSIONNELS)]
        creneaux = [
            make_creneau(soins, pros[tour % PROFESSIONNELS], debut=debut + tour * PAS).pk for tour in range(tours)
        ]
    return soins, creneaux


def follow(tours: int) -> Callable[[Any], None]:
    """Progress, once in ten seconds at most."""
    last = [time.monotonic()]

    def tell(bilan: Any) -> None:
        fini = len(bilan.tours) == tours
        if fini or time.monotonic() - last[0] > 10:
            last[0] = time.monotonic()
            debit = len(bilan.durees) / bilan.secondes
            print(f"  tour {len(bilan.tours)}/{tours}, {debit:.0f} requêtes/s, {dict(bilan.total)}", flush=True)

    return tell


def read_processeur() -> float:
    """Processor seconds of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(clients: int, tours: int, *, sans_garde: bool, journaux: Path) -> dict[str, Any]:
    from fabriques.rivaux import make_demandeurs, read_constat, run_course

    proprietaire = os.environ["DATABASE_URL_PROPRIETAIRE"]
    soins, creneaux = make_terrain(tours)
    processeur = -read_processeur()
    with serve_unguarded(journaux) if sans_garde else served(journaux) as port:
        demandeurs = make_demandeurs(soins.cpts, port, clients)
        avant = read_constat(proprietaire, creneaux)
        bilan = run_course(demandeurs, creneaux, follow=follow(tours))
        apres = read_constat(proprietaire, creneaux)
    processeur += read_processeur()  # the web processes have ended
    p50, p95 = percentiles(bilan.durees)
    requetes = len(bilan.durees) + bilan.total["donne"]
    return {
        "clients": clients,
        "tours": tours,
        "issues": dict(bilan.total),
        "tours_mauvais": len(bilan.mauvais),
        "requetes_par_s": round(requetes / bilan.secondes, 1),
        "processeur_web_ms": round(1000 * processeur / requetes, 1),
        "p50_ms": round(p50, 1),
        "p95_ms": round(p95, 1),
        **asdict(apres),
        "patients": apres.patients - avant.patients,
        "interblocages": apres.interblocages - avant.interblocages,
    }


@contextmanager
def serve_unguarded(journaux: Path) -> Iterator[int]:
    """The same server without its locks, on a base without its index."""
    from fabriques.rivaux import drop_guards
    from serveurs import serve

    drop_guards(os.environ["DATABASE_URL_PROPRIETAIRE"])
    environ = {"PYTHONPATH": str(Path(__file__).parent.parent / "src"), **os.environ}
    with serve(environ, journaux) as serveur:
        yield serveur.port


def judge(mesure: dict[str, Any], *, sans_garde: bool) -> bool:
    """Whether the run ended as it must."""
    if sans_garde:
        return mesure["doubles"] > 0 and mesure["tours_mauvais"] > 0
    tours = mesure["tours"]
    seul = (mesure["vivants"], mesure["doubles"], mesure["reserves"], mesure["patients"]) == (tours, 0, tours, tours)
    return seul and mesure["tours_mauvais"] == 0 and mesure["interblocages"] == 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--clients", type=int, default=50, help="personnes à la fois (50)")
    arguments.add_argument("--tours", type=int, default=50, help="créneaux disputés, un par tour (50)")
    arguments.add_argument(
        "--sans-garde", action="store_true", help="le témoin : sans verrou ni index, il doit échouer"
    )
    choix = arguments.parse_args()
    # Always a new base: one that lost its index is never measured again.
    with measuring_database(lambda: None, neuf=True, etat="etat-course") as racine:
        journaux = racine / "journaux"
        journaux.mkdir(mode=0o700, exist_ok=True)
        mesure = run(choix.clients, choix.tours, sans_garde=choix.sans_garde, journaux=journaux)
    for nom, valeur in mesure.items():
        print(f"{nom:<18} {valeur}")
    fichier = RESULTATS / ("course_sans_garde.json" if choix.sans_garde else "course.json")
    fichier.write_text(json.dumps({"coeurs": os.cpu_count(), **mesure}, ensure_ascii=False, indent=1), encoding="utf-8")
    tenu = judge(mesure, sans_garde=choix.sans_garde)
    attendu = "sans garde, des créneaux donnés deux fois" if choix.sans_garde else "une réussite par tour, aucun double"
    print(f"\n{'Tenu' if tenu else 'MANQUÉ'} : {attendu}. Écrit dans {fichier}")
    return 0 if tenu else 1


if __name__ == "__main__":
    sys.exit(main())
