"""Maillon's web server in processes of its own, as in service: gunicorn, two processes, a free port; and its worker."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
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
    processus: subprocess.Popen | Enfant
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


class Enfant:
    """A child of the nursery, waited for as one of ours."""

    returncode: int | None = None

    def __init__(self, lien: socket.socket) -> None:
        self._lien = lien
        self._lignes = lien.makefile("r")
        lien.settimeout(60)
        self.pid = int(self._lignes.readline())

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float) -> int:
        """Until the last of its processes has ended."""
        self._lien.settimeout(timeout)
        try:
            code, fin = self._lignes.readline(), self._lignes.read()
        except TimeoutError as error:
            raise subprocess.TimeoutExpired(str(self.pid), timeout) from error
        assert not fin
        self.returncode = int(code or "1")
        return self.returncode


@dataclass(frozen=True)
class Demonstration(Serveur):
    """The web server on the demonstration, and its worker."""

    pepiniere: Pepiniere

    def work(self) -> None:
        """Do what waits in the queue, once."""
        journal = self.journal.with_name("travail.log")
        enfant = self.pepiniere.start([*_program(marche.worker_command()), "--one-shot"], journal)
        assert enfant.wait(timeout=120) == 0, journal.read_text()


class Pepiniere:
    """Loads the house once (tests/pepiniere.py) for the servers and workers of a session, which come one after the
    other at the same address, on a database of the same name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._prises = ecoute.open_sockets("localhost", 0)
        self.port = self._prises[0].getsockname()[1]
        self.url = f"http://localhost:{self.port}"

    @cached_property
    def _controle(self) -> socket.socket:
        ici, la_bas = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with la_bas:
            self._processus = subprocess.Popen(
                [sys.executable, "-P", str(Path(__file__).with_name("pepiniere.py")), str(la_bas.fileno())],
                stdin=subprocess.DEVNULL, env={**self._environ, "MAILLON_ADRESSE": self.url},
                pass_fds=[la_bas.fileno(), *(prise.fileno() for prise in self._prises)],
                process_group=0, preexec_fn=die_with_parent(),
            )  # fmt: skip
        return ici

    def start(self, arguments: list[str], sortie: Path) -> Enfant:
        """A program of service, which writes to `sortie`."""
        ici, la_bas = socket.socketpair()
        with la_bas:
            socket.send_fds(self._controle, [json.dumps([arguments, str(sortie)]).encode()], [la_bas.fileno()])
        return Enfant(ici)

    @contextlib.contextmanager
    def serve(self, dossier: Path) -> Iterator[Demonstration]:
        """The web server, until the end of the block."""
        journal = dossier / "web.log"
        commande = marche.web_command([f"fd://{prise.fileno()}" for prise in self._prises])
        enfant = self.start(_program(commande), journal)
        try:
            _wait_health(self.port, enfant, journal)
            yield Demonstration(self.url, self.port, enfant, journal, self)
        finally:
            enfant.terminate()
            enfant.wait(timeout=30)

    def close(self) -> None:
        """Nothing more will be asked for."""
        for prise in self._prises:
            prise.close()
        if "_controle" in vars(self):
            self._controle.close()
            self._processus.wait(timeout=30)


def _program(commande: list[str]) -> list[str]:
    """What follows `python -m` in this command."""
    assert commande[:2] == [sys.executable, "-m"]
    return commande[2:]


def _wait_health(port: int, processus: subprocess.Popen | Enfant, journal: Path) -> None:
    limite = time.monotonic() + 60
    while not marche.is_healthy(port):
        with contextlib.suppress(subprocess.TimeoutExpired):
            processus.wait(timeout=0.05)
        if processus.returncode is not None or time.monotonic() > limite:
            pytest.fail(f"the web server did not start:\n{journal.read_text()}", pytrace=False)
