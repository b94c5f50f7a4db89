"""An agent gives an opinion while the coordinator closes: never an opinion in a closed dialogue. With its control."""

import threading
from uuid import UUID

import pytest
from django.db import connections

from fabriques.dialogues import contest, make_contrat, make_dialogue, sign
from fabriques.droits import make_cpts
from maillon.pilotage.dialogues import services
from maillon.pilotage.dialogues.enums import Etat, Organisme, Position
from maillon.pilotage.dialogues.models import Avis, Dialogue
from maillon.pilotage.dialogues.services import avis as service_avis
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today

pytestmark = pytest.mark.commits
ATTENTE = 20  # seconds after which a wait gives up: a deadlock fails instead of hanging


@pytest.fixture
def terrain() -> tuple[UUID, UUID, UUID]:
    """A dialogue under discussion whose closing (held, signed, closed) is one transaction away."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        dialogue = make_dialogue(make_contrat(cpts), Etat.TRANSMIS)
        contest(dialogue, "annuaire")
        return cpts.pk, dialogue.pk, dialogue.contrat.indicateurs.get(code="ald").pk


def run_both(cpts_id: UUID, dialogue_id: UUID, indicateur_id: UUID) -> list[str]:
    """The agent reads the dialogue; the coordinator closes it and commits; then the agent's opinion is written."""
    lu, ferme, fins = threading.Event(), threading.Event(), []
    lock = service_avis.lock_dialogue

    def lock_then_wait(pk: UUID) -> Dialogue:
        dialogue = lock(pk)
        lu.set()
        ferme.wait(2)  # with the lock, the closing waits for us: it cannot have ended
        return dialogue

    def give() -> None:
        try:
            with use_cpts(cpts_id):
                service_avis.lock_dialogue = lock_then_wait
                services.give_avis(
                    dialogue=Dialogue.objects.get(pk=dialogue_id),
                    indicateur_id=indicateur_id,
                    organisme=Organisme.ARS,
                    position=Position.QUESTION,
                    motif="Et la suite ?",
                    by=SYSTEME,
                )
            fins.append("avis")
        except Exception as error:
            fins.append(f"avis refusé : {error}")
        finally:
            service_avis.lock_dialogue = lock
            connections.close_all()

    def close() -> None:
        try:
            lu.wait(ATTENTE)
            with use_cpts(cpts_id):
                dialogue = Dialogue.objects.select_related("contrat", "cpts").get(pk=dialogue_id)
                services.hold_dialogue(dialogue=dialogue, le=today(), by=SYSTEME)
                sign(dialogue, Organisme.CPAM)
                services.close_dialogue(dialogue=dialogue, by=SYSTEME)
            fins.append("clos")
        finally:
            ferme.set()
            connections.close_all()

    threads = [threading.Thread(target=give), threading.Thread(target=close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ATTENTE)
    return fins


def read_state(cpts_id: UUID, dialogue_id: UUID) -> tuple[str, bool]:
    """The dialogue's state, and whether an opinion came after its closing."""
    with use_cpts(cpts_id):
        dialogue = Dialogue.objects.get(pk=dialogue_id)
        apres = dialogue.clos_le is not None and Avis.objects.filter(organisme="ars").exists()
        return dialogue.etat, apres


def test_the_closing_waits_for_the_opinion_under_way(terrain):
    cpts_id, dialogue_id, indicateur_id = terrain
    assert run_both(cpts_id, dialogue_id, indicateur_id) == ["avis", "clos"]


def test_without_the_lock_the_database_still_refuses(terrain, monkeypatch):
    """The service reads without locking: the closing ends first, and the trigger refuses the late opinion."""
    cpts_id, dialogue_id, indicateur_id = terrain
    monkeypatch.setattr(service_avis, "lock_dialogue", _read_only)
    closed, refused = run_both(cpts_id, dialogue_id, indicateur_id)
    assert closed == "clos"
    assert "est clos" in refused
    assert read_state(cpts_id, dialogue_id) == (Etat.CLOS, False)


def test_control_without_lock_nor_trigger_an_opinion_lands_in_a_closed_dialogue(terrain, monkeypatch):
    cpts_id, dialogue_id, indicateur_id = terrain
    monkeypatch.setattr(service_avis, "lock_dialogue", _read_only)
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("DROP TRIGGER dialogues_enfant ON dialogues_avis")
    assert run_both(cpts_id, dialogue_id, indicateur_id) == ["clos", "avis"]
    assert read_state(cpts_id, dialogue_id) == (Etat.CLOS, True)


def _read_only(pk: UUID) -> Dialogue:
    return Dialogue.objects.select_related("contrat", "cpts").get(pk=pk)
