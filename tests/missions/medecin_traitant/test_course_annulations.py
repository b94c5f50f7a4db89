"""An answer is undone while somebody answers, two campaigns are launched, a list is written twice: processes of their
own, as on a server. Each with its negative control."""

from uuid import UUID

import pytest
from django.db import connections

from fabriques.course import ATTENTE, PROCESSUS, race
from fabriques.entrees import look_liste
from fabriques.medecin_traitant import Guichet, make_demande, make_medecin
from fabriques.recensement import make_campagne
from maillon.communaute.sollicitations.enums import EtatAppel, EtatSollicitation
from maillon.communaute.sollicitations.models import Appel, Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat, MotifRefus
from maillon.missions.medecin_traitant.models import CampagneRecensement, Demande, DestinataireRecensement, ListeAttente
from maillon.missions.medecin_traitant.services import listes_ecriture
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME

pytestmark = pytest.mark.commits


# The desk undoes a doctor's yes while the person answers


@pytest.fixture
def acceptee(guichet: Guichet) -> tuple[UUID, UUID]:
    """A request that a doctor accepted, and the solicitation."""
    with use_cpts(guichet.cpts.pk):
        demande = make_demande(guichet, etat=Etat.ACCEPTEE)
        return demande.pk, demande.sollicitations.get().pk


def read_end(guichet: Guichet, demande_id: UUID, sollicitation_id: UUID) -> tuple[str, str, bool]:
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.get(pk=demande_id)
        asked = Sollicitation.objects.get(pk=sollicitation_id)
        return demande.etat, asked.etat, demande.medecin_id is not None


def undo(demande_id: UUID, sollicitation_id: UUID) -> None:
    services.undo_reponse_medecin(demande_id=demande_id, sollicitation_id=sollicitation_id, by=SYSTEME)


@pytest.mark.parametrize("oui", [True, False])
def test_a_yes_is_undone_while_the_person_answers(guichet: Guichet, acceptee: tuple[UUID, UUID], oui: bool) -> None:
    demande_id, asked_id = acceptee
    ended = race(
        guichet.cpts.pk,
        [
            lambda: undo(demande_id, asked_id),
            lambda: services.confirm_by_patient(demande_id=demande_id, oui=oui, by=SYSTEME),
        ],
    )
    assert ended == ["fait", "refuse"], "one of them was first, the other is told so"
    end = read_end(guichet, demande_id, asked_id)
    undone = (Etat.PROPOSEE, EtatSollicitation.ENVOYEE, False)
    placed = (Etat.PLACEE, EtatSollicitation.ACCEPTEE, True)
    declined = (Etat.QUALIFIEE, EtatSollicitation.RETIREE, False)
    assert end in (undone, placed if oui else declined)


def test_control_without_the_lock_a_person_is_placed_with_nobody(guichet: Guichet, acceptee: tuple[UUID, UUID]) -> None:
    demande_id, asked_id = acceptee
    checked, written = PROCESSUS.Barrier(2), PROCESSUS.Event()

    def undo_naively() -> None:
        seen = Sollicitation.objects.select_related("appel").get(pk=asked_id)
        checked.wait(ATTENTE)
        written.wait(ATTENTE)
        if seen.annulable:
            await_again(asked_id)

    def answer() -> None:
        checked.wait(ATTENTE)
        services.confirm_by_patient(demande_id=demande_id, oui=True, by=SYSTEME)
        written.set()

    assert race(guichet.cpts.pk, [undo_naively, answer]) == ["fait", "fait"]
    assert read_end(guichet, demande_id, asked_id) == (Etat.PLACEE, EtatSollicitation.ENVOYEE, True)


def await_again(pk: UUID) -> None:
    Sollicitation.objects.filter(pk=pk).update(etat=EtatSollicitation.ENVOYEE, motif_refus="", repondue_le=None)


# The desk undoes a doctor's no while another doctor accepts


@pytest.fixture
def refusee(guichet: Guichet) -> tuple[UUID, UUID, UUID]:
    """A request asked of two doctors, the first of whom declined: the request, the refusal, the other."""
    with use_cpts(guichet.cpts.pk):
        demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[make_medecin(guichet), make_medecin(guichet)])
        first, other = demande.sollicitations.order_by("rang").values_list("pk", flat=True)
        services.decline_proposition(proposition_id=first, motif=MotifRefus.COMPLET, by=SYSTEME)
        return demande.pk, first, other


def read_call(guichet: Guichet) -> tuple[str, list[str]]:
    with use_cpts(guichet.cpts.pk):
        rows = Sollicitation.objects.order_by("rang").values_list("etat", flat=True)
        return Appel.objects.get().etat, list(rows)


def test_a_no_is_undone_while_another_doctor_accepts(guichet: Guichet, refusee: tuple[UUID, UUID, UUID]) -> None:
    demande_id, first, other = refusee
    ended = race(
        guichet.cpts.pk,
        [
            lambda: undo(demande_id, first),
            lambda: services.accept_proposition(proposition_id=other, by=SYSTEME),
        ],
    )
    etat, (mine, theirs) = read_call(guichet)
    assert (etat, theirs) == (EtatAppel.RESERVE, EtatSollicitation.ACCEPTEE)
    # Undone first, the doctor is asked again, then released by the acceptance; undone second, it is refused.
    assert mine == (EtatSollicitation.RETIREE if ended == ["fait", "fait"] else EtatSollicitation.REFUSEE)


def test_control_without_the_lock_a_doctor_is_asked_for_somebody_already_taken(
    guichet: Guichet, refusee: tuple[UUID, UUID, UUID]
) -> None:
    _, first, other = refusee
    checked, written = PROCESSUS.Barrier(2), PROCESSUS.Event()

    def undo_naively() -> None:
        seen = Sollicitation.objects.select_related("appel").get(pk=first)
        checked.wait(ATTENTE)
        written.wait(ATTENTE)
        if seen.annulable:
            await_again(first)

    def accept() -> None:
        checked.wait(ATTENTE)
        services.accept_proposition(proposition_id=other, by=SYSTEME)
        written.set()

    assert race(guichet.cpts.pk, [undo_naively, accept]) == ["fait", "fait"]
    assert read_call(guichet) == (EtatAppel.RESERVE, [EtatSollicitation.ENVOYEE, EtatSollicitation.ACCEPTEE])


# Two people of the desk launch a campaign


def count_campagnes(guichet: Guichet) -> tuple[int, int]:
    """How many campaigns, and how many times the one doctor is asked."""
    with use_cpts(guichet.cpts.pk):
        return CampagneRecensement.objects.count(), DestinataireRecensement.objects.count()


def launch(guichet: Guichet) -> list[str]:
    with use_cpts(guichet.cpts.pk):
        make_medecin(guichet)
    return race(guichet.cpts.pk, [lambda: make_campagne(guichet, sent=False)] * 2)


def test_two_campaigns_launched_at_once_are_one(guichet: Guichet) -> None:
    assert launch(guichet) == ["fait", "refuse"]
    assert count_campagnes(guichet) == (1, 1)


def test_control_without_the_constraint_every_doctor_is_asked_twice(guichet: Guichet) -> None:
    with connections["proprietaire"].cursor() as cursor:
        cursor.execute("DROP INDEX mt_campagne_une_en_cours")
    assert launch(guichet) == ["fait", "fait"]
    assert count_campagnes(guichet) == (2, 2)


# A waiting list is written by two jobs


@pytest.fixture
def attente(guichet: Guichet) -> UUID:
    """A list of two people that the desk asked to write."""
    with use_cpts(guichet.cpts.pk):
        lignes = [f"Nom{n};Prénom;194{n};061122330{n};Villars;;;oui;;" for n in range(2)]
        liste = look_liste(guichet, *lignes)
        services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)
        return liste.pk


def write_twice(guichet: Guichet, liste_id: UUID) -> int:
    """Two jobs write the list at once; returns how many requests there are."""
    write = [lambda: services.apply_liste(liste_id=liste_id, by=SYSTEME)] * 2
    assert race(guichet.cpts.pk, write) == ["fait", "fait"]
    with use_cpts(guichet.cpts.pk):
        return Demande.objects.count()


def test_a_list_written_twice_at_once_is_written_once(guichet: Guichet, attente: UUID) -> None:
    assert write_twice(guichet, attente) == 2


def test_two_people_press_at_once_and_one_writing_is_asked(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        liste = look_liste(guichet, "Nom;Prénom;1940;0611223300;Villars;;;oui;;")
    press = [lambda: services.ask_application_attente(liste_id=liste.pk, by=guichet.acteur)] * 2
    assert race(guichet.cpts.pk, press) == ["fait", "refuse"]


def test_control_without_the_lock_everybody_waits_twice(
    guichet: Guichet, attente: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    examined, number = PROCESSUS.Barrier(2), listes_ecriture.next_references

    def number_together(cpts_id: UUID, combien: int) -> list[str]:
        examined.wait(ATTENTE)
        return number(cpts_id, combien)

    monkeypatch.setattr(listes_ecriture, "lock_liste", lambda pk: ListeAttente.objects.get(pk=pk))
    monkeypatch.setattr(listes_ecriture, "next_references", number_together)
    assert write_twice(guichet, attente) == 4
