import pytest

from fabriques.droits import make_cpts
from fabriques.sollicitations import make_essai, make_professionnel
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import get_genre_sollicitation


@pytest.fixture
def cpts(db):
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        yield cpts


@pytest.fixture
def essai(monkeypatch):
    yield make_essai(monkeypatch)
    get_genre_sollicitation.cache_clear()


@pytest.fixture
def pros(cpts):
    return [make_professionnel(nom) for nom in ("Alpha", "Bravo", "Charlie", "Delta", "Echo")]
