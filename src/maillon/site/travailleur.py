"""The job worker: it waits for a database that is away, and goes on when it is back.

procrastinate's own ends as soon as the database refuses it. Here another one begins, under a new number; what the
first had in hand is taken up again by `taches.reprendre_abandonnees`, as after a crash.

    python -m maillon.site.travailleur [--one-shot]
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress

import psycopg
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector

from maillon.socle.base_absente import is_base_absente

logger = logging.getLogger(__name__)

DELAI_BASE = 30.0  # seconds during which a statement of the queue waits for a connection
DELAI_TRAVAUX = 10.0  # seconds given to the jobs under way when it is asked to stop
PAUSE_MIN, PAUSE_MAX = 0.5, 10.0  # seconds between two looks for a database that is away


async def run(*, one_shot: bool = False) -> None:
    """Work until TERM or INT; with `one_shot`, until the queue is empty."""
    fini = asyncio.Event()
    for numero in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(numero, fini.set)
    while not fini.is_set():
        await _wait_base(fini)
        if not fini.is_set():
            await _work_until(fini, one_shot=one_shot)
        if one_shot:
            return


async def _wait_base(fini: asyncio.Event) -> None:
    """Come back once the database answers, or when asked to stop."""
    pause, waited = PAUSE_MIN, False
    while not fini.is_set():
        try:
            async with await psycopg.AsyncConnection.connect(**connector_params()):
                break
        except psycopg.OperationalError as error:
            if not waited:
                logger.warning("the database is away, waiting for it: %s", str(error).partition("\n")[0])
            waited = True
        with suppress(TimeoutError):
            await asyncio.wait_for(fini.wait(), pause)
        pause = min(2 * pause, PAUSE_MAX)
    if waited and not fini.is_set():
        logger.warning("the database is back: jobs go on")


async def _work_until(fini: asyncio.Event, *, one_shot: bool) -> None:
    """One worker, until it ends: asked to stop, out of jobs, or without a database."""
    travail, arret = asyncio.create_task(_work(one_shot=one_shot)), asyncio.create_task(fini.wait())
    await asyncio.wait({travail, arret}, return_when=asyncio.FIRST_COMPLETED)
    arret.cancel()
    travail.cancel()  # it finishes what it is doing
    try:
        await travail
    except asyncio.CancelledError:
        return
    except (ConnectorException, psycopg.Error) as error:
        if not is_base_absente(error):
            raise


async def _work(*, one_shot: bool) -> None:
    connector = PsycopgConnector(kwargs=connector_params(), timeout=DELAI_BASE)
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(
                wait=not one_shot, shutdown_graceful_timeout=DELAI_TRAVAUX, install_signal_handlers=False
            )


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillon.site.settings")
    django.setup()
    asyncio.run(run(one_shot="--one-shot" in sys.argv[1:]))


if __name__ == "__main__":
    main()
