"""The answer to the SAS: a Bundle of 1 000 slots and 300 included resources.

    ./dev bench fhir [--tours 40] [--neuf]

Against: the peer `fhir.resources` (validate, then write, the same Bundle), and the floor, `orjson` writing a dict that
is ready. Ours is measured as text put together, then with its SQL among 200 000 slots of other professionals, then as a
whole request. All in one run. Writes var/mesures/fhir.json; exits with 1 when the target is missed: 100 times the peer,
15 ms with SQL (best rounds: the machine at rest).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import orjson
from appui.base import RESULTATS, measuring_database

RATIO, CIBLE_MS = 100.0, 15.0
PROFESSIONNELS, LIEUX, CRENEAUX, COMMUNAUTES, AUTRES = 25, 5, 8, 12, 200_000
SQL_AUTRES = """
INSERT INTO soins_non_programmes_creneau (id, cpts_id, professionnel_id, lieu_id, debut, fin, etat, profession,
    specialite, commune, zone, modalite, audiences, reservable, horaire, partages, ouvert_le)
SELECT gen_random_uuid(), l.cpts_id, l.professionnel_id, l.id, now() + n * interval '20 minutes',
    now() + (n + 1) * interval '20 minutes', 'libre', '60', '', l.commune_id, '42', 'cabinet', '{SNP,CPTS}', true,
    'mission', '{}', now()
FROM soins_non_programmes_lieuconsultation l, generate_series(0, %s) n WHERE l.libelle = 'Autre'
"""


def fill() -> None:
    """Twenty-five professionals in five places each, eight slots a place, shown to a dozen communities; and others."""
    from django.db import connection

    from maillon.communaute.annuaire.models import Professionnel
    from maillon.communaute.structures.enums import TypeStructure
    from maillon.communaute.structures.models import Structure
    from maillon.communaute.territoire.models import Commune
    from maillon.missions.soins_non_programmes.models import LieuConsultation
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts

    if Cpts.objects.filter(slug="mesure-0").exists():
        return
    commune = Commune.objects.get(pk="42218")
    cpts = [Cpts(slug=f"mesure-{n}", nom=f"CPTS {n}", departement="42", region="84") for n in range(COMMUNAUTES)]
    Cpts.objects.bulk_create(cpts)
    Structure.objects.bulk_create(
        Structure(type=TypeStructure.CPTS, nom=one.nom, finess=f"42000{n:04}", cpts=one) for n, one in enumerate(cpts)
    )
    pros = [Professionnel(rpps=f"998{n:08}", nom=f"Nom {n}", prenom="Sacha", profession="10", savoir_faire=["SM54"])
            for n in range(PROFESSIONNELS + 200)]  # fmt: skip
    Professionnel.objects.bulk_create(pros)
    with use_cpts(cpts[0].pk):
        LieuConsultation.objects.bulk_create(
            make_lieu(cpts[0], pro, commune, f"Lieu {n}") for pro in pros[:PROFESSIONNELS] for n in range(LIEUX)
        )
        LieuConsultation.objects.bulk_create(make_lieu(cpts[0], pro, commune, "Autre") for pro in pros[PROFESSIONNELS:])
        with connection.cursor() as cursor:
            cursor.execute(SQL_AUTRES, [AUTRES // 200 - 1])


def make_lieu(cpts: Any, professionnel: Any, commune: Any, libelle: str) -> Any:
    from maillon.missions.soins_non_programmes.models import LieuConsultation

    return LieuConsultation(
        cpts=cpts, professionnel=professionnel, libelle=libelle, adresse="1 rue de la Paix", code_postal="42000",
        commune=commune, telephone="04 77 11 22 33",
    )  # fmt: skip


def refresh() -> list[str]:
    """Slots of the coming hours for those who are sought; their RPPS numbers."""
    from maillon.missions.soins_non_programmes.models import Creneau, LieuConsultation
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts
    from maillon.socle.horloge import now

    cpts = list(Cpts.objects.filter(slug__startswith="mesure-").order_by("slug"))
    with use_cpts(cpts[0].pk):
        lieux = list(
            LieuConsultation.objects.exclude(libelle="Autre").select_related("professionnel").order_by("professionnel")
        )
        Creneau.objects.filter(lieu__in=lieux).delete()
        start = now() + timedelta(hours=1)
        Creneau.objects.bulk_create(
            Creneau(
                cpts=cpts[0], professionnel=lieu.professionnel, lieu=lieu, commune="42218", zone="42",
                debut=start + timedelta(minutes=20 * (rang % LIEUX * CRENEAUX + n)),
                fin=start + timedelta(minutes=20 * (rang % LIEUX * CRENEAUX + n + 1)),
                profession="10", specialite="SM54", modalite="cabinet", audiences=["PUBLIC", "SNP", "CPTS"],
                partages=[cpts[1 + rang % (COMMUNAUTES - 1)].pk] if n == 0 else [],
            )
            for rang, lieu in enumerate(lieux) for n in range(CRENEAUX)
        )  # fmt: skip
    return sorted({lieu.professionnel.rpps for lieu in lieux})


def take(work: Callable[[], Any], tours: int) -> list[float]:
    """Milliseconds of each round, after three that warm."""
    found = []
    for tour in range(tours + 3):
        start = time.perf_counter()
        work()
        if tour >= 3:
            found.append((time.perf_counter() - start) * 1000)
    return found


def summarize(durees: list[float]) -> dict[str, float]:
    ranked = sorted(durees)
    quantile = ranked[int(len(ranked) * 0.95)]
    named = {"p50_ms": statistics.median(ranked), "p95_ms": quantile, "mieux_ms": ranked[0]}
    return {name: round(value, 3) for name, value in named.items()}


def measure(rpps: list[str], tours: int) -> dict[str, Any]:
    from django.test import Client, override_settings
    from fhir.resources.R4B.bundle import Bundle

    from fabriques.sas import CN, OU, SECRET, build_query, make_entetes
    from maillon.api.fhir.bundle import Adresses, render_bundle
    from maillon.api.fhir.recherche import parse_recherche
    from maillon.api.identite import SAS
    from maillon.api.selectors import find_libres
    from maillon.socle.contexte import Contexte, use_contexte

    query = build_query(rpps)
    adresses = Adresses("https://sas.example.org/fhir", f"https://sas.example.org/fhir/Slot?{query}",
                        ("https://cpts.example.org/regulation/creneaux/", "/?depuis=sas"))  # fmt: skip

    def answer() -> str:
        recherche = parse_recherche(query)
        with use_contexte(Contexte()):
            return render_bundle(find_libres(recherche, acteur=SAS), adresses, cpts=True)

    with use_contexte(Contexte()):
        found = find_libres(parse_recherche(query), acteur=SAS)
    text = render_bundle(found, adresses, cpts=True)
    ready = json.loads(text)
    kinds = [entry["resource"]["resourceType"] for entry in ready["entry"]]
    slots = kinds.count("Slot")
    assert slots == PROFESSIONNELS * LIEUX * CRENEAUX, slots
    client = Client(headers={**make_entetes(), "host": "localhost"})
    reglages = {"MAILLON_SAS_SECRET": SECRET, "MAILLON_SAS_CN": [CN], "MAILLON_SAS_OU": [OU]}
    with override_settings(**reglages, MAILLON_SAS_PROXYS=["127.0.0.1"]):
        assert client.get(f"/fhir/Slot?{query}").status_code == 200
        requete = summarize(take(lambda: client.get(f"/fhir/Slot?{query}"), tours))
    return {
        "creneaux": slots,
        "inclus": len(kinds) - slots,
        "octets": len(text.encode()),
        "plancher_orjson": summarize(take(lambda: orjson.dumps(ready), tours)),
        "maillon_texte": summarize(take(lambda: render_bundle(found, adresses, cpts=True), tours)),
        "maillon_avec_sql": summarize(take(answer, tours)),
        "maillon_requete_entiere": requete,
        "fhir_resources": summarize(take(lambda: Bundle.model_validate(ready).model_dump_json(), max(5, tours // 8))),
    }


def main() -> int:
    """Measure, write, judge."""
    # This file has the name of the library that it measures.
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != Path(__file__).resolve().parent]
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--tours", type=int, default=40)
    arguments.add_argument("--neuf", action="store_true")
    choix = arguments.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
    with measuring_database(fill, neuf=choix.neuf, etat="fhir"):
        found = measure(refresh(), choix.tours)
    # The best round is what the machine does when nobody else uses it.
    peer, ours = found["fhir_resources"]["mieux_ms"], found["maillon_texte"]["mieux_ms"]
    found["ratio_fhir_resources"] = round(peer / ours, 1)
    found["ratio_plancher"] = round(ours / found["plancher_orjson"]["mieux_ms"], 1)
    found["machine"] = f"{platform.processor() or platform.machine()}, {os.cpu_count()} processeurs"
    (RESULTATS / "fhir.json").write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    print(json.dumps(found, ensure_ascii=False, indent=2))
    ok = found["ratio_fhir_resources"] >= RATIO and found["maillon_avec_sql"]["mieux_ms"] <= CIBLE_MS
    print("objectif atteint" if ok else "objectif manqué")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
