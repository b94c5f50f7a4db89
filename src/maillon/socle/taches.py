"""Jobs: put in the queue by name, in the transaction of the service that wants them."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from .contexte import use_cpts
from .cpts.models import Cpts


def enqueue(name: str, *, cpts_id: UUID, delay_seconds: int = 0, once: str = "", **arguments: Any) -> None:
    """Queue the job `name` for one community; a rolled-back transaction leaves no job.

    `arguments` are identifiers and codes only. With `once`, a job already waiting under this key is enough.
    """
    options: dict[str, Any] = {}
    if delay_seconds:
        options["schedule_in"] = {"seconds": delay_seconds}
    if not once:
        app.configure_task(name, **options).defer(cpts_id=str(cpts_id), **arguments)
        return
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name, queueing_lock=once, **options).defer(cpts_id=str(cpts_id), **arguments)


def tache(name: str, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Declare a job of one community: its body runs inside the tenant's transaction."""

    def decorate(function: Callable[..., None]) -> Any:
        def run(cpts_id: str, **arguments: Any) -> None:
            with use_cpts(UUID(cpts_id)):
                function(cpts_id=UUID(cpts_id), **arguments)

        run.__name__ = function.__name__
        run.__doc__ = function.__doc__
        return app.task(name=name, **options)(run)

    return decorate


def tache_periodique(name: str, *, cron: str) -> Callable[[Callable[..., None]], Any]:
    """Declare a job that runs for each community at the times of `cron`, one transaction a community."""

    def decorate(function: Callable[..., None]) -> Any:
        def run(timestamp: int) -> None:
            for cpts_id in Cpts.objects.values_list("id", flat=True):
                with use_cpts(cpts_id):
                    function(cpts_id=cpts_id)

        run.__name__ = function.__name__
        run.__doc__ = function.__doc__
        return app.periodic(cron=cron)(app.task(name=name, queueing_lock=name, pass_context=False)(run))

    return decorate
