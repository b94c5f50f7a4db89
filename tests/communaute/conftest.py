"""The community that the test lives in, and its coordinator."""

import pytest

from fabriques.droits import make_acteur, make_cpts, make_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role


@pytest.fixture
def cpts():
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        yield cpts


@pytest.fixture
def by(cpts):
    return make_acteur(make_membre(cpts, Role.COORDINATION))
