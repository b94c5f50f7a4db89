from datetime import UTC, date, datetime

import pytest

from fabriques.dossiers import join_documents
from fabriques.droits import make_cpts
from fabriques.pilotage import DECLARE, create_acte, make_contrat_ald
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


@pytest.fixture(autouse=True)
def _declarations(monkeypatch):
    """One figure fed by acts is installed: the tests do not depend on which missions are."""
    monkeypatch.setattr(actes, "collect", lambda kind: iter((DECLARE,)) if kind == "indicateurs" else iter(()))


@pytest.fixture
def contrat(dans_cpts):
    """Year 3 of a contract fed by four acts; documents: given, nominative, of one act, of a value."""
    contrat = make_contrat_ald(dans_cpts)
    actes_crees = [create_acte(dans_cpts.pk, date(2026, 10, 1), jours=jour) for jour in range(4)]
    join_documents(contrat, actes_crees[0])
    return contrat
