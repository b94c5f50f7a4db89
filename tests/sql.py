"""Which tests depend on the PostgreSQL server, found by what they name: `.ci/run` plays them on a second, older one.

A test is one of them when it needs real commits (races, deaths, locks between connections), or when it, or a function
or fixture of its module that it goes through, names what the database refuses (`IntegrityError`…), a connection or a
statement. So are all tests of the modules below, which play the SQL that an app writes by hand: tests/site/test_sql.py
goes red when an app that does so is not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import psycopg
import pytest
from django import db
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

# By app, the modules of tests (under tests/) that go through its own SQL.
ESSAIS: dict[str, tuple[str, ...]] = {
    "api": ("api/test_recherche", "api/test_regulateurs"),
    "communaute": ("portail/test_recherche", "communaute/adhesions/test_adhesions_pages"),
    "communaute/annuaire": tuple(
        f"communaute/annuaire/test_{nom}" for nom in ("annuaire", "imports", "recherche_nationale")
    ),
    "communaute/gardes": ("communaute/gardes/test_gardes", "communaute/gardes/test_courses"),
    "communaute/messagerie": ("communaute/messagerie/test_fils",),
    "communaute/patients": tuple(
        f"communaute/patients/test_{nom}" for nom in ("identites", "lecture", "promesses", "services")
    ),
    "communaute/reunions": ("communaute/reunions/test_votes",),
    "communaute/structures": ("communaute/structures/test_structures",),
    "communaute/territoire": tuple(
        f"communaute/territoire/test_territoire_{nom}"
        for nom in ("chargement", "composition", "fondation", "populations", "recherche")
    ),
    "missions/medecin_traitant": tuple(
        f"missions/medecin_traitant/test_{nom}"
        for nom in (
            "chiffres",
            "declarations",
            "depot",
            "jours",
            "liste_attente",
            "plans",
            "propositions",
            "qualification",
            "taches",
        )
    ),
    "missions/soins_non_programmes": tuple(
        f"missions/soins_non_programmes/test_{nom}"
        for nom in ("chiffres", "demandes", "plages", "promesses", "recherche", "reservation")
    ),
    "pilotage/budget": ("pilotage/budget/test_services", "pilotage/budget/test_controle"),
    "pilotage/indemnites": ("pilotage/indemnites/test_services", "pilotage/indemnites/test_paiements"),
    "pilotage/simulations": ("pilotage/simulations/test_pages",),
    "site": ("site/test_marche", "site/test_grappe", "site/test_bases"),
    "socle": ("socle/test_contexte", "socle/test_promesses", "socle/test_taches", "socle/test_partage"),
    "socle/cpts": ("socle/test_promesses",),
    "socle/droits": ("socle/droits/test_purge",),
    "socle/journal": ("socle/journal/test_sceaux", "socle/journal/test_vues"),
}
_MODULES = frozenset(module for modules in ESSAIS.values() for module in modules)
_RACINE = Path(__file__).parent

_NOMMES: tuple[Any, ...] = (connection, connections, psycopg)


def depends_on_server(item: pytest.Item) -> bool:
    """Whether this test is one of them."""
    if str(item.path.relative_to(_RACINE).with_suffix("")) in _MODULES or item.get_closest_marker("commits"):
        return True
    noms = set(getattr(item, "fixturenames", ()))
    if noms & {"clone_base", "demo_base"}:
        return True
    fonction, module = getattr(item, "function", None), getattr(item, "module", None)
    return isinstance(fonction, FunctionType) and module is not None and _names_server(fonction.__code__, module, set())


def _names_server(code: CodeType, module: ModuleType, vus: set[CodeType]) -> bool:
    if code in vus:
        return False
    vus.add(code)
    objets = list(_objects(code, module))
    counts = CaptureQueriesContext in objets  # what is asked is counted or read here: any server is asked the same
    for objet in objets:
        if _is_server(objet) and not (counts and objet is connection):
            return True
        suite = getattr(objet, "__wrapped__", objet)
        ici = isinstance(suite, FunctionType) and suite.__module__ == module.__name__
        if ici and _names_server(suite.__code__, module, vus):
            return True
    return any(_names_server(c, module, vus) for c in code.co_consts if isinstance(c, CodeType))


def _objects(code: CodeType, module: ModuleType) -> Iterator[Any]:
    """What the names of this code, its parameters included (fixtures), are in its module."""
    for nom in (*code.co_names, *code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]):
        if (objet := vars(module).get(nom)) is not None:
            yield getattr(objet, "_fixture_function", objet)


def _is_server(objet: Any) -> bool:
    if isinstance(objet, type) and issubclass(objet, db.Error | psycopg.Error):
        return True
    return any(objet is nomme for nomme in _NOMMES)
