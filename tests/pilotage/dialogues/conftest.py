import pytest
from django.test import Client

from fabriques.dialogues import make_contrat
from fabriques.droits import enter, make_agent, make_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role, RoleTerritorial


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
