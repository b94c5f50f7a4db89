"""The community of these tests, and its pharmacist."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet
from fabriques.soins import make_soins
from maillon.socle.droits.enums import Role


@pytest.fixture
def soins() -> Guichet:
    return make_soins()


@pytest.fixture
def pharmacien(soins: Guichet) -> Client:
    return enter(Client(), make_membre(soins.cpts, Role.PHARMACIEN).compte)


@pytest.fixture
def count_requetes() -> Callable[[Callable[[], object]], int]:
    """How many statements a call sends."""

    def count(act: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as seen:
            act()
        return len(seen)

    return count
