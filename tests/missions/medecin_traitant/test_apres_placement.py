"""A placement is followed until its news."""

import pytest
from django.db import IntegrityError, transaction

from fabriques.constats import after, day, mails
from fabriques.droits import make_membre
from fabriques.medecin_traitant import Guichet, find_lien, make_demande
from maillon.communaute.patients.services import record_opposition
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Bilan,
    Declaration,
    Etat,
    Issue,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    Demande,
)
from maillon.missions.medecin_traitant.selectors import (
    build_tours,
    read_journee,
    read_vie,
)
from maillon.socle import horloge
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


def test_a_placement_is_followed_until_its_news(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    assert (demande.issue, demande.prochaine_action, demande.prochaine_date) == (
        Issue.MEDECIN_TRAITANT,
        Action.PREMIER_RDV,
        day(14),
    )
    demande = services.record_premier_rdv(demande_id=demande.pk, le=day(5), by=guichet.acteur)
    assert (demande.prochaine_action, demande.prochaine_date) == (Action.DECLARATION, day(30))
    demande = services.record_declaration(demande_id=demande.pk, declaration=Declaration.FAITE, by=guichet.acteur)
    assert demande.declaration_le == horloge.today()
    assert (demande.prochaine_action, demande.prochaine_date) == (Action.BILAN, day(91))
    demande = services.record_bilan(demande_id=demande.pk, suivie=True, by=guichet.acteur)
    assert (demande.bilan, demande.prochaine_action, demande.is_suivie) == (Bilan.SUIVI, "", False)
    with pytest.raises(ActionRefusee, match="son suivi est fini"):
        services.record_bilan(demande_id=demande.pk, suivie=False, by=guichet.acteur)
    demande = services.resume_suivi(demande_id=demande.pk, by=guichet.acteur)
    assert (demande.bilan, demande.prochaine_action) == ("", Action.BILAN)


@pytest.mark.parametrize(
    "fields",
    [
        {"prochaine_date": None},
        {"responsable": None},
        {"prochaine_action": ""},
        {"issue": ""},
        {"declaration": Declaration.FAITE},
        {"bilan": Bilan.SUIVI},
        {"issue": Issue.MEDECIN_SUIVI, "declaration": Declaration.NON_FAITE},
    ],
)
def test_the_database_refuses_a_placement_that_nobody_follows(guichet: Guichet, fields: dict):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Demande.objects.filter(pk=demande.pk).update(**fields)


def test_a_person_with_ame_gets_a_medecin_de_suivi_without_declaration(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE, ame=True)
    assert demande.issue == Issue.MEDECIN_SUIVI
    demande = services.record_premier_rdv(demande_id=demande.pk, le=horloge.today(), by=guichet.acteur)
    assert demande.prochaine_action == Action.BILAN
    with pytest.raises(ActionRefusee, match="rien à déclarer"):
        services.record_declaration(demande_id=demande.pk, declaration=Declaration.FAITE, by=guichet.acteur)


@pytest.mark.parametrize(("suivie", "declaree"), [(False, None), (True, False)])
def test_bad_news_are_decided_by_somebody_and_reopen_at_the_former_rank(guichet: Guichet, suivie, declaree):
    demande = make_demande(guichet, etat=Etat.PLACEE, ald=True)
    rank, medecin = (demande.priorite_score, demande.deposee_le), demande.medecin
    demande = services.record_bilan(demande_id=demande.pk, suivie=suivie, declaree=declaree, by=SYSTEME)
    assert (demande.etat, demande.prochaine_action, demande.prochaine_date) == (
        Etat.PLACEE,
        Action.DECIDER,
        horloge.today(),
    )
    demande = services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    assert (demande.priorite_score, demande.deposee_le) == rank
    assert (demande.issue, demande.bilan, demande.placee_le) == ("", "", None)
    (tour,) = read_vie(demande).tours
    assert (tour.numero, tour.medecin, tour.bilan) == (1, medecin, Bilan.SUIVI if suivie else Bilan.NON_SUIVI)
    assert [numero for numero, _ in build_tours(demande)] == [2, 1]


def test_each_step_is_asked_by_mail_then_reminded_once_then_called(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    asked, reminded = [], []
    for days in (13, 14, 15, 20, 21, 22, 30, 92, 93, 99, 110):
        with after(days):
            services.ask_suites(cpts_id=guichet.cpts.pk)
            services.ask_suites(cpts_id=guichet.cpts.pk)
            asked.append(mails("nouvelles_demandees"))
            reminded.append(mails("nouvelles_rappelees"))
            demande.refresh_from_db()
            if days in (30, 110):
                assert demande in read_journee(for_acteur=guichet.acteur, responsable_id=None).appels
    assert asked == [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
    assert reminded == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1]
    assert find_lien(demande, services.LIEN_NOUVELLES) is not None
    assert demande.suivi_fini_le is None, "nothing is concluded without somebody"


def test_the_news_have_their_own_mail_and_reminder(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    services.record_premier_rdv(demande_id=demande.pk, le=horloge.today(), by=guichet.acteur)
    services.record_declaration(demande_id=demande.pk, declaration=Declaration.FAITE, by=guichet.acteur)
    for days in (90, 91, 95, 98, 105, 120):
        with after(days):
            services.ask_suites(cpts_id=guichet.cpts.pk)
    assert (mails("nouvelles_demandees"), mails("nouvelles_rappelees")) == (1, 1)


def test_a_follow_up_that_goes_on_asks_again(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    services.record_premier_rdv(demande_id=demande.pk, le=horloge.today(), by=guichet.acteur)
    services.record_declaration(demande_id=demande.pk, declaration=Declaration.FAITE, by=guichet.acteur)
    with after(91):
        services.ask_suites(cpts_id=guichet.cpts.pk)
        services.end_suivi(demande_id=demande.pk, by=guichet.acteur)
    with after(93):
        services.resume_suivi(demande_id=demande.pk, by=guichet.acteur)
        services.ask_suites(cpts_id=guichet.cpts.pk)
    assert mails("nouvelles_demandees") == 2, "the link of the first mail was shut"


def test_without_an_address_the_desk_calls(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE, courriel="")
    with after(14):
        assert services.ask_suites(cpts_id=guichet.cpts.pk) == 0
        assert demande in read_journee(for_acteur=guichet.acteur, responsable_id=guichet.membre.pk).appels


def test_an_opposition_ends_the_follow_up(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    record_opposition(patient=demande.patient, by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.etat, demande.is_suivie) == (Etat.PLACEE, False)
    with after(100):
        assert services.ask_suites(cpts_id=guichet.cpts.pk) == 0
    with pytest.raises(ActionRefusee, match="ne peut plus être appelée"):
        services.resume_suivi(demande_id=demande.pk, by=guichet.acteur)


def test_a_placement_of_somebody_who_left_is_followed_by_somebody_else(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PLACEE)
    coordination = make_membre(guichet.cpts, Role.COORDINATION)
    guichet.membre.actif = False
    guichet.membre.save()
    assert services.give_orphans(cpts_id=guichet.cpts.pk) == 1
    demande.refresh_from_db()
    assert demande.responsable == coordination
