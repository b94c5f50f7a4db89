"""Where a local installation keeps its state: database, secrets, logs."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from maillon.site.pannes import Empechement
from maillon.site.processus import fallback_user


def depot() -> Path:
    """The checkout (``src/maillon/site/etat.py`` is four levels below)."""
    return Path(__file__).resolve().parents[3]


def state_directory(*, essais: bool = False) -> Path:
    """The directory of the state, created when absent: ``var/`` of the checkout, ``var/tests/`` for tests.

    ``MAILLON_ETAT`` replaces ``var/``. As root, PostgreSQL runs under another user: when that user cannot
    traverse the checkout (``/root`` is closed to it), the state lives in ``/var/lib/maillon-<hash>``.
    """
    racine = Path(os.environ.get("MAILLON_ETAT") or depot() / "var")
    utilisateur = fallback_user()
    if utilisateur is not None and not utilisateur.can_use(_nearest(racine)):
        empreinte = hashlib.sha256(str(depot()).encode()).hexdigest()[:8]
        racine = Path("/var/lib") / f"maillon-{empreinte}"
    mode = 0o700 if utilisateur is None else 0o711
    try:
        _make(racine, mode)
        if essais:
            racine = racine / "tests"
            _make(racine, mode)
    except OSError as error:
        raise Empechement(
            f"Impossible d’écrire dans {racine} ({error.strerror}).",
            remede="Donnez-vous les droits sur ce répertoire, ou choisissez-en un autre avec la variable MAILLON_ETAT.",
        ) from error
    return racine


def _nearest(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


def _make(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(mode)
    if not os.access(path, os.W_OK | os.X_OK):
        raise PermissionError(13, "droits insuffisants, ce répertoire appartient à un autre compte")
