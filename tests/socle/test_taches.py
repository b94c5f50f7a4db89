"""Jobs: in whose transaction they run, and what becomes of those whose worker died."""

import asyncio
import traceback
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.procrastinate_app import current_app

from fabriques.droits import make_cpts
from maillon.socle import taches
from maillon.socle.contexte import get_contexte, use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import at, today


@pytest.mark.django_db
def test_job_with_and_without_transaction(monkeypatch) -> None:
    cpts, seen = make_cpts(), []
    monkeypatch.setattr(taches, "_register", lambda name, function, run, options: run)

    def body(*, cpts_id, mot) -> None:
        seen.append((mot, cpts_id, get_contexte().cpts_id))

    taches.tache("essai.avec")(body)(str(cpts.pk), mot="avec")
    taches.tache_sans_transaction("essai.sans")(body)(str(cpts.pk), mot="sans")
    assert seen == [("avec", cpts.pk, cpts.pk), ("sans", cpts.pk, None)]


class Identity:
    """The queue, that leaves functions as they are."""

    @staticmethod
    def periodic(**kwargs):
        return lambda task: task

    @staticmethod
    def task(**kwargs):
        return lambda function: function


OUTREMER = {
    "Europe/Paris": date(2026, 11, 22),
    "Indian/Reunion": date(2026, 11, 23),
    "America/Guadeloupe": date(2026, 11, 22),
    "Indian/Mayotte": date(2026, 11, 23),
    "Pacific/Noumea": date(2026, 11, 23),
}


@pytest.mark.django_db
@pytest.mark.parametrize("genre", ["tache", "tache_sans_transaction", "tache_periodique"])
def test_the_day_of_a_job_is_the_one_of_its_community(monkeypatch, genre) -> None:
    """At 22.30 UTC it is tomorrow already in La Réunion, and not yet in Guadeloupe nor in Paris."""
    monkeypatch.setattr(taches, "app", Identity)
    monkeypatch.setattr(taches, "_register", lambda name, function, run, options: run)
    fuseaux = {make_cpts(f"CPTS {fuseau}", fuseau=fuseau).pk: fuseau for fuseau in OUTREMER}
    jours = {}

    def body(*, cpts_id) -> None:
        jours[fuseaux[cpts_id]] = today()

    with at(datetime(2026, 11, 22, 22, 30, tzinfo=UTC)):
        if genre == "tache_periodique":
            taches.tache_periodique("essai.jour", cron="* * * * *")(body)(0)
        else:
            run = getattr(taches, genre)("essai.jour")(body)
            for cpts_id in fuseaux:
                run(str(cpts_id))
        assert today() == date(2026, 11, 22), "outside of a job, the house's own clock"
    assert jours == OUTREMER


@pytest.mark.django_db
def test_a_daily_job_comes_once_a_day_at_the_hour_of_each_community(monkeypatch) -> None:
    monkeypatch.setattr(taches, "app", Identity)
    fuseaux = {make_cpts(f"CPTS {fuseau}", fuseau=fuseau).pk: fuseau for fuseau in OUTREMER}
    seen = []

    @taches.tache_quotidienne("essai.matin", heure=8, minute=30)
    def body(*, cpts_id) -> None:
        seen.append((fuseaux[cpts_id], today()))

    for heure in range(24):
        with at(datetime(2026, 11, 22, heure, 30, tzinfo=UTC)):
            body(0)
    assert sorted(fuseau for fuseau, _ in seen) == sorted(OUTREMER)
    assert dict(seen)["Pacific/Noumea"] == date(2026, 11, 23)
    assert dict(seen)["America/Guadeloupe"] == date(2026, 11, 22)


@pytest.mark.django_db
def test_failure_of_one_community_spares_the_others(monkeypatch) -> None:
    first, second = make_cpts("CPTS A"), make_cpts("CPTS B")
    done = []

    monkeypatch.setattr(taches, "app", Identity)

    @taches.tache_periodique("essai.periodique", cron="* * * * *")
    def body(*, cpts_id) -> None:
        if cpts_id == first.pk:
            Cpts.objects.filter(pk=first.pk).update(nom="écrit puis défait")
            raise ValueError("en panne")
        done.append(cpts_id)

    with pytest.raises(RuntimeError, match=r"essai\.periodique: 1 community"):
        body(0)
    assert done == [second.pk]
    assert Cpts.objects.get(pk=first.pk).nom == "CPTS A"


@pytest.mark.commits
def test_job_wanted_once_waits_for_everybody_who_wants_it(clone_base) -> None:
    """A job already waiting is not taken before the second transaction that counts on it has committed."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        taches.enqueue("pilotage.rafraichir", cpts_id=cpts.pk, once="essai")
    worker = connection.copy()
    try:
        with worker.cursor() as cursor:
            with use_cpts(cpts.pk):
                taches.enqueue("pilotage.rafraichir", cpts_id=cpts.pk, once="essai")
                assert _fetch(cursor) is None
            assert _fetch(cursor) is not None
        with use_cpts(cpts.pk):  # the first one runs: what follows needs another
            taches.enqueue("pilotage.rafraichir", cpts_id=cpts.pk, once="essai")
    finally:
        worker.close()
    assert sorted(ProcrastinateJob.objects.values_list("status", flat=True)) == ["doing", "todo"]


def _fetch(cursor) -> int | None:
    """What a worker takes."""
    cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, NULL)")
    return cursor.fetchone()[0]


@pytest.mark.commits
def test_job_of_a_dead_worker_is_taken_up_again(clone_base) -> None:
    """A job left « doing » by a worker that gives no sign of life goes back to the queue; a live one's stays."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        for mot in ("mort", "vivant"):
            taches.enqueue("courriels.envoyer", cpts_id=cpts.pk, message_id=mot)
    dead, alive = ProcrastinateJob.objects.order_by("id").values_list("id", flat=True)
    with connection.cursor() as cursor:
        for job, age in ((dead, "10 minutes"), (alive, "0 seconds")):
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval) RETURNING id", [age]
            )
            worker = cursor.fetchone()[0]
            cursor.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job]
            )

    class Contexte:
        app = current_app.with_connector(current_app.connector.get_worker_connector())

    async def run() -> None:
        async with Contexte.app.open_async():
            await taches.reprendre_abandonnees(Contexte, 0)

    asyncio.run(run())
    states = dict(ProcrastinateJob.objects.values_list("id", "status"))
    assert (states[dead], states[alive]) == ("todo", "doing")


@pytest.mark.django_db
def test_nothing_is_queued_while_a_past_is_replayed() -> None:
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        with taches.without_jobs():
            taches.enqueue("pilotage.rafraichir", cpts_id=cpts.pk)
        assert not ProcrastinateJob.objects.exists()
        taches.enqueue("pilotage.rafraichir", cpts_id=cpts.pk)
        assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_what_stops_a_work_goes_back_to_a_person_without_a_word_of_what_was_read(caplog) -> None:
    cpts, raisons = make_cpts(), []

    def refuse() -> None:
        raise LookupError("La colonne « Nom » manque.")

    def break_down() -> None:
        int("Ysengrimax")

    taches.work_or_give_back(cpts.pk, refuse, refus=LookupError, fail=raisons.append, quoi="essai")
    assert (raisons, caplog.text) == (["La colonne « Nom » manque."], "")
    with pytest.raises(taches.TravailArrete, match="essai: ValueError") as stopped:
        taches.work_or_give_back(cpts.pk, break_down, refus=LookupError, fail=raisons.append, quoi="essai")
    assert raisons[1:] == [taches.IMPREVU]
    assert "break_down" in caplog.text, "where it arose is known"
    written = caplog.text + "".join(traceback.format_exception(stopped.value))
    assert "invalid literal" not in written.replace('int("Ysengrimax")', "")
    assert written.count("Ysengrimax") == written.count('int("Ysengrimax")'), "the source line, never the value"
