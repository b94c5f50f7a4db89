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
from maillon.site.grappe import SUPERUTILISATEUR, Grappe

RESULTATS = depot() / "var" / "mesures"


# What docs/exploitation.md asks of a server of service; the embedded cluster keeps the defaults, for small machines.
REGLAGES_SERVICE = {"shared_buffers": "1GB", "max_wal_size": "4GB"}


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
        if _set_reglages(racine):
            environnement.leave()
            environnement.join()
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


def _set_reglages(racine: Path) -> bool:
    """Give the cluster the memory of a server of service; True when it must start again to take it."""
    with psycopg.connect(Grappe(racine).url(SUPERUTILISATEUR), autocommit=True) as connexion:
        for nom, valeur in REGLAGES_SERVICE.items():
            connexion.execute(f"ALTER SYSTEM SET {nom} = '{valeur}'")
        [pris] = connexion.execute(
            "SELECT setting::int * 8 >= 1024 * 1024 FROM pg_settings WHERE name = 'shared_buffers'"
        ).fetchone()
        return not pris
