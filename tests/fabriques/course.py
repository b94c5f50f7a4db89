"""Gestures at once, each in a process and a connection of its own, as on a server. The test needs real commits."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import connection, connections

from fabriques.installation import wait_until
from maillon.communaute.sollicitations.models import ActionRefusee
from maillon.socle.contexte import use_cpts

PROCESSUS = multiprocessing.get_context("fork")
ATTENTE = 20  # seconds after which a barrier gives up: a deadlock fails instead of hanging


def race(cpts_id: UUID, gestures: Sequence[Callable[[], object]]) -> list[str]:
    """Run each gesture in a process and a connection of its own, all at once; returns how each ended."""
    return race_between([(cpts_id, gesture) for gesture in gestures])


def race_between(gestures: Sequence[tuple[UUID, Callable[[], object]]]) -> list[str]:
    """The same, each gesture in its own community."""
    start, ended = PROCESSUS.Barrier(len(gestures)), PROCESSUS.SimpleQueue()

    def run(cpts_id: UUID, gesture: Callable[[], object]) -> None:
        try:
            with use_cpts(cpts_id):
                start.wait(ATTENTE)
                gesture()
            ended.put("fait")
        except ActionRefusee:
            ended.put("refuse")
        except Exception as error:
            ended.put(type(error).__name__)
        finally:
            os._exit(0)  # nothing of the parent's test session ends twice

    connections.close_all()  # a connection is not shared by two processes
    rivaux = [PROCESSUS.Process(target=run, args=one) for one in gestures]
    for rival in rivaux:
        rival.start()
    for rival in rivaux:
        rival.join(ATTENTE)
        rival.kill()
    return sorted(ended.get() for _ in iter(lambda: ended.empty(), True))


def run_behind(cpts_id: UUID, first: Callable[[], object], second: Callable[[], object]) -> object:
    """`second` begins while `first` holds its locks, waits for them, and goes on once they are committed: what it
    returned, or the exception that it raised."""
    issues: list[object] = []

    def run() -> None:
        try:
            with use_cpts(cpts_id):
                issues.append(second())
        except Exception as error:
            issues.append(error)
        finally:
            connections.close_all()

    suivant = threading.Thread(target=run)
    with use_cpts(cpts_id):
        first()
        suivant.start()
        wait_until(_somebody_waits, "the second, who waits for the first", ATTENTE)
    suivant.join()
    return issues[0]


def _somebody_waits() -> bool:
    """Whether another transaction waits for this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
        )
        return bool(cursor.fetchone()[0])
