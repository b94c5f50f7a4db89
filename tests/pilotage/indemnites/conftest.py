import pytest
from django.test import Client

from fabriques.droits import enter, make_acteur, make_membre
from maillon.socle.droits.enums import Role


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
