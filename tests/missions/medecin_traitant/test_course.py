"""Doctors accept the same patient at once while the desk closes: processes of their own, as on a server. With its
negative control."""

import os
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connections

from fabriques.course import ATTENTE, PROCESSUS, race
from fabriques.medecin_traitant import file_demande, make_demande, make_guichet, make_medecin
from maillon.communaute.sollicitations import services as sollicitations
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


def deadline(pks: list[UUID]) -> tuple:
    """A second before, and at, the deadline."""
    limit = Sollicitation.objects.filter(pk__in=pks).latest("expire_le").expire_le
    return limit - timedelta(seconds=1), limit


def test_the_deadline_passes_while_a_doctor_accepts(terrain) -> None:
    cpts_id, demande_id, pks = terrain
    with use_cpts(cpts_id):
        before, limit = deadline(pks)

    def answer() -> None:
        with horloge.at(before):
            services.accept_proposition(proposition_id=pks[0], by=SYSTEME)

    def pass_time() -> None:
        with horloge.at(limit):
            sollicitations.expire(cpts_id=cpts_id)

    ended = race(cpts_id, [answer, pass_time])
    with use_cpts(cpts_id):
        demande = Demande.objects.get(pk=demande_id)
        etats = sorted(demande.sollicitations.values_list("etat", flat=True))
    if ended == ["fait", "fait"]:
        assert (demande.etat, etats) == (Etat.ACCEPTEE, ["acceptee", *["retiree"] * (RIVAUX - 1)])
    else:
        assert ended == ["fait", "refuse"]
        assert (demande.etat, etats) == (Etat.QUALIFIEE, ["expiree"] * RIVAUX)


def test_control_without_the_lock_the_deadline_takes_the_patient_back(terrain) -> None:
    cpts_id, _, pks = terrain
    checked, written = PROCESSUS.Barrier(2), PROCESSUS.Event()

    def answer() -> None:
        naive_accept(pks[0], checked)()
        written.set()

    def pass_time() -> None:
        seen = Sollicitation.objects.get(pk=pks[0])
        checked.wait(ATTENTE)
        written.wait(ATTENTE)
        if seen.etat == EtatSollicitation.ENVOYEE:
            Sollicitation.objects.filter(pk=pks[0]).update(etat=EtatSollicitation.EXPIREE)

    assert race(cpts_id, [answer, pass_time]) == ["fait", "fait"]
    assert accepted(cpts_id) == 0, "a doctor was told yes, and nobody has the patient"


def naive_accept(pk: UUID, checked):
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
    checked = PROCESSUS.Barrier(RIVAUX)
    ended = race(cpts_id, [naive_accept(pk, checked) for pk in pks])
    assert ended == sorted(["fait", *["IntegrityError"] * (RIVAUX - 1)])
    assert accepted(cpts_id) == 1


def test_control_without_lock_nor_constraint_every_doctor_has_the_patient(terrain) -> None:
    cpts_id, _, pks = terrain
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("DROP INDEX sollicitation_une_acceptee")
    checked = PROCESSUS.Barrier(RIVAUX)
    race(cpts_id, [naive_accept(pk, checked) for pk in pks])
    assert accepted(cpts_id) == RIVAUX


def test_two_doctors_accept_and_the_desk_closes(terrain) -> None:
    cpts_id, demande_id, pks = terrain
    pids = PROCESSUS.SimpleQueue()

    def seen(gesture):
        return lambda: (pids.put(os.getpid()), gesture())

    close = seen(lambda: services.close_demande(demande_id=demande_id, motif="abandon", by=SYSTEME))
    ended = race(cpts_id, [seen(accept(pks[0])), seen(accept(pks[1])), close])
    assert len({pids.get() for _ in range(3)} | {os.getpid()}) == 4, "each in a process of its own"
    assert ended.count("fait") + ended.count("refuse") == 3
    assert ended.count("refuse") in (1, 2), "one doctor at most, and none after the desk"
    with use_cpts(cpts_id):
        demande = Demande.objects.get(pk=demande_id)
        assert demande.etat == Etat.CLOSE
        assert demande.medecin_id is None
        assert not demande.sollicitations.filter(etat__in=["envoyee", "acceptee"]).exists()


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
