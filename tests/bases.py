"""The databases of the tests: templates named after what they were made from, and their clones.

One is empty but for the reference data; the other, made when a test first asks for it, holds the demonstration.
Tests connect as the runtime role, as the service does; only the template is made by the owner.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.migrations.state import ModelState, ProjectState
from django.test import override_settings
from django.utils import timezone
from psycopg import sql

import maillon
from maillon.portail.demo.services import load_demo
from maillon.site import environnement, marche, settings, verrous
from maillon.site.etat import state_directory

_SOURCES = Path(maillon.__file__).parent
_PREFIXE_MODELE = "modele_"
_PREFIXE_DEMO = "demo_"
_PREFIXE_ESSAI = "essai_"


@dataclass(frozen=True)
class Base:
    """A database of its own; the addresses are for other processes."""

    nom: str
    url: str
    url_proprietaire: str

    @property
    def environnement(self) -> dict[str, str]:
        """The environment of a process that works on this database, with the code under test."""
        return {
            **os.environ,
            "PYTHONPATH": str(_SOURCES.parent),
            "DJANGO_SETTINGS_MODULE": "maillon.site.settings",
            "DATABASE_URL": self.url,
            "DATABASE_URL_PROPRIETAIRE": self.url_proprietaire,
        }


def _with_name(url: str, nom: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{nom}"))


class Bases:
    """The server of the tests; every method connects as the owner, who may create databases."""

    def __init__(self) -> None:
        environnement.join()
        self._url = os.environ["DATABASE_URL"]
        self._url_proprietaire = os.environ["DATABASE_URL_PROPRIETAIRE"]
        self._drop_abandoned()
        self.modele = self._ensure_template(_PREFIXE_MODELE, fingerprint(), _fill_template)

    def describe(self, nom: str) -> Base:
        return Base(nom, _with_name(self._url, nom), _with_name(self._url_proprietaire, nom))

    @cached_property
    def demo(self) -> str:
        """The template that holds the demonstration, made anew each day because its dates are relative to the day."""
        cle = f"{demo_fingerprint()}_{timezone.localdate():%Y%m%d}"
        return self._ensure_template(_PREFIXE_DEMO, cle, _fill_demo, modele=self.modele)

    def name(self, suffixe: str) -> str:
        """The name of a database that belongs to this process."""
        return f"{_PREFIXE_ESSAI}{os.getpid()}_{suffixe}"

    def clone(self, modele: str | None = None, *, suffixe: str = "") -> Base:
        """A copy of a template (the one without communities unless told), which belongs to this process."""
        nom = self.name(suffixe or secrets.token_hex(4))
        # With fsync off, copying files beats logging every block as soon as the template is a few megabytes.
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", nom, modele or self.modele)
        return self.describe(nom)

    def drop(self, base: Base) -> None:
        """Also when somebody's autovacuum works there, which only a superuser may end: it leaves within seconds."""
        for reste in reversed(range(20)):
            try:
                return self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", base.nom)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                if not reste:
                    raise
                self._execute("SELECT pg_sleep(0.5)")

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(_with_name(self._url_proprietaire, "postgres"), autocommit=True)

    def _execute(self, requete: str, *noms: str) -> None:
        with self._connect() as connexion:
            connexion.execute(sql.SQL(requete).format(*(sql.Identifier(nom) for nom in noms)))

    def _names(self, prefixe: str) -> list[str]:
        with self._connect() as connexion:
            lignes = connexion.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC", [prefixe]
            ).fetchall()
        return [nom for (nom,) in lignes]

    def _drop_abandoned(self) -> None:
        """Databases of sessions that were killed."""
        for nom in self._names(_PREFIXE_ESSAI):
            trouve = re.match(rf"{_PREFIXE_ESSAI}(\d+)_", nom)
            if trouve and not Path(f"/proc/{trouve[1]}").exists():
                self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", nom)

    def _ensure_template(self, prefixe: str, cle: str, fill: Callable[[], None], *, modele: str = "template1") -> str:
        nom = prefixe + cle
        with verrous.held(state_directory(essais=True) / f"{prefixe}.verrou"):
            existants = self._names(prefixe)
            if nom not in existants:
                self._make_template(nom, fill, modele)
                for ancien in existants[2:]:  # one switches between a few branches
                    with contextlib.suppress(psycopg.errors.ObjectInUse):
                        self._execute("DROP DATABASE IF EXISTS {}", ancien)
        return nom

    def _make_template(self, nom: str, fill: Callable[[], None], modele: str) -> None:
        brouillon = f"brouillon_{os.getpid()}"
        self._execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", brouillon)
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", brouillon, modele)
        with pointing_to(self.describe(brouillon)):
            fill()
        with psycopg.connect(self.describe(brouillon).url_proprietaire, autocommit=True) as connexion:
            connexion.execute("VACUUM (ANALYZE)")
        self._execute("ALTER DATABASE {} RENAME TO {}", brouillon, nom)


def _fill_template() -> None:
    whole = "MAILLON_TESTS_MIGRATIONS_ENTIERES" in os.environ
    with contextlib.nullcontext() if whole else _light_states():
        call_command("migrate", database="proprietaire", interactive=False, verbosity=0)
    marche.load_referentiels()


@contextlib.contextmanager
def _light_states() -> Iterator[None]:
    """Migrations from nothing, four times quicker: a new model is rendered alone.

    Django renders again every model that hangs on the same hub, and here all hang on the community. As for its own
    delayed states, code that migrations run in Python finds all models rendered anew. MAILLON_TESTS_MIGRATIONS_ENTIERES
    does without: so does .ci/run on its second server.
    """

    def add_model(state: ProjectState, model_state: ModelState) -> None:
        cle = model_state.app_label, model_state.name_lower
        state.models[cle] = model_state
        if state._relations is not None:
            state.resolve_model_relations(cle)
        if "apps" in vars(state):
            state.is_delayed = True
            state.apps.render_multiple([model_state])

    with patch.object(ProjectState, "add_model", add_model):
        yield


def _fill_demo() -> None:
    # The password must be one that a server with the settings of service can verify.
    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):
        assert load_demo()


def fingerprint() -> str:
    """The hash of what a template is made from: code that writes tables, shipped data, versions of libraries."""
    somme = hashlib.sha256()
    for fichier in sorted(_SOURCES.rglob("*")):
        relatif = fichier.relative_to(_SOURCES)
        compte = (
            "migrations" in relatif.parts
            or "donnees" in relatif.parts
            or relatif.parts[-1] in {"promesses.py", "models.py", "settings.py", "apps.py"}
            or "models" in relatif.parts
            or relatif.parts[:2] == ("communaute", "territoire")
        )
        if compte and fichier.is_file() and fichier.suffix != ".pyc":
            somme.update(str(relatif).encode() + b"\0" + fichier.read_bytes())
    for paquet in ("django", "django-allauth", "django-axes", "procrastinate"):
        somme.update(version(paquet).encode())
    return somme.hexdigest()[:16]


def demo_fingerprint() -> str:
    """The hash of the code and data that the demonstration goes through: all of it, but pages and their style."""
    somme = hashlib.sha256(fingerprint().encode())
    for fichier in sorted(_SOURCES.rglob("*")):
        if fichier.suffix in {".py", ".yaml", ".sql", ".txt"} and not {"static", "views"} & set(fichier.parts):
            somme.update(str(fichier.relative_to(_SOURCES)).encode() + b"\0" + fichier.read_bytes())
    return somme.hexdigest()[:16]


@contextlib.contextmanager
def pointing_to(base: Base):
    """Make Django, in every thread of this process, use ``base`` for both roles; then come back."""
    avant = {alias: connections.settings[alias]["NAME"] for alias in connections.settings}
    adresses = {nom: os.environ[nom] for nom in ("DATABASE_URL", "DATABASE_URL_PROPRIETAIRE")}
    _switch(dict.fromkeys(avant, base.nom))
    os.environ.update(DATABASE_URL=base.url, DATABASE_URL_PROPRIETAIRE=base.url_proprietaire)
    try:
        yield
    finally:
        _switch(avant)
        os.environ.update(adresses)


def _switch(noms: dict[str, str]) -> None:
    for alias, nom in noms.items():
        connections[alias].close()
        connections.settings[alias]["NAME"] = nom  # the dictionary that every thread's connection reads
