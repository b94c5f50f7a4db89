import pytest

from fabriques.droits import make_cpts
from maillon.socle.contexte import use_cpts


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def dans_cpts(cpts):
    with use_cpts(cpts.pk):
        yield cpts
