"""What the measures of slots share: a community, its desk, people to receive, a million slots, and processes."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg

SLUG = "mesure-creneaux"
ZONES = [f"{n:02}" for n in range(1, 96) if n != 20]
PROFESSIONS = ("10", "60", "70")
PROFESSIONNELS = 500
PERSONNES = 200
PROCESSUS = multiprocessing.get_context("fork")

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
    """One community over the Grand Saint-Étienne, its desk, people, professionals and slots; once."""
    from django.utils import timezone

    from appui.grande import create_compte
    from maillon.communaute.annuaire.models import Professionnel
    from maillon.missions.soins_non_programmes.models import LieuConsultation
    from maillon.socle.contexte import use_cpts
    from maillon.socle.cpts.models import Cpts
    from maillon.socle.droits.enums import Role
    from maillon.socle.droits.services import give_role

    if Cpts.objects.filter(slug=SLUG).exists():
        return
    cpts = Cpts.objects.create(slug=SLUG, nom="CPTS de mesure", departement="42", region="84", fictive=True)
    Professionnel.objects.bulk_create(
        Professionnel(rpps=f"997{n:08}", nom=f"Mesure {n}", prenom="Alix", profession=PROFESSIONS[n % 3], fictif=True)
        for n in range(PROFESSIONNELS)
    )
    pros = list(Professionnel.objects.filter(rpps__startswith="997").order_by("rpps"))
    compte = create_compte("guichet", slug=SLUG)
    with use_cpts(cpts.pk):
        give_role(compte=compte, cpts=cpts, role=Role.SECRETARIAT, start=timezone.localdate())
        lieux = [LieuConsultation(cpts=cpts, professionnel=pro, libelle="Cabinet", commune_id="42218") for pro in pros]
        LieuConsultation.objects.bulk_create(lieux)
        for n in range(PERSONNES):
            make_patient(cpts, f"Mesure {n}")
    with connect_owner() as connexion:
        connexion.execute(
            _CRENEAUX,
            {
                "cpts": cpts.pk, "pros": [p.pk for p in pros], "lieux": [lieu.pk for lieu in lieux],
                "professions": list(PROFESSIONS), "zones": ZONES, "nz": len(ZONES), "nombre": PROFESSIONNELS,
                "total": total,
            },
        )  # fmt: skip


def make_patient(cpts: Any, nom: str) -> None:
    """Somebody with a mobile telephone: whoever is given a slot is told so by a message."""
    from maillon.communaute.patients.services import SaisieIdentite, create_patient
    from maillon.socle.droits.acteur import SYSTEME

    create_patient(
        cpts_id=cpts.pk, identite=SaisieIdentite(nom=nom, prenom="Alix", telephone="06 12 34 56 78"),
        commune_id="42218", annee_naissance=1980, origine="accueil", notice_version="mesure", by=SYSTEME,
    )  # fmt: skip


def connect_owner() -> psycopg.Connection:
    return psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"], autocommit=True)


def get_cpts() -> Any:
    from maillon.socle.cpts.models import Cpts

    return Cpts.objects.get(slug=SLUG)


def list_guichets(nombre: int) -> list[UUID]:
    """Accounts of the desk, made when they are not there yet: one holds a few slots at once, not a thousand."""
    from django.utils import timezone

    from appui.grande import create_compte
    from maillon.socle.comptes.models import Compte
    from maillon.socle.contexte import use_cpts
    from maillon.socle.droits.enums import Role
    from maillon.socle.droits.services import give_role

    cpts = get_cpts()
    for n in range(nombre):
        if not Compte.objects.filter(email=f"guichet{n}@{SLUG}.example.org").exists():
            compte = create_compte(f"guichet{n}", slug=SLUG)
            with use_cpts(cpts.pk):
                give_role(compte=compte, cpts=cpts, role=Role.SECRETARIAT, start=timezone.localdate())
    adresses = [f"guichet{n}@{SLUG}.example.org" for n in range(nombre)]
    return list(Compte.objects.filter(email__in=adresses).values_list("pk", flat=True))


def list_patients(cpts: Any) -> list[Any]:
    from maillon.communaute.patients.models import Patient
    from maillon.socle.contexte import use_cpts

    with use_cpts(cpts.pk):
        return list(Patient.objects.all())


def find_libres(nombre: int) -> list[UUID]:
    """Free slots, of professionals drawn at random."""
    with connect_owner() as connexion:
        rows = connexion.execute(
            "SELECT id FROM soins_non_programmes_creneau TABLESAMPLE SYSTEM (10) WHERE etat = 'libre'"
            " AND debut > now() + interval '2 days' ORDER BY random() LIMIT %s",
            [nombre],
        )
        return [row[0] for row in rows]


def run_clients(nombre: int, work: Callable[[int], Any]) -> tuple[float, list[Any]]:
    """`work(client)` in as many processes, all at once after it has prepared itself: `work` returns what then runs.

    Answers the seconds from the start to the last one's end, and what each brought back.
    """
    pret, boite = PROCESSUS.Barrier(nombre + 1), PROCESSUS.SimpleQueue()

    def run(client: int) -> None:
        try:
            act = work(client)
            pret.wait(120)
            boite.put(act())
        except BaseException as erreur:
            pret.abort()
            boite.put(f"{type(erreur).__name__}: {erreur}")
        finally:
            os._exit(0)  # nothing of the parent ends twice

    processus = [PROCESSUS.Process(target=run, args=(client,)) for client in range(nombre)]
    for un in processus:
        un.start()
    try:
        pret.wait(120)
    except Exception:
        raise SystemExit(f"un client n’a pas démarré : {boite.get()}") from None
    debut = time.perf_counter()
    rendus = [boite.get() for _ in processus]
    duree = time.perf_counter() - debut
    for un in processus:
        un.join(30)
    if perdus := [rendu for rendu in rendus if isinstance(rendu, str)]:
        raise SystemExit(f"un client s’est arrêté : {perdus[0]}")
    return duree, rendus
