"""What settings.py reads: filled in for a local installation, left alone when the operator gave it.

``prepare`` sets the variables without starting anything; ``join`` starts the embedded PostgreSQL, or joins it.
"""

from __future__ import annotations

import os
from pathlib import Path

from maillon.site.etat import state_directory
from maillon.site.grappe import EXECUTION, PROPRIETAIRE, Grappe, Occupation
from maillon.site.pannes import Empechement

MODES = ("production", "demo", "tests")
_SECRETS = ("MAILLON_SECRET_KEY", "MAILLON_CLES", "MAILLON_CLE_INDEX")

_grappe: Grappe | None = None
_occupation: Occupation | None = None


def prepare(*, mode: str | None = None, port: int = 8000) -> None:
    """Complete the environment; ``mode`` is the mode when ``MAILLON_MODE`` does not say it.

    Without ``DATABASE_URL`` the embedded cluster is used and the mode is ``demo``; with it, ``production``.
    In production nothing is invented: a missing secret stops the start (``settings.py`` says which).
    """
    global _grappe
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillon.site.settings")
    externe = bool(os.environ.get("DATABASE_URL"))
    mode = os.environ.setdefault("MAILLON_MODE", mode or ("production" if externe else "demo"))
    if mode not in MODES:
        raise Empechement(
            f"MAILLON_MODE vaut « {mode} », qui n’est pas un mode connu.",
            remede="Modes possibles : " + ", ".join(MODES),
        )
    os.environ.setdefault("MAILLON_ADRESSE", f"http://localhost:{port}")
    if mode == "production":
        if not externe:
            raise Empechement(
                "En production, DATABASE_URL doit désigner un serveur PostgreSQL : "
                "la base embarquée ne sert qu’à la démonstration et aux tests.",
                remede="Voir docs/exploitation.md",
            )
        return
    racine = state_directory(essais=mode == "tests")
    os.environ.setdefault("MAILLON_ETAT", str(racine if mode != "tests" else racine.parent))
    for nom, repertoire in (("MAILLON_FICHIERS", "fichiers"), ("MAILLON_STATIQUE", "statique")):
        os.environ.setdefault(nom, str(racine / repertoire))
        (racine / repertoire).mkdir(mode=0o700, exist_ok=True)
    grappe = Grappe(racine, essais=mode == "tests")
    for nom in _SECRETS:
        os.environ.setdefault(nom, grappe.secrets[nom])
    if not externe:
        _grappe = grappe
        os.environ["DATABASE_URL"] = grappe.url(EXECUTION)
        os.environ["DATABASE_URL_PROPRIETAIRE"] = grappe.url(PROPRIETAIRE)


def join() -> None:
    """Make sure that the embedded PostgreSQL runs until :func:`leave`; nothing to do with an external server."""
    global _occupation
    if _grappe is not None and _occupation is None:
        _occupation = _grappe.join()


def leave() -> None:
    """Leave the embedded PostgreSQL, which stops unless others use it."""
    global _occupation
    if _occupation is not None:
        _occupation.leave()
        _occupation = None


def embedded() -> Path | None:
    """The state directory of the embedded PostgreSQL; ``None`` with an external server."""
    return None if _grappe is None else _grappe.racine


def start_django() -> None:
    """``django.setup()``, with a French sentence when the configuration is refused."""
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Empechement(f"La configuration est refusée : {error}", remede="Voir docs/exploitation.md") from error
