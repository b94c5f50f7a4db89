"""The clock, the community and its door, for every room of the contract."""

from datetime import UTC, datetime

import pytest

from fabriques.droits import make_cpts
from fabriques.pilotage import DECLARE
from maillon.pilotage.contrats import actes
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import at

# Day 24/11/2026 at noon: 28 days before the anniversary that closes year 3 of a contract signed on 22/12/2023.
MAINTENANT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _horloge(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with at(MAINTENANT):
        yield


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def dans_cpts(cpts):
    """The test lives inside the community, as a request of a member does."""
    with use_cpts(cpts.pk):
        yield cpts


@pytest.fixture
def un_declare(monkeypatch):
    """One figure fed by acts is installed: the tests do not depend on which missions are."""
    monkeypatch.setattr(actes, "collect", lambda kind: iter((DECLARE,)) if kind == "indicateurs" else iter(()))
