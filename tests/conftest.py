"""What every test may ask for.

- ``db`` (or ``@pytest.mark.django_db``): the session's database, as the runtime role, rolled back after the test;
- ``clone_base`` (or ``@pytest.mark.commits``): a database of its own, with real commits, dropped after the test;
- ``serveur``: Maillon's web server in its own processes, on that clone; ``serveur_vide``: one for the session, for
  tests that write nothing;
- ``demo``: the demonstration, as the runtime role, rolled back after the test;
- ``demo_base``: a clone of the demonstration, with real commits; ``serveur_demo``: the web server on it, in
  demonstration mode (sign-in in one click).
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import settings as hypothesis_settings

from api.presents import describe
from bases import Base, Bases, pointing_to
from maillon.site import environnement
from serveurs import Demonstration, Pepiniere, Serveur, serve
from sql import depends_on_server

# Examples are drawn anew on a developer's machine, and the same each time in continuous integration.
hypothesis_settings.register_profile("maillon", deadline=None, database=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("maillon")


_PARCOURS = "parcours"  # the database of journeys, one after the other


def pytest_report_header() -> list[str]:
    return describe()


def pytest_collection_finish() -> None:
    # What is imported by now stays to the end: looking through it again and again costs a twentieth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        demandes = set(getattr(item, "fixturenames", ())) | {marque.name for marque in item.iter_markers()}
        if demandes & {"db", "django_db", "commits", "clone_base", "demo", "demo_base"}:
            item.add_marker("base")
            if depends_on_server(item):
                item.add_marker("sql")
    items[:] = _in_order(items)


def _in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """What needs no database stands in the middle: the second of two processes begins there, while the first makes the
    template. The browser's tests come last: they are the slowest, and Playwright leaves an event loop running in this
    thread."""
    navigateur = [item for item in items if item.get_closest_marker("navigateur")]
    base = [item for item in items if _needs_database(item) and not item.get_closest_marker("navigateur")]
    pris = {*navigateur, *base}
    milieu = min(len(items) // 2, len(base))
    return [*base[:milieu], *(item for item in items if item not in pris), *base[milieu:], *navigateur]


def _needs_database(item: pytest.Item) -> bool:
    return item.get_closest_marker("base") is not None or "django_db_setup" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def bases(django_test_environment, django_db_blocker) -> Iterator[Bases]:
    """The tests' server, started if need be; stopped by the last session that uses it."""
    with django_db_blocker.unblock():
        yield Bases()
    environnement.leave()


@pytest.fixture(scope="session")
def django_db_setup(bases: Bases, django_db_blocker) -> Iterator[None]:
    """Replaces pytest-django's: a clone of the template instead of migrations."""
    base = bases.clone()
    with django_db_blocker.unblock(), pointing_to(base), django_db_blocker.block():
        yield
    bases.drop(base)


@pytest.fixture
def clone_base(request: pytest.FixtureRequest, bases: Bases, django_db_setup, django_db_blocker) -> Iterator[Base]:
    """A database with real commits for this test alone; ``.environnement`` is for the processes it starts."""
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("clone_base replaces db: ask for one or the other", pytrace=False)
    base = bases.clone()
    with django_db_blocker.unblock(), pointing_to(base):
        yield base
    bases.drop(base)


@pytest.fixture
def demo_base(bases: Bases, django_db_setup, django_db_blocker) -> Iterator[Base]:
    """The demonstration in a database of its own, with real commits."""
    with django_db_blocker.unblock():
        base = bases.clone(bases.demo, suffixe=_PARCOURS)
        with pointing_to(base):
            yield base
    bases.drop(base)


@pytest.fixture(scope="session")
def _demo_commune(bases: Bases, django_db_setup, django_db_blocker) -> Iterator[Base]:
    with django_db_blocker.unblock():
        base = bases.clone(bases.demo)
    yield base
    bases.drop(base)


@pytest.fixture
def demo(_demo_commune: Base, django_db_blocker) -> Iterator[None]:
    """The demonstration, shared by the tests that only read it or whose writes may be rolled back."""
    with django_db_blocker.unblock(), pointing_to(_demo_commune), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _commits(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("commits"):
        request.getfixturevalue("clone_base")


@pytest.fixture
def transactional_db(clone_base: Base) -> None:
    """Replaces pytest-django's, which empties every table as their owner; ``live_server`` asks for it."""


@pytest.fixture
def serveur(clone_base: Base, tmp_path: Path) -> Iterator[Serveur]:
    """gunicorn with two processes, as in service, on a free port and the test's own database."""
    with serve(clone_base.environnement, tmp_path) as serveur:
        yield serveur


@pytest.fixture(scope="session")
def serveur_vide(
    bases: Bases, django_db_setup, django_db_blocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serveur]:
    """The same without any data, started once for the tests that write none."""
    with django_db_blocker.unblock():
        base = bases.clone()
    with serve(base.environnement, tmp_path_factory.mktemp("serveur")) as serveur:
        yield serveur
    bases.drop(base)


@pytest.fixture(scope="session")
def _pepiniere(bases: Bases) -> Iterator[Pepiniere]:
    environ = {**bases.describe(bases.name(_PARCOURS)).environnement, "MAILLON_MODE": "demo"}
    with contextlib.closing(Pepiniere(environ)) as pepiniere:
        yield pepiniere


@pytest.fixture
def serveur_demo(demo_base: Base, _pepiniere: Pepiniere, tmp_path: Path) -> Iterator[Demonstration]:
    """The same on the demonstration, which opens a session in one click; ``.work()`` does what waits in the queue."""
    with _pepiniere.serve(tmp_path) as serveur:
        yield serveur


@pytest.fixture(scope="session", autouse=True)
def _without_proxies() -> None:
    """Tests talk to this machine only."""
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"
