"""What is played on a second PostgreSQL: nothing that depends on the server is left out in silence."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError

import maillon
import sql
from maillon.socle.comptes.models import Compte

SOURCES = Path(maillon.__file__).parent
A_LA_MAIN = re.compile(r"\.execute\(|RawSQL|\.raw\(|\bFunc\(|SearchVector|Trigram")


def find_apps() -> set[str]:
    """The apps that write SQL by hand, in Python or in files."""
    files = [f for f in SOURCES.rglob("*.py") if A_LA_MAIN.search(f.read_text())] + list(SOURCES.rglob("*.sql"))
    return {app_of(file.relative_to(SOURCES)) for file in files}


def app_of(file: Path) -> str:
    room, *rest = file.parts
    app = SOURCES / room / rest[0]
    return f"{room}/{rest[0]}" if app.is_dir() and (app / "apps.py").exists() else room


def test_every_app_that_writes_sql_is_played_on_the_second_server() -> None:
    assert find_apps() == set(sql.ESSAIS)


@pytest.mark.parametrize("module", sorted({module for modules in sql.ESSAIS.values() for module in modules}))
def test_these_modules_exist(module: str) -> None:
    assert (Path(sql.__file__).parent / f"{module}.py").exists()


def make_twice() -> None:
    for _ in range(2):
        Compte.objects.create(email="essai@example.org")


@pytest.mark.django_db
def test_what_the_database_refuses_is_found(request: pytest.FixtureRequest) -> None:
    with pytest.raises(IntegrityError):
        make_twice()
    assert request.node.get_closest_marker("sql")


@pytest.mark.django_db
def test_control_a_test_of_python_alone_is_not(request: pytest.FixtureRequest) -> None:
    assert not Compte.objects.exists()
    assert not request.node.get_closest_marker("sql")
