"""Gestures at once, each in a process and a connection of its own, as on a server. The test needs real commits."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import connections

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
