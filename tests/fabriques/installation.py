"""Maillon as in service on a cluster of its own, with fsync, whose processes may be killed: the web server, the job
worker, PostgreSQL. Who supervises a service starts again what was killed, as systemd does."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connections

from bases import Base
from maillon.site import marche, verrous
from maillon.site.base import parse_database_url
from maillon.site.etat import state_directory
from maillon.site.grappe import EXECUTION, PROPRIETAIRE, SUPERUTILISATEUR, Grappe
from maillon.site.processus import die_with_parent
from serveurs import Serveur, serve

ATTENTE = 60.0  # seconds after which a test that waits fails
PAS = 0.05


def wait_until(predicate, quoi: str, delai: float = ATTENTE) -> float:
    """Seconds until the predicate holds. AssertionError when it does not in time."""
    debut, pause = time.monotonic(), threading.Event()
    while not predicate():
        assert time.monotonic() - debut < delai, f"never: {quoi}"
        pause.wait(PAS)
    return time.monotonic() - debut


def list_children(pid: int) -> list[int]:
    """The children of a process."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass
class Installation:
    """A cluster, its addresses, and the programs of the service on it."""

    grappe: Grappe
    dossier: Path
    environ: dict[str, str]
    serveur: Serveur | None = None
    travailleur: subprocess.Popen | None = None
    arrets: list[int] = field(default_factory=list)

    @property
    def base(self) -> Base:
        return Base("maillon", self.grappe.url(EXECUTION), self.grappe.url(PROPRIETAIRE))

    def start_travailleur(self) -> None:
        with (self.dossier / "travailleur.log").open("a") as sortie:
            self.travailleur = subprocess.Popen(
                marche.worker_command(), stdin=subprocess.DEVNULL, stdout=sortie, stderr=sortie,
                env=self.environ, process_group=0, preexec_fn=die_with_parent(signal.SIGKILL),
            )  # fmt: skip

    def check_travailleur(self) -> None:
        """Nobody has to start it again."""
        assert self.travailleur is not None
        assert self.travailleur.poll() is None, (self.dossier / "travailleur.log").read_text()

    def kill_web(self, rang: int) -> None:
        """One web process, while it answers; gunicorn starts another."""
        assert self.serveur is not None
        ouvriers = list_children(self.serveur.processus.pid)
        kill(ouvriers[rang % len(ouvriers)])

    def kill_travailleur(self) -> None:
        assert self.travailleur is not None
        os.killpg(self.travailleur.pid, signal.SIGKILL)
        self.travailleur.wait()
        self.start_travailleur()

    def kill_postgresql(self) -> None:
        """The postmaster and every process of the cluster, at once; its guardian starts it again."""
        postmaster = int((self.grappe.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
        for pid in (postmaster, *list_children(postmaster)):
            kill(pid)

    @contextlib.contextmanager
    def without_postgresql(self) -> Iterator[None]:
        """The cluster and its guardian are stopped during the block; then they start again."""
        os.kill(int(self.grappe.gardien.read_text()), signal.SIGTERM)
        wait_until(lambda: not verrous.is_held(self.grappe.gardien), "a cluster that is stopped")
        try:
            yield
        finally:
            self.grappe.join().leave()  # whoever prepared the installation still occupies it

    def wait_healthy(self) -> float:
        """Seconds until the health page, which asks the database, answers 200."""
        assert self.serveur is not None
        port = self.serveur.port
        return wait_until(lambda: marche.is_healthy(port), "a healthy service")

    def set_durable(self, durable: bool) -> None:
        """Acknowledge commits once they are on the disk, or before: the control."""
        valeurs = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
        with psycopg.connect(self.grappe.url(SUPERUTILISATEUR), autocommit=True) as connexion:
            for nom, valeur in valeurs.items():
                connexion.execute(
                    f"ALTER SYSTEM {'RESET' if durable else 'SET'} {nom}{'' if durable else f' = {valeur!r}'}"
                )
            connexion.execute("SELECT pg_reload_conf()")

    def checkpoint(self) -> None:
        """What is there now is on the disk, whatever is acknowledged before it is written afterwards."""
        with psycopg.connect(self.grappe.url(SUPERUTILISATEUR), autocommit=True) as connexion:
            connexion.execute("CHECKPOINT")

    @contextlib.contextmanager
    def run(self, environ: Mapping[str, str]) -> Iterator[Installation]:
        """The web server and the job worker, with these settings besides."""
        self.environ |= environ
        with serve(self.environ, self.dossier) as self.serveur:
            self.start_travailleur()
            try:
                yield self
            finally:
                assert self.travailleur is not None
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.travailleur.pid, signal.SIGKILL)
                self.travailleur.wait()


@contextlib.contextmanager
def installed(modele: str) -> Iterator[Installation]:
    """A cluster with the settings of service that holds a copy of this template of the tests' cluster."""
    tests = Grappe(state_directory(essais=True), essais=True)
    with tempfile.TemporaryDirectory(prefix="maillon-arret-") as nom:
        dossier = Path(nom)
        dossier.chmod(0o711)  # the server's user goes through it
        grappe = Grappe(dossier)
        with grappe.join():
            copie = dossier / "modele.dump"
            lance = {"check": True, "capture_output": True}
            depuis, vers = tests.url(SUPERUTILISATEUR, modele), grappe.url(SUPERUTILISATEUR)
            subprocess.run([tests.binaire("pg_dump"), "-Fc", "-Z0", "-f", copie, depuis], **lance)
            subprocess.run([tests.binaire("pg_restore"), "-d", vers, copie], **lance)
            with psycopg.connect(vers, autocommit=True) as connexion:
                connexion.execute("ANALYZE")
                assert connexion.execute("SHOW fsync").fetchone() == ("on",)
                assert connexion.execute("SHOW synchronous_commit").fetchone() == ("on",)
            installation = Installation(grappe, dossier, {})
            installation.environ = installation.base.environnement
            with connected_to(installation.base):
                yield installation


@contextlib.contextmanager
def connected_to(base: Base) -> Iterator[None]:
    """Make Django, in every thread of this process, use another server; then come back."""
    adresses = {"default": base.url, "proprietaire": base.url_proprietaire}
    avant = {alias: dict(connections.settings[alias]) for alias in adresses}
    try:
        for alias, url in adresses.items():
            connections[alias].close()
            connections.settings[alias].update(parse_database_url(url))
        yield
    finally:
        for alias, values in avant.items():
            connections[alias].close()
            connections.settings[alias].update(values)
