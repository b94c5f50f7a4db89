"""A community whose desk is open, and its pages."""

from collections.abc import Iterator

import pytest
from django.test import Client

from fabriques.droits import enter
from fabriques.medecin_traitant import Guichet, make_guichet
from fabriques.recensement import LUNDI
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts


@pytest.fixture
def guichet() -> Guichet:
    return make_guichet()


@pytest.fixture
def dedans(guichet: Guichet) -> Iterator[Guichet]:
    """Inside the community, for tests that call services; `pytestmark` asks for it."""
    with use_cpts(guichet.cpts.pk):
        yield guichet


@pytest.fixture
def lundi(dedans: Guichet) -> Iterator[Guichet]:
    """The same on the Monday when the census is taken."""
    with horloge.at(LUNDI):
        yield dedans


@pytest.fixture
def desk(guichet: Guichet) -> Client:
    """The browser of the person who holds the desk."""
    return enter(Client(), guichet.membre.compte)
