"""The community of these tests, and its pharmacist."""

import pytest
from django.test import Client

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
