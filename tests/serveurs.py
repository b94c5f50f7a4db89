"""Maillon's web server in processes of its own, as in service: gunicorn, two processes, a free port."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from maillon.site import ecoute, marche
from maillon.site.processus import die_with_parent

APPLICATION = "maillon.site.wsgi:application"


@dataclass(frozen=True)
class Serveur:
    """Maillon's web server; ``journal`` is what it wrote."""

    url: str
    port: int
    processus: subprocess.Popen
    journal: Path


@contextlib.contextmanager
def serve(environ: Mapping[str, str], dossier: Path, *, application: str = APPLICATION) -> Iterator[Serveur]:
    """The server, until the end of the block; ``application`` replaces the one in service, for a control."""
    prises = ecoute.open_sockets("localhost", 0)
    port = prises[0].getsockname()[1]
    journal = dossier / "web.log"
    url = f"http://localhost:{port}"
    *commande, defaut = marche.web_command([f"fd://{prise.fileno()}" for prise in prises])
    assert defaut == APPLICATION
    with journal.open("w") as sortie:
        processus = subprocess.Popen(
            [*commande, application],
            stdin=subprocess.DEVNULL, stdout=sortie, stderr=sortie,
            env={**environ, "MAILLON_ADRESSE": url},
            pass_fds=[prise.fileno() for prise in prises], process_group=0, preexec_fn=die_with_parent(),
        )  # fmt: skip
    for prise in prises:
        prise.close()
    try:
        _wait_health(port, processus, journal)
        yield Serveur(url, port, processus, journal)
    finally:
        processus.terminate()
        processus.wait(timeout=30)


def _wait_health(port: int, processus: subprocess.Popen, journal: Path) -> None:
    limite = time.monotonic() + 60
    while not marche.is_healthy(port):
        with contextlib.suppress(subprocess.TimeoutExpired):
            processus.wait(timeout=0.05)
        if processus.returncode is not None or time.monotonic() > limite:
            pytest.fail(f"the web server did not start:\n{journal.read_text()}", pytrace=False)
