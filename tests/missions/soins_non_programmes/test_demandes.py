"""A request from its filing to its answer: who is asked, in what order, and what happens when nobody can."""

from datetime import timedelta

import pytest

from fabriques.demandes_soin import asked, file
from fabriques.gardes import make_garde, make_participant, make_poste, make_tableau
from fabriques.soins import make_creneau, make_pro
from maillon.communaute.gardes.enums import EtatTableau
from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.selectors import has_relation
from maillon.communaute.patients.services import erase_patient, record_opposition
from maillon.communaute.sollicitations import services as sollicitations
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import (
    EtatCreneau,
    EtatDemande,
    EtatRendezVous,
    MotifAnnulation,
    Origine,
    Reponse,
)
from maillon.missions.soins_non_programmes.models import GENRE, ActionRefusee, Creneau, DemandeSoin
from maillon.missions.soins_non_programmes.selectors import candidats
from maillon.missions.soins_non_programmes.selectors.alertes import list_alertes_guichet, list_alertes_professionnel
from maillon.missions.soins_non_programmes.selectors.demandes import present_demandes, read_jour
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import now, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def dedans(soins):
    with use_cpts(soins.cpts.pk):
        yield soins


def accept(demande: DemandeSoin, pro) -> DemandeSoin:
    own = Sollicitation.objects.of_objets(GENRE, [demande.pk]).get(professionnel=pro.professionnel)
    sollicitations.accept(sollicitation_id=own.pk, by=pro.acteur)
    demande.refresh_from_db()
    return demande


def test_the_usual_professional_is_asked_first_alone_then_waves(dedans) -> None:
    pros = [make_pro(dedans) for _ in range(5)]
    demande = file(dedans, usuel=pros[3])
    assert demande.etat == EtatDemande.SOLLICITEE
    assert demande.prochaine_le > now()
    waves = asked(demande)
    assert [row.vague for row in waves] == [1, 2, 2, 2, 3]
    assert waves[0].professionnel == pros[3].professionnel
    assert waves[0].etat == EtatSollicitation.ENVOYEE
    assert waves[0].explication["usuel"] is True
    assert "minutes" in waves[1].explication


def test_whoever_was_asked_less_comes_first(dedans) -> None:
    repose, charge = make_pro(dedans), make_pro(dedans)
    first = file(dedans)
    for row in asked(first, EtatSollicitation.ENVOYEE):
        if row.professionnel == repose.professionnel:
            Sollicitation.objects.filter(pk=row.pk).delete()
    assert [row.professionnel for row in asked(file(dedans))] == [repose.professionnel, charge.professionnel]


def test_the_same_form_twice_is_one_request(dedans) -> None:
    make_pro(dedans)
    assert file(dedans, cle="k" * 20).pk == file(dedans, cle="k" * 20).pk
    assert Patient.objects.count() == 1
    assert file(dedans).reference.endswith("00002")


def test_who_is_asked_reads_no_name(dedans) -> None:
    make_pro(dedans)
    demande = file(dedans, nom="Canariquitremble")
    (vue,) = present_demandes(dedans.cpts.pk, [demande.pk]).values()
    text = f"{vue.titre} {vue.besoins}"
    assert "Canariquitremble" not in text
    assert "Saint-Étienne" in text
    assert "plus de 70 ans" in text


def test_the_first_yes_opens_the_identity_and_asks_for_the_hour(dedans) -> None:
    pro, autre = make_pro(dedans), make_pro(dedans)
    demande = accept(file(dedans), pro)
    assert (demande.etat, demande.accepte_par) == (EtatDemande.ACCEPTEE, pro.professionnel)
    assert has_relation(demande.patient, pro.professionnel.rpps)
    assert not has_relation(demande.patient, autre.professionnel.rpps)
    assert Message.objects.filter(gabarit__endswith="heure_a_donner.txt").exists()
    assert list_alertes_professionnel(dedans.cpts.pk, pro.acteur, now())
    given = services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=None, by=pro.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.reponse) == (EtatDemande.POURVUE, Reponse.RENDEZ_VOUS)
    assert demande.repondue_le is not None
    assert demande.prochaine_le is None
    assert given.demande_id == demande.pk
    assert given.etat == EtatRendezVous.CONFIRME
    again = services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=None, by=pro.acteur)
    assert again.pk == given.pk


def test_the_hour_takes_the_place_of_free_slots_and_of_no_person(dedans) -> None:
    pro = make_pro(dedans)
    demande = accept(file(dedans), pro)
    start = (now() + timedelta(hours=3)).replace(second=0, microsecond=0)
    libre = make_creneau(dedans, pro, debut=start + timedelta(minutes=5))
    pris = make_creneau(dedans, pro, debut=start + timedelta(hours=1), etat=EtatCreneau.RESERVE)
    with pytest.raises(ActionRefusee, match="déjà quelqu’un"):
        services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=pris.debut, by=pro.acteur)
    services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=start, by=pro.acteur)
    libre.refresh_from_db()
    assert libre.etat == EtatCreneau.RETIRE
    assert Creneau.objects.get(debut=start).etat == EtatCreneau.RESERVE


def test_nobody_at_all_escalates_at_once_to_the_desk(dedans) -> None:
    demande = file(dedans)
    assert demande.etat == EtatDemande.ESCALADEE
    assert demande.escaladee_le is not None
    assert demande.prochaine_le > now()
    assert Message.objects.filter(gabarit__endswith="demande_escaladee.txt").count() == 1
    (alerte,) = list_alertes_guichet(dedans.cpts.pk, dedans.acteur, now())
    assert alerte.phrase.startswith("Une demande de soin n’a trouvé personne")


def put_on_duty(soins, pro) -> None:
    """On duty from an hour ago to an hour hence, by a published roster."""
    tableau = make_tableau(soins.cpts, etat=EtatTableau.PUBLIE, debut=today() - timedelta(days=1))
    poste = make_poste(tableau, today(), debut=now() - timedelta(hours=1), fin=now() + timedelta(hours=1))
    make_garde(poste, make_participant(tableau, professionnel=pro.professionnel))


def test_all_declined_escalates_and_the_duty_professional_is_asked(dedans) -> None:
    pro, de_garde = make_pro(dedans), make_pro(dedans, generaliste=True)
    assert candidats.find_de_garde(dedans.cpts.pk, "60", now()) == []
    put_on_duty(dedans, de_garde)
    assert candidats.find_de_garde(dedans.cpts.pk, "60", now()) == [de_garde.professionnel.pk]
    demande = file(dedans)
    (row,) = asked(demande)
    sollicitations.decline(sollicitation_id=row.pk, motif="complet", by=pro.acteur)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ESCALADEE
    assert services.ask_de_garde(demande_id=demande.pk) == 1
    assert services.ask_de_garde(demande_id=demande.pk) == 0
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ESCALADEE
    accept(demande, de_garde)
    assert demande.etat == EtatDemande.ACCEPTEE


def test_a_request_never_sleeps(dedans) -> None:
    make_pro(dedans)
    demande = file(dedans)
    assert services.wake_demandes(cpts_id=dedans.cpts.pk) == 0
    with horloge.at(now() + timedelta(minutes=11)):
        sollicitations.expire(cpts_id=dedans.cpts.pk)
        demande.refresh_from_db()
        assert demande.etat == EtatDemande.ESCALADEE
        assert demande.prochaine_le > now()
        assert services.wake_demandes(cpts_id=dedans.cpts.pk) == 0
    with horloge.at(now() + timedelta(minutes=75)):
        assert services.wake_demandes(cpts_id=dedans.cpts.pk) == 1
        demande.refresh_from_db()
        assert demande.prochaine_le > now()
    assert Message.objects.filter(gabarit__endswith="demande_escaladee.txt").count() == 2


def test_a_cascade_that_runs_is_left_alone_and_one_that_stopped_is_not(dedans) -> None:
    make_pro(dedans)
    demande = file(dedans)
    DemandeSoin.objects.filter(pk=demande.pk).update(prochaine_le=now() - timedelta(minutes=1))
    assert services.wake_demandes(cpts_id=dedans.cpts.pk) == 0
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOLLICITEE
    assert demande.prochaine_le > now()
    DemandeSoin.objects.filter(pk=demande.pk).update(etat=EtatDemande.OUVERTE, prochaine_le=now())
    Sollicitation.objects.of_objets(GENRE, [demande.pk]).update(etat=EtatSollicitation.RETIREE, motif_retrait="guichet")
    assert services.wake_demandes(cpts_id=dedans.cpts.pk) == 1


def test_an_acceptance_without_hour_comes_back_to_the_desk(dedans) -> None:
    pro = make_pro(dedans)
    demande = accept(file(dedans), pro)
    DemandeSoin.objects.filter(pk=demande.pk).update(prochaine_le=now() - timedelta(minutes=1))
    assert services.wake_demandes(cpts_id=dedans.cpts.pk) == 1
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ESCALADEE
    services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=None, by=pro.acteur)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.POURVUE


def test_back_on_a_yes_closes_the_identity_and_asks_the_next(dedans) -> None:
    first, second = make_pro(dedans), make_pro(dedans)
    demande = accept(file(dedans, usuel=first), first)
    own = Sollicitation.objects.of_objets(GENRE, [demande.pk]).get(professionnel=first.professionnel)
    sollicitations.take_back(sollicitation_id=own.pk, by=first.acteur)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOLLICITEE
    assert demande.accepte_par is None
    assert not has_relation(demande.patient, first.professionnel.rpps)
    assert [row.professionnel for row in asked(demande, EtatSollicitation.ENVOYEE)] == [second.professionnel]


def test_another_answer_stops_the_clock_and_frees_everybody(dedans) -> None:
    make_pro(dedans)
    demande = file(dedans)
    services.answer_demande(demande_id=demande.pk, reponse=Reponse.CONSEIL, by=dedans.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.reponse) == (EtatDemande.ORIENTEE, Reponse.CONSEIL)
    assert not asked(demande, EtatSollicitation.ENVOYEE)
    services.answer_demande(demande_id=demande.pk, reponse=Reponse.CONSEIL, by=dedans.acteur)
    services.reopen_demande(demande_id=demande.pk, by=dedans.acteur)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOLLICITEE
    assert demande.repondue_le is None
    with pytest.raises(ActionRefusee):
        services.answer_demande(demande_id=demande.pk, reponse=Reponse.RENDEZ_VOUS, by=dedans.acteur)


def test_a_slot_found_answers_the_request(dedans) -> None:
    pro = make_pro(dedans)
    demande = file(dedans)
    creneau = make_creneau(dedans, pro)
    services.book_demande(
        demande_id=demande.pk, creneau_id=creneau.pk, by=dedans.acteur, cle_depot="x", origine=Origine.GUICHET
    )
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.POURVUE
    assert not asked(demande, EtatSollicitation.ENVOYEE)


def test_a_professional_who_cancels_sets_the_search_going_again(dedans) -> None:
    first = make_pro(dedans)
    make_pro(dedans)
    demande = accept(file(dedans), first)
    given = services.give_heure(demande_id=demande.pk, lieu=first.lieu, debut=None, by=first.acteur)
    assert services.seek_again(demande_id=demande.pk) is False
    services.cancel(rendez_vous=given, motif=MotifAnnulation.PROFESSIONNEL, by=first.acteur)
    assert services.seek_again(demande_id=demande.pk) is True
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOLLICITEE
    assert demande.repondue_le is None


def test_an_opposition_stops_everything_and_an_erasure_forgets(dedans) -> None:
    pro = make_pro(dedans)
    demande = file(dedans)
    given = services.book(
        creneau_id=make_creneau(dedans, pro).pk,
        patient=demande.patient,
        by=dedans.acteur,
        cle_depot="z",
        origine=Origine.GUICHET,
    )
    record_opposition(patient=demande.patient, by=SYSTEME)
    demande.refresh_from_db()
    given.refresh_from_db()
    assert demande.etat == EtatDemande.ANNULEE
    assert given.etat == EtatRendezVous.ANNULE
    erased = erase_patient(patient=Patient.objects.get(pk=demande.patient_id), by=SYSTEME)
    assert erased["soins_non_programmes.DemandeSoin"] == 1
    assert erased["soins_non_programmes.RendezVous"] == 1
    own = Message.objects.filter(objet_id__in=[demande.pk, given.pk])
    assert all(bytes(message.texte_chiffre) == b"" for message in own)


def test_beyond_what_the_page_shows_those_who_wait_are_counted(dedans) -> None:
    first, _, third = file(dedans), file(dedans), file(dedans)
    DemandeSoin.objects.exclude(pk=third.pk).update(etat=EtatDemande.SOLLICITEE)
    jour = read_jour(for_acteur=dedans.acteur, limite=2)
    assert (jour.attente, jour.au_dela) == (3, 1)
    assert (jour.escaladees, jour.en_cours) == ((third,), (first,))


def test_answered_today_counts_today_whenever_it_was_filed(dedans) -> None:
    demande = file(dedans)
    DemandeSoin.objects.filter(pk=demande.pk).update(deposee_le=now() - timedelta(days=3))
    assert read_jour(for_acteur=dedans.acteur).repondues == ()
    services.answer_demande(demande_id=demande.pk, reponse=Reponse.CONSEIL, by=dedans.acteur)
    assert read_jour(for_acteur=dedans.acteur).repondues == (demande,)


def list_told(demande: DemandeSoin) -> list[str]:
    """To whom « do not wait any more » went."""
    rows = Message.objects.filter(objet_id=demande.pk, gabarit__endswith="acceptation_finie.txt")
    return [message.adresse for message in rows]


def test_who_accepted_is_told_when_somebody_else_receives_the_person(dedans) -> None:
    pro, autre = make_pro(dedans), make_pro(dedans)
    demande = accept(file(dedans, usuel=pro), pro)
    creneau = make_creneau(dedans, autre)
    services.book_demande(
        demande_id=demande.pk, creneau_id=creneau.pk, by=dedans.acteur, cle_depot="x", origine=Origine.GUICHET
    )
    assert list_told(demande) == [pro.membre.compte.email]
    sienne = accept(file(dedans, usuel=autre), autre)
    services.give_heure(demande_id=sienne.pk, lieu=autre.lieu, debut=None, by=autre.acteur)
    assert list_told(sienne) == []


def test_an_appointment_typed_by_mistake_leaves_the_request_open(dedans) -> None:
    pro = make_pro(dedans)
    demande = accept(file(dedans, usuel=pro), pro)
    given = services.give_heure(demande_id=demande.pk, lieu=pro.lieu, debut=None, by=pro.acteur)
    services.cancel(rendez_vous=given, motif=MotifAnnulation.ERREUR, by=dedans.acteur)
    assert services.seek_again(demande_id=demande.pk) is True
    demande.refresh_from_db()
    assert demande.repondue_le is None
