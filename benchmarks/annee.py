"""A whole year of a large desk, lived day by day through its services and its periodic jobs.

    ./dev bench annee [--demandes 15000] [--medecins 300] [--jours 365] [--graine 0]

The same story as tests/missions/medecin_traitant/test_annee.py at full size: it stops on the first day that breaks a
promise (somebody forgotten, a reminder sent twice, a place taken twice…), and compares the contract's indicators with
the story's own account. Half an hour for 1 500 requests and 80
doctors on a quiet core; most of a day at full size. Writes var/mesures/annee.json; exits with 1 when a figure differs.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from appui.base import RESULTATS, measuring_database
from appui.charge import percentiles


def live(demandes: int, medecins: int, jours: int, graine: int) -> tuple[dict[str, object], bool]:
    """Live the year; what was measured, and whether every figure agrees."""
    from fabriques.annee import Annee
    from fabriques.medecin_traitant import make_guichet
    from maillon.socle import horloge
    from maillon.socle.contexte import use_cpts

    guichet = make_guichet()
    annee = Annee(guichet, demandes=demandes, medecins=medecins, graine=graine)
    durees: list[float] = []

    @contextmanager
    def each_day() -> Iterator[None]:
        debut = time.perf_counter()
        with use_cpts(guichet.cpts.pk):
            yield
        durees.append(time.perf_counter() - debut)
        if sys.stdout.isatty():
            print(f"\r  jour {len(durees) - 1} sur {jours}, {durees[-1]:.1f} s", end="", flush=True)

    start = horloge.today() - timedelta(days=jours)
    annee.live(start=start, jours=jours, each_day=each_day)
    with use_cpts(guichet.cpts.pk):
        annee.check_messages()
        etats = list(annee.list_etats())
        attendu, lu = (
            f(start, start + timedelta(days=jours)) for f in (annee.count_indicateurs, annee.read_indicateurs)
        )
    p50, p95 = percentiles(durees)
    return {
        "demandes": demandes,
        "medecins": medecins,
        "jours": jours,
        "secondes": round(sum(durees), 1),
        "jour_p50_ms": round(p50),
        "jour_p95_ms": round(p95),
        "memoire_mo": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "etats": dict(Counter(etat.value for etat, _ in etats)),
        "etats_faux": sum(not agrees for _, agrees in etats),
        "indicateurs": {code: [attendu[code], lu[code]] for code in attendu},
    }, all(agrees for _, agrees in etats) and all(abs(attendu[code] - lu[code]) < 1e-4 for code in attendu)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--demandes", type=int, default=15_000)
    arguments.add_argument("--medecins", type=int, default=300)
    arguments.add_argument("--jours", type=int, default=365)
    arguments.add_argument("--graine", type=int, default=0)
    choix = arguments.parse_args()
    with measuring_database(lambda: None, neuf=True, etat="etat-annee"):
        mesure, juste = live(choix.demandes, choix.medecins, choix.jours, choix.graine)
    chemin = RESULTATS / "annee.json"
    chemin.write_text(json.dumps(mesure, ensure_ascii=False, indent=1), encoding="utf-8")
    print(json.dumps(mesure, ensure_ascii=False, indent=1))
    print(f"\n{'Tout concorde' if juste else 'DES CHIFFRES DIFFÈRENT'}. Écrit dans {chemin}")
    return 0 if juste else 1


if __name__ == "__main__":
    sys.exit(main())
