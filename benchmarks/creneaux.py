"""Slots at their largest: booking against a raw INSERT, rivals for one slot, the next free slots of a zone.

    ./dev bench creneaux [--neuf] [--creneaux 1000000] [--reservations 1000] [--rivaux 40] [--tours 100]

Zone: the next twenty free slots of a département among a million, against a read by primary key, in one connection of
the runtime role, under its row level security. Booking: the whole transaction of the service (locks, slot, appointment,
care relation, journal, who follows), one client, against a raw INSERT into a table under the same exclusion constraint.
Rivals: as many clients as asked, each with its connection, want one slot, round after round: one has it, the others
hear it cleanly. Writes var/mesures/creneaux.json; exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import psycopg
from appui.base import RESULTATS, measuring_database
from appui.charge import percentiles

CIBLE_RESERVATION = 0.10
CIBLE_ZONE = 0.10
CIBLE_ZONE_P99_MS = 25.0
SLUG = "mesure-creneaux"
ZONES = [f"{n:02}" for n in range(1, 96) if n != 20]
PROFESSIONNELS = 500

# Rows made by the server: a million in Python would cost more than all the rest.
_CRENEAUX = """
INSERT INTO soins_non_programmes_creneau
    (id, cpts_id, professionnel_id, lieu_id, debut, fin, etat, profession, specialite, commune, zone, modalite,
     audiences, reservable, horaire, partages, ouvert_le)
SELECT gen_random_uuid(), %(cpts)s, p.id, p.lieu, d, d + interval '15 minutes', 'libre', p.profession, '', p.commune,
       p.zone, 'cabinet', '{CPTS,SNP}', true, 'mission', '{}', now()
FROM (SELECT (%(pros)s::uuid[])[1 + n %% %(nombre)s] AS id, (%(lieux)s::uuid[])[1 + n %% %(nombre)s] AS lieu,
             (%(professions)s::text[])[1 + n %% 3] AS profession, (%(zones)s::text[])[1 + n %% %(nz)s] AS zone,
             '42218' AS commune, n / %(nombre)s AS rang FROM generate_series(0, %(total)s - 1) n) p,
     LATERAL (SELECT date_trunc('hour', now()) + interval '1 day' + p.rang * interval '20 minutes' AS d) m
"""


def fill(total: int) -> None:
    """One community, its professionals, and the slots, once."""
    from maillon.communaute.annuaire.models import Professionnel
    from maillon.missions.soins_non_programmes.models import Creneau, LieuConsultation
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts

    cpts, made = Cpts.objects.get_or_create(
        slug=SLUG, defaults={"nom": "CPTS de mesure", "departement": "42", "region": "84", "fictive": True}
    )
    if not made:
        return
    pros = [
        Professionnel(
            rpps=f"997{n:08}", nom=f"Mesure {n}", prenom="Alix", profession=("10", "60", "70")[n % 3], fictif=True
        )
        for n in range(PROFESSIONNELS)
    ]
    Professionnel.objects.bulk_create(pros)
    with use_cpts(cpts.pk):
        lieux = [LieuConsultation(cpts=cpts, professionnel=pro, libelle="Cabinet", commune_id="42218") for pro in pros]
        LieuConsultation.objects.bulk_create(lieux)
        assert not Creneau.objects.exists()
    with psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"]) as connexion:
        connexion.execute(
            _CRENEAUX,
            {
                "cpts": cpts.pk, "pros": [p.pk for p in pros], "lieux": [lieu.pk for lieu in lieux],
                "professions": ["10", "60", "70"], "zones": ZONES, "nz": len(ZONES), "nombre": PROFESSIONNELS,
                "total": total,
            },
        )  # fmt: skip


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

_ZONE = """
SELECT id, professionnel_id, lieu_id, debut, fin, commune, modalite, reservable
FROM soins_non_programmes_creneau
WHERE etat = 'libre' AND zone = %s AND profession = %s AND debut >= %s
ORDER BY debut LIMIT 20
"""


def measure_zone(tours: int) -> dict[str, Any]:
    """The next twenty free slots of a zone, and beside it one row by its primary key; same connection, same role."""
    from maillon.socle.cpts.models import Cpts

    cpts_id = Cpts.objects.get(slug=SLUG).pk
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connexion:
        connexion.execute("SELECT set_config('maillon.cpts_id', %s, false)", [str(cpts_id)])
        depuis = connexion.execute("SELECT now() + interval '2 days'").fetchone()[0]
        cles = [row[0] for row in connexion.execute(
            "SELECT id FROM soins_non_programmes_creneau TABLESAMPLE SYSTEM (0.1) LIMIT 500")]  # fmt: skip
        plan = "\n".join(row[0] for row in connexion.execute("EXPLAIN " + _ZONE, [ZONES[0], "10", depuis]))

        def read_zone(tour: int) -> None:
            connexion.execute(_ZONE, [ZONES[tour % len(ZONES)], ("10", "60", "70")[tour % 3], depuis]).fetchall()

        def read_cle(tour: int) -> None:
            connexion.execute(
                "SELECT id, debut, fin FROM soins_non_programmes_creneau WHERE id = %s", [cles[tour % len(cles)]]
            ).fetchall()

        for tour in range(300):
            read_zone(tour)
            read_cle(tour)
        durees, plancher = measure(read_zone, tours), measure(read_cle, tours)
    zone, cle = describe(durees), describe(plancher)
    return {"zone": zone, "cle_primaire": cle, "rapport": round(zone["par_s"] / cle["par_s"], 3), "plan": plan}


# Booking --------------------------------------------------------------------------------------------------------------


def find_libres(nombre: int) -> list[UUID]:
    with psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"]) as connexion:
        rows = connexion.execute(
            "SELECT id FROM soins_non_programmes_creneau WHERE etat = 'libre' ORDER BY random() LIMIT %s", [nombre]
        )
        return [row[0] for row in rows]


def measure_insert(tours: int) -> dict[str, float]:
    """One client, one INSERT a transaction, under the exclusion constraint alone: the floor."""
    with psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"], autocommit=True) as connexion:
        connexion.execute("DROP TABLE IF EXISTS mesure_reservation")
        connexion.execute(
            "CREATE TABLE mesure_reservation (id uuid PRIMARY KEY, pro int, quand tstzrange,"
            " EXCLUDE USING gist (pro WITH =, quand WITH &&))"
        )

        def insert(tour: int) -> None:
            connexion.execute(
                "INSERT INTO mesure_reservation SELECT %s, %s, tstzrange(d, d + interval '15 minutes')"
                " FROM (SELECT timestamptz '2030-01-01' + %s * interval '15 minutes') m (d)",
                [uuid4(), tour % PROFESSIONNELS, tour],
            )

        try:
            return describe(measure(insert, tours))
        finally:
            connexion.execute("DROP TABLE mesure_reservation")


def make_patient() -> tuple[Any, Any]:
    from maillon.communaute.patients.services import SaisieIdentite, create_patient
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts
    from maillon.socle.droits.acteur import SYSTEME

    cpts = Cpts.objects.get(slug=SLUG)
    with use_cpts(cpts.pk):
        patient = create_patient(
            cpts_id=cpts.pk, identite=SaisieIdentite(nom="Mesure", prenom="Alix"), commune_id="42218",
            annee_naissance=1980, origine="accueil", notice_version="mesure", by=SYSTEME,
        )  # fmt: skip
    return cpts, patient


def book(cpts: Any, patient: Any, creneau_id: UUID) -> None:
    from maillon.missions.soins_non_programmes import services
    from maillon.socle.contexte import use_cpts
    from maillon.socle.droits.acteur import SYSTEME

    with use_cpts(cpts.pk):
        services.book(creneau_id=creneau_id, patient=patient, by=SYSTEME, cle_depot=uuid4().hex, origine="guichet")


def measure_reservation(tours: int) -> dict[str, Any]:
    """Service by service: lock, slot, appointment, care relation, journal, followers; one client."""
    cpts, patient = make_patient()
    libres = find_libres(tours)
    return describe(measure(lambda tour: book(cpts, patient, libres[tour]), len(libres)))


def run_rivaux(rivaux: int, tours: int) -> dict[str, Any]:
    """As many threads, each with its connection, want the same slot at each round."""
    from django.db import connections

    from maillon.missions.soins_non_programmes.models import CreneauPris

    cpts, patient = make_patient()
    libres = find_libres(tours)
    barriere = threading.Barrier(rivaux)
    issues: list[Counter[str]] = [Counter() for _ in libres]
    verrou = threading.Lock()

    def run() -> None:
        for rang, creneau_id in enumerate(libres):
            barriere.wait()
            try:
                book(cpts, patient, creneau_id)
                issue = "fait"
            except CreneauPris:
                issue = "pris"
            except Exception as erreur:
                issue = type(erreur).__name__
            with verrou:
                issues[rang][issue] += 1
        connections.close_all()

    fils = [threading.Thread(target=run) for _ in range(rivaux)]
    debut = time.perf_counter()
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    attendu = Counter(fait=1, pris=rivaux - 1)
    with psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"]) as connexion:
        doubles = connexion.execute(
            "SELECT count(*) FROM (SELECT 1 FROM soins_non_programmes_rendezvous WHERE NOT derogation"
            " AND etat IN ('retenu', 'confirme') GROUP BY creneau_id HAVING count(*) > 1) d"
        ).fetchone()[0]
    return {
        "rivaux": rivaux, "tours": len(libres), "secondes": round(time.perf_counter() - debut, 1),
        "tours_justes": sum(issue == attendu for issue in issues), "doubles": doubles,
        "issues": dict(sum(issues, Counter())),
    }  # fmt: skip


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--neuf", action="store_true", help="reconstruire la base de mesure")
    arguments.add_argument("--creneaux", type=int, default=1_000_000, help="créneaux de la base (1000000)")
    arguments.add_argument("--lectures", type=int, default=5000, help="lectures d’une zone (5000)")
    arguments.add_argument("--reservations", type=int, default=1000, help="réservations mesurées (1000)")
    arguments.add_argument("--rivaux", type=int, default=40, help="clients qui veulent le même créneau (40)")
    arguments.add_argument("--tours", type=int, default=100, help="tours de la course (100)")
    choix = arguments.parse_args()
    with measuring_database(lambda: fill(choix.creneaux), neuf=choix.neuf, etat="etat-creneaux"):
        zone = measure_zone(choix.lectures)
        insert = measure_insert(choix.reservations)
        reservation = measure_reservation(choix.reservations)
        course = run_rivaux(choix.rivaux, choix.tours)
    rapport = round(reservation["par_s"] / insert["par_s"], 3)
    print(f"prochains créneaux d’une zone : {zone['zone']}  clé primaire : {zone['cle_primaire']}  {zone['rapport']}")
    print(f"réservation : {reservation}  INSERT nu : {insert}  rapport {rapport}")
    print(f"course : {course}")
    contenu = {
        "coeurs": os.cpu_count(), "creneaux": choix.creneaux, "zone": zone, "insert": insert,
        "reservation": reservation, "rapport_reservation": rapport, "course": course,
    }  # fmt: skip
    RESULTATS.mkdir(parents=True, exist_ok=True)
    chemin = RESULTATS / "creneaux.json"
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"Écrit dans {chemin}")
    met = [
        zone["zone"]["p99_ms"] <= CIBLE_ZONE_P99_MS, zone["rapport"] >= CIBLE_ZONE, rapport >= CIBLE_RESERVATION,
        course["tours_justes"] == course["tours"], course["doubles"] == 0,
    ]  # fmt: skip
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
