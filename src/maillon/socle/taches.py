"""Jobs: put in the queue by name, in the transaction of the service that wants them.

A job may run twice: killed after its commit and before the queue heard of it, it is taken up again by
`reprendre_abandonnees`. Bodies are therefore idempotent. As in a request, « today » is the day at the clock of the
community for which a job works.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from traceback import format_tb
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager

from .contexte import use_cpts
from .cpts.models import Cpts
from .horloge import now

logger = logging.getLogger(__name__)
Cle = TypeVar("Cle")
# A job is one transaction: a failed one left nothing behind and may be tried again, after 4, 16, 64 and 256 s.
REPRISE = RetryStrategy(max_attempts=4, exponential_wait=4)
_muette: ContextVar[bool] = ContextVar("taches_muettes", default=False)


@contextmanager
def without_jobs() -> Iterator[None]:
    """Queue nothing during the block: for whoever replays a past, and does at its end what its jobs would have done."""
    token = _muette.set(True)
    try:
        yield
    finally:
        _muette.reset(token)


def enqueue(name: str, *, cpts_id: UUID, delay_seconds: int = 0, once: str = "", **arguments: Any) -> None:
    """Queue the job `name` for one community; a rolled-back transaction leaves no job.

    `arguments` are identifiers and codes only. With `once`, a job already waiting under this key is enough, and no
    worker takes it before this transaction ends: the job would miss what the transaction is about to commit. Workers
    skip a locked job and look again after some seconds; the lock is shared, so that nobody else waits.
    """
    if _muette.get():
        return
    options: dict[str, Any] = {}
    if delay_seconds:
        options["schedule_in"] = {"seconds": delay_seconds}
    if not once:
        _configure(name, **options).defer(cpts_id=str(cpts_id), **arguments)
        return
    while True:
        with suppress(AlreadyEnqueued), transaction.atomic():
            _configure(name, queueing_lock=once, **options).defer(cpts_id=str(cpts_id), **arguments)
            return
        if _hold_waiting(once):
            return  # otherwise a worker took it in between: another job is needed


def _configure(name: str, **options: Any) -> JobDeferrer:
    """A job to queue by Django's connection, hence in the transaction under way: in the worker as well, whose pool
    would queue it at once, whatever becomes of the job that asks."""
    deferrer = app.configure_task(name, **options)
    deferrer.job_manager = JobManager(DjangoConnector())
    return deferrer


def _hold_waiting(key: str) -> bool:
    """Keep workers from the job that waits under this key until the transaction ends; False when none waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = %s AND status = 'todo' FOR SHARE", [key])
        return cursor.fetchone() is not None


def tache(name: str, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Declare a job of one community: its body runs inside the tenant's transaction."""

    def decorate(function: Callable[..., None]) -> Any:
        def run(cpts_id: str, **arguments: Any) -> None:
            with _clock_of(UUID(cpts_id)), use_cpts(UUID(cpts_id)):
                function(cpts_id=UUID(cpts_id), **arguments)

        return _register(name, function, run, options)

    return decorate


def tache_sans_transaction(name: str, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Declare a job of one community that talks to the outside: its body opens its own short transactions.

    No transaction is open while it waits for somebody else's server; each `use_cpts` of the body commits at its end.
    """

    def decorate(function: Callable[..., None]) -> Any:
        def run(cpts_id: str, **arguments: Any) -> None:
            with _clock_of(UUID(cpts_id)):
                function(cpts_id=UUID(cpts_id), **arguments)

        return _register(name, function, run, options)

    return decorate


def _clock_of(cpts_id: UUID) -> AbstractContextManager[None]:
    """Days and hours are those of the community."""
    return timezone.override(ZoneInfo(Cpts.objects.values_list("fuseau", flat=True).get(pk=cpts_id)))


def _register(name: str, function: Callable[..., None], run: Callable[..., None], options: dict[str, Any]) -> Any:
    run.__name__, run.__doc__ = function.__name__, function.__doc__
    return app.task(name=name, **{"retry": REPRISE, **options})(run)


IMPREVU = (
    "Une erreur imprévue a arrêté le travail : rien n’a été écrit. Recommencez ; si elle revient, prévenez la "
    "personne qui administre Maillon."
)


class TravailArrete(Exception):
    """A job was stopped by something unexpected. Says the kind of error only: its message may quote a row."""


def work_or_give_back(
    cpts_id: UUID,
    work: Callable[[], object],
    *,
    refus: type[Exception] | tuple[type[Exception], ...],
    fail: Callable[[str], object],
    quoi: str,
) -> None:
    """Work in one transaction; what stops it goes back to a person, by `fail(reason)`, in another.

    `refus` are the errors whose message is for the person. Another one, whose message may quote what was being read,
    is logged by its kind and where it arose, never by its words; TravailArrete is then raised. `quoi` names the work
    in the log, by a key.
    """
    try:
        with use_cpts(cpts_id):
            work()
    except refus as refusal:
        with use_cpts(cpts_id):
            fail(str(refusal))
    except Exception as error:
        kind, where = type(error).__name__, "".join(format_tb(error.__traceback__))
        logger.error("%s stopped by %s\n%s", quoi, kind, where)
        with use_cpts(cpts_id):
            fail(IMPREVU)
        raise TravailArrete(f"{quoi}: {kind}") from None


def do_each(cles: Iterable[Cle], faire: Callable[[Cle], int], *, quoi: str) -> int:
    """Do the same for each of these keys, in a savepoint each, and add up what it returns.

    One that fails leaves nothing behind and does not deprive the others: it is logged by its kind and where it arose,
    never by its words, which may quote a row. `quoi` names the work in the log.
    """
    total = 0
    for cle in cles:
        try:
            with transaction.atomic():
                total += faire(cle)
        except Exception as error:
            logger.error(
                "%s %s failed: %s\n%s", quoi, cle, type(error).__name__, "".join(format_tb(error.__traceback__))
            )
    return total


def tache_periodique(name: str, *, cron: str) -> Callable[[Callable[..., None]], Any]:
    """Declare a job that runs for each community at the times of `cron` (UTC), one transaction a community.

    The failure of one community does not deprive the others: it is logged, and the job ends as failed.
    """
    return _repeat(name, cron, lambda local: True)


def tache_quotidienne(name: str, *, heure: int, minute: int) -> Callable[[Callable[..., None]], Any]:
    """The same once a day, when the clock of each community, overseas as well, is in this hour: nobody is written to
    at night, and a day is closed once it is over. `minute` only spreads the jobs of an hour."""
    return _repeat(name, f"{minute} * * * *", lambda local: local.hour == heure)


def _repeat(name: str, cron: str, is_due: Callable[[datetime], bool]) -> Callable[[Callable[..., None]], Any]:
    """A job at the times of `cron` for the communities at whose clock it is due."""

    def decorate(function: Callable[..., None]) -> Any:
        def run(timestamp: int) -> None:
            failed = []
            for cpts_id, fuseau in Cpts.objects.values_list("id", "fuseau"):
                zone = ZoneInfo(fuseau)
                if not is_due(now().astimezone(zone)):
                    continue
                try:
                    with timezone.override(zone), use_cpts(cpts_id):
                        function(cpts_id=cpts_id)
                except Exception:
                    logger.exception("job %s failed for community %s", name, cpts_id)
                    failed.append(cpts_id)
            if failed:
                raise RuntimeError(f"{name}: {len(failed)} community(ies) failed")

        run.__name__ = function.__name__
        run.__doc__ = function.__doc__
        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, pass_context=False)(run))

    return decorate


@app.periodic(cron="*/2 * * * *")
@app.task(name="taches.reprendre_abandonnees", queueing_lock="taches.reprendre_abandonnees", pass_context=True)
async def reprendre_abandonnees(context: JobContext, timestamp: int) -> None:
    """Put back in the queue the jobs whose worker died: procrastinate does not by itself."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        try:
            await manager.retry_job(job)
        except ConnectorException:  # the same job is already waiting under its lock: this one has nothing left to do
            await manager.finish_job(job, status=Status.ABORTED, delete_job=False)
