import pytest
from django.test import Client

from fabriques.droits import enter, make_membre
from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.contrats.services import create_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role


@pytest.fixture
def contrat(cpts):
    """Croix-Rousse: size 3, accès and crise started at signature, the others not."""
    with use_cpts(cpts.pk):
        return create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(croix_rousse=True), by=SYSTEME)


@pytest.fixture
def membre(cpts):
    """Sign in a member of the community with a role, and a mission if any."""

    def build(role: Role, mission: str = ""):
        return enter(Client(), make_membre(cpts, role, mission=mission).compte)

    return build
