"""Slots at their largest: booking, against a raw INSERT and against pretix; rivals for one slot; the slots of a zone.

    ./dev bench creneaux [--neuf] [--sans-pair] [--creneaux 1000000] [--reservations 1600] [--rivaux 40] [--tours 2500]

Booking: the desk, signed in, keeps a slot (first click) then gives it to a person (second click): whole requests of the
web server as in service (session, CSRF, permission, journal, care relation, outbox: the person has a mobile telephone
and is told), from several clients; against the floor, the same number of clients that INSERT into a table under an
exclusion constraint, one row a transaction; and against the peer, pretix installed beside it, whose API sells items of
which one is left. Rivals: processes that want the same slot at each round: one has it, the others hear it cleanly.
Zone: the next free slots of a département among a million, by the selector of the page, in the runtime role under its
row level security, against reads by primary key. Writes var/mesures/creneaux.json; exits with 1 on a target missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from appui.base import RESULTATS, measuring_database
from appui.charge import percentiles, served
from appui.creneaux_base import PROFESSIONS, SLUG, ZONES, connect_owner, fill, find_libres, get_cpts, list_patients

CIBLE_RESERVATION, CIBLE_PAIR = 0.10, 30.0
CIBLE_ZONE, CIBLE_ZONE_P99_MS = 0.10, 25.0
ESSAIS = 100_000
ETAT = "etat-creneaux"


def measure(act: Callable[[int], Any], tours: int) -> list[float]:
    """Seconds of each call."""
    durees = []
    for tour in range(tours):
        debut = time.perf_counter()
        act(tour)
        durees.append(time.perf_counter() - debut)
    return durees


def describe(durees: list[float]) -> dict[str, float]:
    p50, p95 = percentiles(durees)
    p99 = statistics.quantiles(durees, n=100, method="inclusive")[98] * 1000
    par_seconde = len(durees) / sum(durees)
    return {"par_s": round(par_seconde, 1), "p50_ms": round(p50, 2), "p95_ms": round(p95, 2), "p99_ms": round(p99, 2)}


# Zone -----------------------------------------------------------------------------------------------------------------


def measure_zone(tours: int) -> dict[str, Any]:
    """The next twenty free slots of a zone by the selector of the page, and beside it one row by its primary key."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from maillon.missions.soins_non_programmes.selectors.recherche import Filtres, list_libres, read_libres
    from maillon.socle.contexte import use_cpts

    cpts, acteur = get_cpts(), find_guichet()
    depuis = timezone.now() + timedelta(days=2)
    jusque = depuis + timedelta(days=7)
    with connect_owner() as proprietaire:
        proprietaire.execute("VACUUM (ANALYZE) soins_non_programmes_creneau")
        cles = [row[0] for row in proprietaire.execute(
            "SELECT id FROM soins_non_programmes_creneau TABLESAMPLE SYSTEM (5) LIMIT 500")]  # fmt: skip

    def ask(tour: int) -> Any:
        filtres = Filtres(profession=PROFESSIONS[tour % 3])
        return list_libres(filtres, for_acteur=acteur, zones=[ZONES[tour % len(ZONES)]])

    with use_cpts(cpts.pk), connection.cursor() as curseur:

        def read_cle(tour: int) -> None:
            curseur.execute(
                "SELECT id, debut, fin FROM soins_non_programmes_creneau WHERE id = %s", [cles[tour % len(cles)]]
            )
            curseur.fetchall()

        def read_zone(tour: int) -> None:
            read_libres(ask(tour), depuis, jusque, 20)

        requete, parametres = capture(lambda: read_libres(ask(0), depuis, jusque, 20))
        curseur.execute(f"EXPLAIN {requete}", parametres)
        plan = "\n".join(row[0] for row in curseur.fetchall())

        def read_sql(tour: int) -> None:
            curseur.execute(requete, parametres)
            curseur.fetchall()

        for act in (read_cle, read_zone, read_sql):
            measure(act, 300)
        plancher, zone, sql = (describe(measure(act, tours)) for act in (read_cle, read_zone, read_sql))
    return {
        "selecteur": zone, "sql": sql, "cle_primaire": plancher, "plan": plan,
        "rapport": round(zone["par_s"] / plancher["par_s"], 3),
        "index_seul": "Index Only Scan using creneau_libre_zone" in plan,
    }  # fmt: skip


def capture(act: Callable[[], Any]) -> tuple[str, Any]:
    """The statement that this call sends."""
    from django.db import connection

    vues: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        vues.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    [vue] = vues
    return vue


def find_guichet() -> Any:
    """The desk, as a request would know it."""
    from maillon.socle.comptes.models import Compte
    from maillon.socle.contexte import Contexte, use_contexte
    from maillon.socle.droits.selectors import acteur_of_membre, get_membre

    compte = Compte.objects.get(email=f"guichet@{SLUG}.example.org")
    with use_contexte(Contexte(compte_id=compte.pk)):
        membre = get_membre(compte, SLUG)
        assert membre is not None
        return acteur_of_membre(compte, membre, fort=True)


def measure_page(port: int, tours: int) -> dict[str, float]:
    """The whole page of a search, over HTTP."""
    from appui.charge import Navigateur

    navigateur = Navigateur(port).sign_in(str(find_guichet().compte_id))
    durees = []
    for tour in range(tours):
        statut, _, duree = navigateur.ask(
            f"/c/{SLUG}/acces/soins/?profession={PROFESSIONS[tour % 3]}&quand=semaine&commune=&modalite=&tri=tot"
        )
        if statut != 200:
            raise SystemExit(f"la page de recherche répond {statut}")
        durees.append(duree)
    return describe(durees)


# Booking --------------------------------------------------------------------------------------------------------------


def measure_reservation(racine: Path, clients: int, nombre: int) -> dict[str, Any]:
    """Requests, floor, service alone, floor again: the machine's moods fall on all."""
    from appui.creneaux_base import list_guichets
    from appui.creneaux_http import RETENUES_ACCUEIL, measure_insert, measure_requests, measure_service

    cpts = get_cpts()
    # A whole number of accounts for each client, each with slots to hold.
    comptes = [str(pk) for pk in list_guichets(clients * -(-nombre // (clients * RETENUES_ACCUEIL)))]
    patients, libres = list_patients(cpts), find_libres(2 * nombre + 40)
    url = os.environ["DATABASE_URL_PROPRIETAIRE"]
    planchers = [measure_insert(url, clients, 4 * nombre)]
    with served(racine / "journaux") as port:
        measure_requests(port, comptes, clients, libres[:40], patients)
        resultat = measure_requests(port, comptes, clients, libres[40 : nombre + 40], patients)
        page = measure_page(port, 50)
    planchers.append(measure_insert(url, clients, 4 * nombre))
    service = measure_service(clients, libres[nombre + 40 :], cpts, patients)
    planchers.append(measure_insert(url, clients, 4 * nombre))
    plancher = statistics.median(planchers)
    return {
        **resultat, "service_par_s": service, "inserts_par_s": planchers,
        "rapport_retenir": round(resultat["retenir_par_s"] / plancher, 3),
        "rapport": round(resultat["donner_par_s"] / plancher, 3),
        "rapport_service": round(service / plancher, 3), "page_recherche": page,
    }  # fmt: skip


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--neuf", action="store_true", help="reconstruire la base de mesure")
    arguments.add_argument("--sans-pair", action="store_true", help="ne pas installer ni mesurer pretix")
    arguments.add_argument("--creneaux", type=int, default=1_000_000, help="créneaux de la base (1000000)")
    arguments.add_argument("--lectures", type=int, default=3000, help="lectures d’une zone (3000)")
    arguments.add_argument("--reservations", type=int, default=1600, help="réservations mesurées (1600)")
    arguments.add_argument("--clients", type=int, default=8, help="clients qui réservent à la fois (8)")
    arguments.add_argument("--rivaux", type=int, default=40, help="clients qui veulent le même créneau (40)")
    arguments.add_argument("--tours", type=int, default=2500, help="tours de la course (2500)")
    choix = arguments.parse_args()
    with measuring_database(lambda: fill(choix.creneaux), neuf=choix.neuf, etat=ETAT) as racine:
        from appui.creneaux_http import run_course

        zone = measure_zone(choix.lectures)
        print(f"zone : {zone}", flush=True)
        reservation = measure_reservation(racine, choix.clients, choix.reservations)
        print(f"réservation : {reservation}", flush=True)
        cpts = get_cpts()
        course = run_course(choix.rivaux, choix.tours, find_libres(choix.tours), cpts, list_patients(cpts))
        print(f"course : {course}", flush=True)
        pair = None
        if not choix.sans_pair:
            from appui.creneaux_pair import measure_pretix

            pair = measure_pretix(racine)
            pair["rapport"] = round(reservation["donner_par_s"] / pair["par_s"], 1)
            print(f"pretix : {pair}", flush=True)
    contenu = {
        "coeurs": os.cpu_count(), "creneaux": choix.creneaux, "zone": zone, "reservation": reservation,
        "course": course, "pretix": pair,
    }  # fmt: skip
    RESULTATS.mkdir(parents=True, exist_ok=True)
    chemin = RESULTATS / "creneaux.json"
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"Écrit dans {chemin}")
    return judge(zone, reservation, course, pair)


def judge(
    zone: dict[str, Any], reservation: dict[str, Any], course: dict[str, Any], pair: dict[str, Any] | None
) -> int:
    """Print each target, met or missed; 1 when one is missed."""
    cibles = [
        ("réservation ÷ INSERT nu (requête qui donne)", reservation["rapport"], f"≥ {CIBLE_RESERVATION}",
         reservation["rapport"] >= CIBLE_RESERVATION),
        ("réservation ÷ INSERT nu (requête qui retient)", reservation["rapport_retenir"], f"≥ {CIBLE_RESERVATION}",
         reservation["rapport_retenir"] >= CIBLE_RESERVATION),
        ("zone ÷ clé primaire", zone["rapport"], f"≥ {CIBLE_ZONE}", zone["rapport"] >= CIBLE_ZONE),
        ("zone, p99 (ms)", zone["selecteur"]["p99_ms"], f"≤ {CIBLE_ZONE_P99_MS}",
         zone["selecteur"]["p99_ms"] <= CIBLE_ZONE_P99_MS),
        ("zone, par l’index seul", zone["index_seul"], "oui", zone["index_seul"]),
        ("course, tours à un seul gagnant", course["tours_justes"], f"= {course['tours']}",
         course["tours_justes"] == course["tours"]),
        ("course, essais", course["essais"], f"≥ {ESSAIS}", course["essais"] >= ESSAIS),
        ("doubles réservations", course["doubles"], "= 0", course["doubles"] == 0),
    ]  # fmt: skip
    if pair is not None:
        tenu = pair["rapport"] >= CIBLE_PAIR
        cibles.append(("réservation ÷ pretix", pair["rapport"], f"≥ {CIBLE_PAIR}", tenu))
    for nom, valeur, cible, atteinte in cibles:
        print(f"{'tenu  ' if atteinte else 'MANQUÉ'}  {nom} : {valeur} (cible {cible})")
    return 0 if all(atteinte for *_, atteinte in cibles) else 1


if __name__ == "__main__":
    sys.exit(main())
