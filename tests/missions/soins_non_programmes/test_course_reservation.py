"""Fifty processes want the same slot, fifty rounds: one has it each time, the others hear it cleanly; two slots of one
professional never overlap; nothing waits for ever. With its negative controls."""

import multiprocessing
import os
import random
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, connections

from fabriques.patients import make_patient
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import PRIS, EtatCreneau, EtatRendezVous, MotifAnnulation, Origine
from maillon.missions.soins_non_programmes.models import Creneau, CreneauPris, RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

pytestmark = pytest.mark.commits
PROCESSUS = multiprocessing.get_context("fork")
RIVAUX = 50
TOURS = 50
ATTENTE = 240  # seconds: a deadlock fails instead of hanging


def race(cpts_id: UUID, rivaux: int, tours: int, gesture) -> list[Counter]:
    """Each rival, a process and a connection of its own, does `gesture(rival, tour)` at each round, all at once; returns
    how the rivals ended, by round."""
    start, ended = PROCESSUS.Barrier(rivaux), PROCESSUS.SimpleQueue()

    def run(rival: int) -> None:
        try:
            for tour in range(tours):
                start.wait(ATTENTE)
                try:
                    with use_cpts(cpts_id):
                        gesture(rival, tour)
                    ended.put((tour, "fait"))
                except CreneauPris:
                    ended.put((tour, "pris"))
                except Exception as error:
                    ended.put((tour, type(error).__name__))
        finally:
            os._exit(0)  # nothing of the parent's test session ends twice

    connections.close_all()  # a connection is not shared by two processes
    processes = [PROCESSUS.Process(target=run, args=(rival,)) for rival in range(rivaux)]
    for process in processes:
        process.start()
    rounds = [Counter() for _ in range(tours)]
    for _ in range(rivaux * tours):
        tour, how = ended.get()
        rounds[tour][how] += 1
    for process in processes:
        process.join(ATTENTE)
    return rounds


@pytest.fixture
def terrain():
    """A slot a round, and a person; committed."""
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        debut = horloge.now() + timedelta(days=1)
        creneaux = [make_creneau(soins, pro, debut=debut + n * timedelta(minutes=20)).pk for n in range(TOURS)]
        return soins, pro, creneaux, make_patient(soins.cpts)


def book(creneau_id: UUID, patient) -> None:
    services.book(creneau_id=creneau_id, patient=patient, by=SYSTEME, cle_depot=uuid4().hex, origine=Origine.GUICHET)


def test_fifty_rivals_fifty_rounds_one_appointment_a_slot(terrain) -> None:
    soins, _, creneaux, patient = terrain
    rounds = race(soins.cpts.pk, RIVAUX, TOURS, lambda rival, tour: book(creneaux[tour], patient))
    assert rounds == [Counter(fait=1, pris=RIVAUX - 1)] * TOURS
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.filter(etat__in=PRIS).count() == TOURS
        assert RendezVous.objects.values("creneau").distinct().count() == TOURS
        assert Creneau.objects.filter(etat=EtatCreneau.RESERVE).count() == TOURS


def test_holds_moves_and_openings_in_disorder_never_deadlock(terrain) -> None:
    """Whoever books, holds and lets go, moves between two professionals, or publishes over the same hours."""
    soins, _, creneaux, patient = terrain
    with use_cpts(soins.cpts.pk):
        autre = make_pro(soins)
        debut = horloge.now() + timedelta(days=1)
        ailleurs = [make_creneau(soins, autre, debut=debut + n * timedelta(minutes=20)).pk for n in range(TOURS)]

    def gesture(rival: int, tour: int) -> None:
        hasard = random.Random(f"{rival}-{tour}")
        ici, la = hasard.choice(creneaux[:8]), hasard.choice(ailleurs[:8])
        if rival % 2:
            ici, la = la, ici
        match rival % 4:
            case 0:
                book(ici, patient)
            case 1:
                tenu = services.hold(creneau_id=ici, by=SYSTEME, cle_depot=uuid4().hex, origine=Origine.GUICHET)
                services.release(rendez_vous=tenu, by=SYSTEME)
            case 2:
                pris = RendezVous.objects.filter(etat=EtatRendezVous.CONFIRME).order_by("?").first()
                if pris is not None:
                    services.move(rendez_vous=pris, vers=la, by=SYSTEME)
            case 3:
                pris = RendezVous.objects.filter(etat=EtatRendezVous.CONFIRME).order_by("?").first()
                if pris is not None:
                    services.cancel(rendez_vous=pris, motif=MotifAnnulation.PATIENT, by=SYSTEME)

    rounds = race(soins.cpts.pk, 8, 20, gesture)
    allowed = {"fait", "pris", "ActionRefusee"}
    assert {how for tour in rounds for how in tour} <= allowed, rounds
    with use_cpts(soins.cpts.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM soins_non_programmes_rendezvous WHERE etat IN ('retenu','confirme')"
            " GROUP BY creneau_id HAVING count(*) > 1"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM soins_non_programmes_creneau c WHERE etat = 'reserve' AND NOT EXISTS"
            " (SELECT 1 FROM soins_non_programmes_rendezvous r WHERE r.creneau_id = c.id AND r.etat = 'confirme')"
        )
        assert cursor.fetchone() == (0,), "a slot said booked has somebody"


def naive_book(creneau_id: UUID, patient, checked) -> None:
    """Check, then write, as one does without a lock; the barrier makes every rival check before anyone writes."""
    creneau = Creneau.objects.get(pk=creneau_id)
    if creneau.etat != EtatCreneau.LIBRE:
        raise CreneauPris
    checked.wait(ATTENTE)
    Creneau.objects.filter(pk=creneau_id).update(etat=EtatCreneau.RESERVE)
    RendezVous.objects.create(
        cpts_id=creneau.cpts_id, creneau=creneau, patient=patient, etat=EtatRendezVous.CONFIRME,
        confirme_le=horloge.now(), origine=Origine.GUICHET, cle_depot=uuid4().hex,
    )  # fmt: skip


def test_without_the_lock_the_constraint_still_refuses(terrain) -> None:
    soins, _, creneaux, patient = terrain
    checked = PROCESSUS.Barrier(6)
    rounds = race(soins.cpts.pk, 6, 1, lambda rival, tour: naive_book(creneaux[0], patient, checked))
    assert rounds == [Counter(fait=1, IntegrityError=5)]


def test_control_without_lock_nor_constraint_everybody_has_the_slot(terrain) -> None:
    soins, _, creneaux, patient = terrain
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("DROP INDEX rendez_vous_un_par_creneau")
    checked = PROCESSUS.Barrier(6)
    rounds = race(soins.cpts.pk, 6, 1, lambda rival, tour: naive_book(creneaux[0], patient, checked))
    assert rounds == [Counter(fait=6)], "six people were given the same hour"


def test_control_without_the_exclusion_two_slots_of_one_person_overlap(terrain) -> None:
    soins, pro, _, _ = terrain
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("ALTER TABLE soins_non_programmes_creneau DROP CONSTRAINT creneau_sans_chevauchement")
    debut = horloge.now() + timedelta(days=3)

    def gesture(rival: int, tour: int) -> None:
        make_creneau(soins, pro, debut=debut)

    assert race(soins.cpts.pk, 6, 1, gesture) == [Counter(fait=6)]


def test_with_it_one_slot_stands(terrain) -> None:
    soins, pro, _, _ = terrain
    debut = horloge.now() + timedelta(days=3)

    def gesture(rival: int, tour: int) -> None:
        services.lock_professionnels([pro.professionnel.pk])
        make_creneau(soins, pro, debut=debut)

    assert race(soins.cpts.pk, 6, 1, gesture) == [Counter(fait=1, IntegrityError=5)]
