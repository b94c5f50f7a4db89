"""Two doctors accept the same patient at once: exactly one has them. With its negative control."""

import threading
from uuid import UUID

import pytest
from django.db import connections

from fabriques.medecin_traitant import file_demande, make_demande, make_guichet, make_medecin
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

pytestmark = pytest.mark.commits
RIVAUX = 4
ATTENTE = 20  # seconds after which a barrier gives up: a deadlock fails instead of hanging


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
def terrain() -> tuple[UUID, UUID, list[UUID]]:
    """A request proposed to several doctors, committed."""
    guichet = make_guichet()
    with use_cpts(guichet.cpts.pk):
        medecins = [make_medecin(guichet) for _ in range(RIVAUX)]
        demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=medecins)
        return guichet.cpts.pk, demande.pk, list(demande.sollicitations.values_list("pk", flat=True))


def accepted(cpts_id: UUID) -> int:
    with use_cpts(cpts_id):
        return Sollicitation.objects.filter(etat=EtatSollicitation.ACCEPTEE).count()


def accept(pk: UUID):
    return lambda: services.accept_proposition(proposition_id=pk, by=SYSTEME)


def test_one_doctor_has_the_patient(terrain) -> None:
    cpts_id, demande_id, pks = terrain
    assert race(cpts_id, [accept(pk) for pk in pks]) == ["fait", *["refuse"] * (RIVAUX - 1)]
    assert accepted(cpts_id) == 1
    with use_cpts(cpts_id):
        assert Demande.objects.get(pk=demande_id).etat == Etat.ACCEPTEE


def test_the_desk_closes_while_a_doctor_accepts(terrain) -> None:
    cpts_id, demande_id, pks = terrain
    race(cpts_id, [accept(pks[0]), lambda: services.close_demande(demande_id=demande_id, motif="abandon", by=SYSTEME)])
    with use_cpts(cpts_id):
        demande = Demande.objects.get(pk=demande_id)
        assert demande.etat == Etat.CLOSE, "closing is allowed before and after the acceptance"
        assert not demande.sollicitations.filter(etat__in=["envoyee", "acceptee"]).exists()


def naive_accept(pk: UUID, checked: threading.Barrier):
    """Check, then write, as one does without a lock; the barrier makes every rival check before anyone writes."""

    def gesture() -> None:
        proposition = Sollicitation.objects.get(pk=pk)
        rival = Sollicitation.objects.filter(appel=proposition.appel_id, etat=EtatSollicitation.ACCEPTEE)
        if rival.exists():
            raise ActionRefusee
        checked.wait(ATTENTE)
        proposition.etat, proposition.repondue_le = EtatSollicitation.ACCEPTEE, horloge.now()
        proposition.save(update_fields=["etat", "repondue_le"])

    return gesture


def test_without_the_lock_the_constraint_still_refuses(terrain) -> None:
    cpts_id, _, pks = terrain
    checked = threading.Barrier(RIVAUX)
    ended = race(cpts_id, [naive_accept(pk, checked) for pk in pks])
    assert ended == sorted(["fait", *["IntegrityError"] * (RIVAUX - 1)])
    assert accepted(cpts_id) == 1


def test_control_without_lock_nor_constraint_every_doctor_has_the_patient(terrain) -> None:
    cpts_id, _, pks = terrain
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("DROP INDEX sollicitation_une_acceptee")
    checked = threading.Barrier(RIVAUX)
    race(cpts_id, [naive_accept(pk, checked) for pk in pks])
    assert accepted(cpts_id) == RIVAUX


def test_a_form_posted_twice_at_once_makes_one_request() -> None:
    guichet = make_guichet()
    ended = race(guichet.cpts.pk, [lambda: file_demande(guichet, cle_depot="meme") for _ in range(RIVAUX)])
    assert ended == ["fait"] * RIVAUX
    with use_cpts(guichet.cpts.pk):
        assert Demande.objects.count() == 1


def test_numbers_stay_distinct_under_contention() -> None:
    guichet = make_guichet()
    race(guichet.cpts.pk, [lambda: file_demande(guichet) for _ in range(RIVAUX)])
    with use_cpts(guichet.cpts.pk):
        assert Demande.objects.values("reference").distinct().count() == RIVAUX
