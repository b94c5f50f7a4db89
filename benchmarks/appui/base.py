"""A database for measuring: a cluster of its own under var/mesures, with the settings of service (fsync on)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from maillon.site import environnement, marche
from maillon.site.etat import depot, state_directory

RESULTATS = depot() / "var" / "mesures"


@contextmanager
def measuring_database(fill: Callable[[], None], *, neuf: bool, etat: str = "etat") -> Iterator[Path]:
    """Start the cluster, bring it up to date, fill it once; yields its state directory. `neuf` begins from nothing.

    `etat` names the directory: a workload that would disturb the others has its own.
    """
    for nom in ("DATABASE_URL", "DATABASE_URL_PROPRIETAIRE"):
        os.environ.pop(nom, None)
    RESULTATS.mkdir(parents=True, exist_ok=True)
    os.environ.update(MAILLON_MODE="demo", MAILLON_ETAT=str(RESULTATS / etat), NO_PROXY="*", no_proxy="*")
    racine = state_directory()
    if neuf and racine.exists():
        shutil.rmtree(racine)
    environnement.prepare()
    environnement.join()
    try:
        environnement.start_django()
        marche.migrate()
        marche.load_referentiels()
        fill()
        with psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"], autocommit=True) as connexion:
            connexion.execute("VACUUM (ANALYZE)")
        yield racine
    finally:
        from django.db import connections

        connections.close_all()
        environnement.leave()
