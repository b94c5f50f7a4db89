from datetime import UTC, datetime

import pytest
from django.test import Client

from fabriques.dialogues import make_contrat
from fabriques.droits import enter, make_agent, make_cpts, make_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import at


@pytest.fixture(autouse=True)
def _horloge(settings, tmp_path):
    """24/11/2026: 28 days before the anniversary that closes year 3 of a contract signed on 22/12/2023."""
    settings.MEDIA_ROOT = str(tmp_path)
    with at(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def cpts(db):
    return make_cpts()


@pytest.fixture
def dans_cpts(cpts):
    with use_cpts(cpts.pk):
        yield cpts


@pytest.fixture
def contrat(cpts):
    with use_cpts(cpts.pk):
        return make_contrat(cpts)


@pytest.fixture
def membre(cpts):
    """Sign in a member of the community with a role."""

    def build(role: Role) -> Client:
        return enter(Client(), make_membre(cpts, role, mission="acces" if role is Role.REFERENT_MISSION else "").compte)

    return build


@pytest.fixture
def agent():
    """Sign in an agent over a département."""

    def build(role: RoleTerritorial = RoleTerritorial.CPAM, departement: str = "42") -> Client:
        return enter(Client(), make_agent(role, departement=departement).compte)

    return build
