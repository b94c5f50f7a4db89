"""Workers are killed (-9) while they book; each writes outside of the database what it was told. Nothing told is
lost, nobody has two appointments, no slot is left between two states."""

import multiprocessing
import os
import random
import signal
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connections

from fabriques.patients import make_patient
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import PRIS, EtatCreneau, Origine
from maillon.missions.soins_non_programmes.models import ActionRefusee, Creneau, RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.commits
PROCESSUS = multiprocessing.get_context("fork")
OUVRIERS, ARRETS, CRENEAUX = 3, 12, 120


def book_on(cpts_id: UUID, creneaux: list[UUID], patient, registre: Path, graine: int, dits) -> None:
    """Book slots at random for ever; what was acknowledged goes to the ledger, and on the disk, after the commit."""
    hasard = random.Random(graine)
    sortie = os.open(registre, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while True:
        try:
            with use_cpts(cpts_id):
                pris = services.book(
                    creneau_id=hasard.choice(creneaux),
                    patient=patient,
                    by=SYSTEME,
                    cle_depot=uuid4().hex,
                    origine=Origine.GUICHET,
                )
        except ActionRefusee:
            continue
        os.write(sortie, f"{pris.pk} {pris.creneau_id}\n".encode())
        os.fsync(sortie)
        dits.release()


def test_nothing_acknowledged_is_lost_when_workers_are_killed(tmp_path) -> None:
    soins, registre = make_soins(), tmp_path / "registre"
    with use_cpts(soins.cpts.pk):
        debut, pro = horloge.now() + timedelta(days=1), make_pro(soins)
        creneaux = [make_creneau(soins, pro, debut=debut + n * timedelta(minutes=20)).pk for n in range(CRENEAUX)]
        patient = make_patient(soins.cpts)
    dits, hasard = PROCESSUS.Semaphore(0), random.Random(0)

    def start(graine: int):
        process = PROCESSUS.Process(target=book_on, args=(soins.cpts.pk, creneaux, patient, registre, graine, dits))
        process.start()
        return process

    connections.close_all()  # a connection is not shared by two processes
    ouvriers = [start(graine) for graine in range(OUVRIERS)]
    for arret in range(ARRETS):
        for _ in range(hasard.randrange(1, 5)):  # some appointments are acknowledged, another is under way
            assert dits.acquire(timeout=60), "the others go on booking"
        rang = hasard.randrange(OUVRIERS)
        os.kill(ouvriers[rang].pid, signal.SIGKILL)
        ouvriers[rang].join()
        ouvriers[rang] = start(100 + arret)
    for ouvrier in ouvriers:
        ouvrier.kill()
        ouvrier.join()
    connections.close_all()

    # A line cut by a kill was acknowledged to nobody.
    lignes = [ligne.split() for ligne in registre.read_text().splitlines() if len(ligne) == 73]
    with use_cpts(soins.cpts.pk):
        kept = {(str(pk), str(creneau)) for pk, creneau in RendezVous.objects.values_list("pk", "creneau_id")}
        living = list(RendezVous.objects.filter(etat__in=PRIS).values_list("creneau_id", flat=True))
        taken = set(Creneau.objects.filter(etat=EtatCreneau.RESERVE).values_list("pk", flat=True))
        told = Entree.objects.filter(evenement="soins.rendez_vous_pris").count()
        assert len(lignes) >= ARRETS
        assert {tuple(ligne) for ligne in lignes} <= kept, "acknowledged and kept"
        assert len(living) == len(set(living)), "one appointment a slot"
        assert set(living) == taken, "no slot between two states"
        assert told == len(kept), "each with its line of the journal"
