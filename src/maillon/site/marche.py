"""Keeping Maillon running: the web server and the job worker, started together, stopped together."""

from __future__ import annotations

import importlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from maillon.site import environnement, roles
from maillon.site.ecoute import check_loopback, open_sockets
from maillon.site.etat import depot, state_directory
from maillon.site.pannes import Empechement
from maillon.site.processus import die_with_parent

_ARRET = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
_DELAI_SANTE = 60.0  # seconds until the first page must answer
_DELAI_ARRET = 12.0  # seconds that children have to finish what they are doing

# What a new installation needs, in order: functions that return False, at once, when it is already there.
# A room that is absent brings nothing.
REFERENTIELS = ("maillon.communaute.territoire.services:load_communes",)
DEMONSTRATION = "maillon.portail.demo.services:load_demo"
COMPTES_DEMO = "maillon.portail.demo.services:list_comptes"


def find_hook(adresse: str) -> Callable[..., Any] | None:
    """The function at ``module:name``, or ``None`` when its package is not there (an error inside it is an error)."""
    nom, _, fonction = adresse.partition(":")
    try:
        module = importlib.import_module(nom)
    except ModuleNotFoundError as error:
        if error.name is not None and (nom == error.name or nom.startswith(error.name + ".")):
            return None
        raise
    return getattr(module, fonction)


# -- programs ------------------------------------------------------------------------------------------------------


def web_command(adresses: list[str]) -> list[str]:
    """gunicorn on ``adresses`` (``host:port`` or ``fd://N``)."""
    liens = [argument for adresse in adresses for argument in ("--bind", adresse)]
    return [
        sys.executable, "-m", "gunicorn", "--config", "python:maillon.site.gunicorn_conf", *liens,
        "maillon.site.wsgi:application",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The job worker. It stops within ten seconds of a TERM; what it was doing is taken up again later. Without its
    database it waits."""
    return [sys.executable, "-m", "maillon.site.travailleur"]


@dataclass
class Enfant:
    """A child process and the file it writes to."""

    nom: str
    processus: subprocess.Popen
    journal: Path

    def tail(self, lignes: int = 15) -> str:
        return "\n".join(self.journal.read_text(errors="replace").splitlines()[-lignes:])


class Marche:
    """Children that run together: when one ends, all are stopped. Signals are waited for, never handled in between."""

    def __init__(self, journaux: Path) -> None:
        self.journaux = journaux
        self.enfants: list[Enfant] = []
        journaux.mkdir(mode=0o700, exist_ok=True)

    def start(
        self,
        nom: str,
        fichier: str,
        commande: list[str],
        *,
        prises: Sequence[socket.socket] = (),
        death_signal: int = signal.SIGTERM,
    ) -> None:
        """Start one child in its own process group; it gets ``death_signal`` if we die first."""
        journal = self.journaux / fichier
        with journal.open("w") as sortie:
            processus = subprocess.Popen(
                commande,
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=sortie,
                process_group=0,
                pass_fds=[prise.fileno() for prise in prises],
                preexec_fn=die_with_parent(death_signal),
            )
        self.enfants.append(Enfant(nom, processus, journal))

    def wait(self, delai: float | None = None) -> int | None:
        """Wait for a signal to stop (returned) or for ``delai`` seconds (``None``); a dead child is an error."""
        limite = None if delai is None else time.monotonic() + delai
        while True:
            for enfant in self.enfants:
                if enfant.processus.poll() is not None:
                    raise Empechement(
                        f"{enfant.nom} s’est arrêté de façon inattendue (code {enfant.processus.returncode}). "
                        f"Son journal se termine ainsi :\n{enfant.tail()}",
                        remede=f"Journal complet : {enfant.journal}",
                    )
            if limite is None:
                recu: int | None = signal.sigwait(_ARRET | {signal.SIGCHLD})
            else:
                infos = signal.sigtimedwait(_ARRET | {signal.SIGCHLD}, max(0.0, limite - time.monotonic()))
                recu = None if infos is None else infos.si_signo
            if recu != signal.SIGCHLD:
                return recu

    def wait_health(self, port: int) -> int | None:
        """Wait until the health page answers 200; returns the signal that came instead, if any."""
        limite = time.monotonic() + _DELAI_SANTE
        while time.monotonic() < limite:
            if is_healthy(port):
                return None
            if (recu := self.wait(0.05)) is not None:
                return recu
        raise Empechement(
            f"Le serveur web ne répond pas. Son journal se termine ainsi :\n{self.enfants[0].tail()}",
            remede=f"Journal complet : {self.enfants[0].journal}",
        )

    def stop(self) -> None:
        """Ask every child to stop; kill the groups of those that do not (a second Ctrl-C kills at once)."""
        for enfant in self.enfants:
            if enfant.processus.poll() is None:
                enfant.processus.terminate()
        limite = time.monotonic() + _DELAI_ARRET
        while any(enfant.processus.poll() is None for enfant in self.enfants):
            infos = signal.sigtimedwait(_ARRET | {signal.SIGCHLD}, max(0.0, limite - time.monotonic()))
            if infos is None or infos.si_signo in _ARRET:
                break
        for enfant in self.enfants:
            if enfant.processus.poll() is None:
                os.killpg(enfant.processus.pid, signal.SIGKILL)
                enfant.processus.wait()


@contextmanager
def waited_signals() -> Iterator[None]:
    """Block the signals that ``Marche.wait`` waits for."""
    avant = signal.pthread_sigmask(signal.SIG_BLOCK, _ARRET | {signal.SIGCHLD})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, avant)


def is_healthy(port: int) -> bool:
    """True when the health page of this machine's ``port`` answers 200."""
    requete = urllib.request.Request(f"http://127.0.0.1:{port}/sante/", headers={"Host": f"localhost:{port}"})
    try:
        # The address is ours: a proxy of the environment has no say in it.
        ouvreur = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with ouvreur.open(requete, timeout=5) as reponse:
            return reponse.status == 200
    except (urllib.error.URLError, OSError):
        return False


# -- preparing -----------------------------------------------------------------------------------------------------


def migrate(verbosity: int = 0) -> None:
    """Bring the tables up to date as their owner."""
    from django.core.management import call_command

    roles.connect("DATABASE_URL_PROPRIETAIRE").close()
    call_command("migrate", database="proprietaire", interactive=False, verbosity=verbosity)


def load_referentiels() -> None:
    """Load the national reference data that is missing."""
    for adresse in REFERENTIELS:
        if (load := find_hook(adresse)) is not None and load():
            _analyze()


def _analyze() -> None:
    """Give the planner its statistics after a large load; only the owner of a table may."""
    with roles.connect("DATABASE_URL_PROPRIETAIRE") as connexion:
        connexion.execute("ANALYZE (SKIP_LOCKED)")


@contextmanager
def step(nom: str) -> Iterator[None]:
    """Say what is under way, and how long it took."""
    debut = time.monotonic()
    terminal = sys.stdout.isatty()
    if terminal:
        click.echo(f"  …  {nom}", nl=False)
    try:
        yield
    except BaseException:
        click.echo(f"\r  ✗  {nom}" if terminal else f"  ✗  {nom}")
        raise
    duree = f"{time.monotonic() - debut:.1f} s".replace(".", ",")
    click.echo(f"{chr(13) if terminal else ''}  ✓  {nom} ({duree})")


def start_everything(host: str, port: int) -> None:
    """What ``./dev run`` does: prepare, migrate, load, serve, until a signal or a failure."""
    environnement.prepare(mode="demo", port=port)
    check_loopback(host)
    prises = open_sockets(host, port)
    port = prises[0].getsockname()[1]
    _prepare_data()
    with waited_signals():
        marche = Marche(state_directory() / "journaux")
        try:
            _serve(marche, prises, port)
        finally:
            marche.stop()


def _prepare_data() -> None:
    racine = environnement.embedded()
    if racine is not None and not racine.is_relative_to(depot()):
        click.echo(f"  État (base, secrets, journaux) : {racine}")
    with step("Base de données"):
        environnement.join()
        roles.check_database(production=os.environ["MAILLON_MODE"] == "production")
    with step("Structure de la base"):
        environnement.start_django()
        migrate()
    with step("Données de référence"):
        load_referentiels()
    if os.environ["MAILLON_MODE"] == "demo" and (load_demo := find_hook(DEMONSTRATION)) is not None:
        with step("Démonstration"):
            if load_demo():
                _analyze()
    from django.db import connections

    connections.close_all()


def _serve(marche: Marche, prises: list[socket.socket], port: int) -> None:
    with step("Serveur web et tâches de fond"):
        adresses = [f"fd://{prise.fileno()}" for prise in prises]
        marche.start("Le serveur web", "web.log", web_command(adresses), prises=prises)
        # Without its database, which leaves with us, a worker that is asked to stop waits for it.
        marche.start(
            "Le processus des tâches de fond", "travailleur.log", worker_command(), death_signal=signal.SIGKILL
        )
        recu = marche.wait_health(port)
    if recu is None:
        _announce(port, marche.journaux)
        recu = marche.wait()
    click.echo("\nArrêt en cours…")


def _announce(port: int, journaux: Path) -> None:
    click.echo(f"\nMaillon est prêt : http://localhost:{port}\n")
    if os.environ["MAILLON_MODE"] == "demo" and (list_comptes := find_hook(COMPTES_DEMO)) is not None:
        click.echo("Comptes de démonstration (données fictives) :")
        for ligne in list_comptes():
            click.echo(f"  {ligne}")
    click.echo(f"Journaux : {journaux}\nCtrl-C pour arrêter.")
