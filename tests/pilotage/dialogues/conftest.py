import pytest
from django.test import Client
from django.urls import reverse

from fabriques.dialogues import make_contrat, make_dialogue
from fabriques.droits import enter, make_agent, make_membre
from maillon.pilotage.dialogues.enums import Etat
from maillon.pilotage.dialogues.models import Dialogue
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


@pytest.fixture
def url(cpts):
    """An address of a dialogue, of the members or of the agents."""

    def build(nom: str, dialogue: Dialogue | None = None, *reste: object) -> str:
        territoire = nom.startswith("territoire") or nom in ("donner_avis", "accepter_mission")
        debut = [] if territoire else [cpts.slug]
        return reverse(f"dialogues:{nom}", args=[*debut, *([dialogue.pk] if dialogue else []), *reste])

    return build


@pytest.fixture
def prepare(cpts, contrat) -> Dialogue:
    with use_cpts(cpts.pk):
        return make_dialogue(contrat)


@pytest.fixture
def transmis(cpts, contrat) -> Dialogue:
    with use_cpts(cpts.pk):
        return make_dialogue(contrat, Etat.TRANSMIS)
