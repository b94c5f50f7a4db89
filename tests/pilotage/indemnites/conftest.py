from datetime import UTC, datetime

import pytest
from django.test import Client

from fabriques.droits import enter, make_acteur, make_cpts, make_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import at

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
    with use_cpts(cpts.pk):
        yield cpts


@pytest.fixture
def acteur(cpts):
    """A member of the community with this role, as an actor."""

    def build(role: Role, **champs):
        return make_acteur(make_membre(cpts, role, **champs))

    return build


@pytest.fixture
def membre(cpts):
    """Sign in a member of the community with a role, and a mission if any."""

    def build(role: Role, mission: str = "", **champs):
        return enter(Client(), make_membre(cpts, role, mission=mission, **champs).compte)

    return build
