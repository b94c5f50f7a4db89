from datetime import UTC, datetime

import pytest
from django.test import Client

from fabriques.droits import enter, make_cpts, make_membre
from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.contrats.services import create_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
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
    with use_cpts(cpts.pk):
        yield cpts


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
