"""Time passes: reminders once, deadlines, owners gone; nobody is forgotten."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from fabriques.constats import after
from fabriques.droits import make_membre
from fabriques.medecin_traitant import Guichet, file_demande, make_demande, make_medecin
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import expire, remind
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Action, Cloture, Etat, MotifRefus
from maillon.missions.medecin_traitant.models import Capacite, Demande
from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


def run_jobs(guichet: Guichet) -> None:
    cpts_id = guichet.cpts.pk
    expire(cpts_id=cpts_id)
    remind(cpts_id=cpts_id)
    services.remind(cpts_id=cpts_id)
    services.give_orphans(cpts_id=cpts_id)
    services.refresh_priorites(cpts_id=cpts_id)


def count_mails(gabarit: str) -> int:
    return Message.objects.filter(gabarit=f"medecin_traitant/courriels/{gabarit}.txt").count()


def test_a_doctor_is_reminded_once_then_the_proposal_expires(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE)
    for days, reminders, etat in ((1, 0, Etat.PROPOSEE), (3.5, 1, Etat.PROPOSEE), (4, 1, Etat.PROPOSEE)):
        with after(days):
            run_jobs(guichet)
        demande.refresh_from_db()
        assert (count_mails("rappel_medecin"), demande.etat) == (reminders, etat), days
    with after(5.1):
        run_jobs(guichet)
        run_jobs(guichet)
        demande.refresh_from_db()
        assert (demande.etat, demande.prochaine_action) == (Etat.QUALIFIEE, Action.PROPOSER)
        assert demande.prochaine_date == horloge.today()
    assert demande.sollicitations.get().etat == EtatSollicitation.EXPIREE
    assert Entree.objects.filter(evenement="medecin_traitant.expiree").count() == 1


def test_a_request_proposed_again_may_reach_the_same_silent_doctor(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE)
    medecin = demande.sollicitations.get().professionnel
    with after(6):
        run_jobs(guichet)
        services.propose_demande(demande_id=demande.pk, professionnel_ids=[medecin.pk], by=guichet.acteur)
    assert demande.sollicitations.count() == 2


def test_a_patient_is_reminded_once_then_somebody_calls(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.ACCEPTEE)
    for days in (1, 5.5, 6, 7):
        with after(days):
            run_jobs(guichet)
    demande.refresh_from_db()
    assert count_mails("rappel_patient") == 1
    assert demande.prochaine_action == Action.ATTENDRE_PATIENT
    with after(8.5):
        run_jobs(guichet)
        demande.refresh_from_db()
        assert (demande.prochaine_action, demande.prochaine_date) == (Action.RAPPELER_PATIENT, horloge.today())
    assert demande.etat == Etat.ACCEPTEE, "the doctor's place stays reserved: a person decides"


def test_a_second_doctor_gives_a_second_reminder(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.ACCEPTEE)
    with after(6):
        run_jobs(guichet)
        services.confirm_by_patient(demande_id=demande.pk, oui=False, by=SYSTEME)
        services.propose_demande(demande_id=demande.pk, professionnel_ids=[make_medecin(guichet).pk], by=guichet.acteur)
        proposition = demande.sollicitations.get(etat=EtatSollicitation.ENVOYEE)
        services.accept_proposition(proposition_id=proposition.pk, by=SYSTEME)
    with after(12):
        run_jobs(guichet)
    assert count_mails("rappel_patient") == 2


def test_requests_of_somebody_who_left_go_to_somebody_else(guichet: Guichet):
    demande = make_demande(guichet)
    coordination = make_membre(guichet.cpts, Role.COORDINATION)
    guichet.membre.actif = False
    guichet.membre.save()
    assert services.give_orphans(cpts_id=guichet.cpts.pk) == 1
    assert services.give_orphans(cpts_id=guichet.cpts.pk) == 0
    demande.refresh_from_db()
    assert demande.responsable == coordination


def test_orphans_stay_with_their_owner_when_nobody_holds_the_desk(guichet: Guichet):
    demande = make_demande(guichet)
    guichet.membre.actif = False
    guichet.membre.save()
    assert services.give_orphans(cpts_id=guichet.cpts.pk) == 0
    demande.refresh_from_db()
    assert demande.responsable == guichet.membre


def test_waiting_raises_the_priority(guichet: Guichet):
    demande = make_demande(guichet)
    score = demande.priorite_score
    with after(70):
        assert services.refresh_priorites(cpts_id=guichet.cpts.pk) == 1
        assert services.refresh_priorites(cpts_id=guichet.cpts.pk) == 0
    demande.refresh_from_db()
    assert demande.priorite_score == score + 10


@pytest.mark.parametrize("graine", [1, 2])
def test_four_months_of_a_desk_forget_nobody(guichet: Guichet, graine: int):
    """Arrivals, answers, silences and refusals at random, day after day: each open request has an owner and a date
    that is never old, and no reminder is sent twice."""
    hasard = random.Random(graine)
    medecins = [make_medecin(guichet, places=40) for _ in range(3)]
    start = horloge.now().replace(hour=9)
    for day in range(120):
        with horloge.at(start + timedelta(days=day)):
            run_jobs(guichet)
            if day < 90 and hasard.random() < 0.3:
                file_demande(guichet, courriel=hasard.choice(["", "patient@example.org"]), ald=hasard.random() < 0.5)
            _answer(guichet, hasard)
            _work(guichet, medecins, hasard)
            ouvertes = Demande.objects.ouvertes()
            assert not ouvertes.filter(responsable=None).exists()
            assert not ouvertes.filter(prochaine_date__lt=horloge.today() - timedelta(days=1)).exists()
    etats = Counter(Demande.objects.values_list("etat", flat=True))
    assert set(etats) <= {Etat.PLACEE, Etat.CLOSE, Etat.QUALIFIEE, Etat.PROPOSEE, Etat.ACCEPTEE}
    assert etats[Etat.PLACEE] > 5
    assert Message.objects.values("unicite").distinct().count() == Message.objects.count()
    reminders = Counter(
        Entree.objects.filter(evenement="medecin_traitant.rappel_medecin").values_list(
            "details__proposition", flat=True
        )
    )
    assert reminders, "silent doctors were reminded"
    assert set(reminders.values()) == {1}
    taken = Sollicitation.objects.filter(etat=EtatSollicitation.ACCEPTEE).count()
    restantes = sum(Capacite.objects.with_restantes().values_list("restantes", flat=True))
    assert taken + restantes == 120


def _answer(guichet: Guichet, hasard: random.Random) -> None:
    """Doctors and patients answer, or not."""
    for proposition in Sollicitation.objects.en_attente():
        draw = hasard.random()
        if draw < 0.15:
            services.accept_proposition(proposition_id=proposition.pk, by=SYSTEME)
            return
        if draw < 0.25:
            services.decline_proposition(proposition_id=proposition.pk, motif=MotifRefus.ABSENCE, by=SYSTEME)
    for demande in Demande.objects.filter(etat=Etat.ACCEPTEE, prochaine_action=Action.ATTENDRE_PATIENT):
        if hasard.random() < 0.2:
            services.confirm_by_patient(demande_id=demande.pk, oui=hasard.random() < 0.8, by=SYSTEME)


def _work(guichet: Guichet, medecins: list, hasard: random.Random) -> None:
    """The desk does what each request's date asks for, that day."""
    for demande in Demande.objects.ouvertes().filter(prochaine_date__lte=horloge.today()):
        if demande.prochaine_action == Action.QUALIFIER:
            services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(), by=guichet.acteur)
        elif demande.prochaine_action == Action.RAPPELER_PATIENT:
            services.confirm_by_patient(demande_id=demande.pk, oui=True, by=guichet.acteur)
        elif demande.prochaine_action == Action.PROPOSER:
            refused = demande.sollicitations.filter(etat=EtatSollicitation.REFUSEE).values_list(
                "professionnel", flat=True
            )
            left = [medecin.pk for medecin in medecins if medecin.pk not in set(refused)]
            if left:
                services.propose_demande(
                    demande_id=demande.pk, professionnel_ids=hasard.sample(left, 1), by=guichet.acteur
                )
            else:
                services.close_demande(demande_id=demande.pk, motif=Cloture.INJOIGNABLE, by=guichet.acteur)
