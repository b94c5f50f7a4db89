from datetime import UTC, datetime

import pytest

from fabriques.droits import make_cpts
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import at

MAINTENANT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _horloge():
    with at(MAINTENANT):
        yield


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def dans_cpts(cpts):
    with use_cpts(cpts.pk):
        yield cpts
