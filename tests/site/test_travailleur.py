"""The job worker without its database: it waits, says so once, and goes on by itself."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from bases import Bases
from fabriques.droits import make_cpts
from fabriques.installation import Installation, installed, wait_until
from maillon.site import marche
from maillon.site.processus import die_with_parent

# The worker of service, whose queue waits one second for a connection instead of thirty.
COMMANDE = [
    sys.executable, "-c",
    "from maillon.site import travailleur; travailleur.DELAI_BASE = 1.0; travailleur.main()",
]  # fmt: skip
# The same with three jobs more: two that queue a third one, of which one fails afterwards.
AVEC_TRAVAUX = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillon.site.settings")
import django
django.setup()
from maillon.site import travailleur
from maillon.socle.taches import enqueue, tache

@tache("essai.suite")
def suite(cpts_id): pass

@tache("essai.reussit")
def reussit(cpts_id): enqueue("essai.suite", cpts_id=cpts_id)

@tache("essai.echoue", retry=False)
def echoue(cpts_id):
    enqueue("essai.suite", cpts_id=cpts_id)
    raise RuntimeError("essai")

travailleur.main()
"""
TRAVAIL = "droits.roles_du_jour"
ATTEND, REVENUE = "the database is away", "the database is back"


@contextmanager
def working(commande: list[str], environ: dict[str, str], journal: Path) -> Iterator[subprocess.Popen]:
    with journal.open("w") as sortie:
        processus = subprocess.Popen(
            commande, stdin=subprocess.DEVNULL, stdout=sortie, stderr=sortie, env=environ,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )  # fmt: skip
    try:
        yield processus
    finally:
        processus.kill()
        processus.wait()


def stop(processus: subprocess.Popen) -> int:
    processus.terminate()
    return processus.wait(timeout=60)


@pytest.fixture
def installation(bases: Bases, django_db_setup, django_db_blocker) -> Iterator[Installation]:
    with django_db_blocker.unblock(), installed(bases.modele) as installation:
        yield installation


def do_a_job() -> None:
    """A job of the house, which asks the database by Django: no community, hence nothing to do."""
    app.configure_task(TRAVAIL).defer(timestamp=0)
    waiting = ProcrastinateJob.objects.filter(task_name=TRAVAIL).exclude(status="succeeded")
    wait_until(lambda: not waiting.exists(), "a job that is done")


def test_it_goes_on_when_the_database_is_back(installation: Installation, tmp_path: Path) -> None:
    journal = tmp_path / "travailleur.log"
    with working(COMMANDE, installation.environ, journal) as processus:
        do_a_job()
        connections.close_all()
        with installation.without_postgresql():
            wait_until(lambda: ATTEND in journal.read_text(), "a worker that waits")
        do_a_job()
        assert processus.poll() is None, "the same process"
        assert stop(processus) == 0
    said = journal.read_text()
    assert (said.count(ATTEND), said.count(REVENUE)) == (1, 1)
    assert "Traceback" not in said


def test_a_job_that_fails_queues_nothing(installation: Installation, tmp_path: Path) -> None:
    """What a job queues shares its transaction, in the worker as in a page."""
    cpts = make_cpts()
    suites = ProcrastinateJob.objects.filter(task_name="essai.suite")

    def work(nom: str, fin: str) -> None:
        app.configure_task(nom, allow_unknown=True).defer(cpts_id=str(cpts.pk))
        ended = ProcrastinateJob.objects.filter(task_name=nom, status=fin)
        wait_until(ended.exists, f"a job that has ended, {fin}")

    with working([sys.executable, "-c", AVEC_TRAVAUX], installation.environ, tmp_path / "travailleur.log") as processus:
        work("essai.echoue", "failed")
        assert not suites.exists()
        work("essai.reussit", "succeeded")
        assert suites.count() == 1
        assert stop(processus) == 0


def test_it_stops_when_asked_while_it_waits(tmp_path: Path, bases: Bases) -> None:
    nowhere = {"DATABASE_URL": "postgresql://maillon@/maillon?host=/nulle/part"}
    journal = tmp_path / "travailleur.log"
    with working(marche.worker_command(), {**bases.describe("absente").environnement, **nowhere}, journal) as processus:
        wait_until(lambda: ATTEND in journal.read_text(), "a worker that waits")
        assert stop(processus) == 0
