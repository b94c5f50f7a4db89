"""Two people of the desk send the same assignment at once: one sending. With its negative control."""

import threading
from uuid import UUID

import pytest
from django.db import connections

from fabriques.medecin_traitant import Guichet, make_demande, make_guichet, make_medecin
from fabriques.repartition import make_repartition
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.enums_repartition import EtatRepartition
from maillon.missions.medecin_traitant.models import ActionRefusee, Repartition
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.commits
RIVAUX = 3
ATTENTE = 20


def race(cpts_id: UUID, gestures: list) -> list[str]:
    """Run each gesture in its own thread and connection, all at once; returns how each ended."""
    start = threading.Barrier(len(gestures))
    ended: list[str] = []

    def run(gesture) -> None:
        try:
            with use_cpts(cpts_id):
                start.wait(ATTENTE)
                gesture()
            ended.append("fait")
        except ActionRefusee:
            ended.append("refuse")
        except Exception as error:
            ended.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(gesture,)) for gesture in gestures]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ATTENTE)
    return sorted(ended)


@pytest.fixture
def terrain() -> tuple[Guichet, UUID]:
    """A run to be reviewed, committed."""
    guichet = make_guichet()
    with use_cpts(guichet.cpts.pk):
        make_medecin(guichet, places=4)
        for _ in range(3):
            make_demande(guichet, etat=Etat.QUALIFIEE)
        return guichet, make_repartition(guichet).pk


def asked(guichet: Guichet, pk: UUID) -> tuple[int, int]:
    """How many sendings were asked for, and how many proposals exist."""
    with use_cpts(guichet.cpts.pk):
        entries = Entree.objects.filter(objet_id=pk, evenement="medecin_traitant.repartition_envoi")
        return entries.count(), Sollicitation.objects.count()


def test_two_desks_press_at_once_and_one_sending_leaves(terrain) -> None:
    guichet, pk = terrain

    def press() -> None:
        services.send_repartition(repartition_id=pk, by=guichet.acteur)

    assert race(guichet.cpts.pk, [press] * RIVAUX) == ["fait", *["refuse"] * (RIVAUX - 1)]
    assert race(guichet.cpts.pk, [lambda: services.send_lot(repartition_id=pk)] * RIVAUX) == ["fait"] * RIVAUX
    assert asked(guichet, pk) == (1, 3)


def test_control_without_the_lock_everyone_believes_to_have_sent(terrain) -> None:
    guichet, pk = terrain
    checked = threading.Barrier(RIVAUX)

    def press() -> None:
        repartition = Repartition.objects.get(pk=pk)
        repartition.check_transition(EtatRepartition.EN_ENVOI)
        checked.wait(ATTENTE)
        repartition.etat, repartition.envoi_le = EtatRepartition.EN_ENVOI, now()
        repartition.save(update_fields=["etat", "envoi_le"])

    assert race(guichet.cpts.pk, [press] * RIVAUX) == ["fait"] * RIVAUX


def test_two_desks_launch_at_once_and_one_run_lives(terrain) -> None:
    guichet, pk = terrain
    with use_cpts(guichet.cpts.pk):
        services.abandon_repartition(repartition_id=pk, by=guichet.acteur)
    ended = race(guichet.cpts.pk, [lambda: make_repartition(guichet, calculee=False)] * RIVAUX)
    assert ended == ["fait", *["refuse"] * (RIVAUX - 1)]
    with use_cpts(guichet.cpts.pk):
        assert Repartition.objects.vivantes().count() == 1
