"""The life of a request: calls, tasks, decided priority, what follows a placement, équipe traitante."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fabriques.droits import make_acteur, make_membre
from fabriques.medecin_traitant import Guichet, find_lien, make_demande, make_guichet, make_medecin
from maillon.communaute.patients.models import RelationSoin
from maillon.communaute.patients.services import erase_patient, record_opposition
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Bilan,
    Cloture,
    Declaration,
    Etat,
    EtatTache,
    Issue,
    IssueAppel,
    MotifPriorite,
    Quoi,
    RoleEquipe,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    Capacite,
    DecisionPriorite,
    Demande,
    PoidsAdoptes,
    TacheGuichet,
)
from maillon.missions.medecin_traitant.selectors import (
    build_tours,
    explain_priorite,
    get_poids,
    preview_poids,
    read_journee,
    read_vie,
    view_as_medecin,
)
from maillon.missions.medecin_traitant.selectors.suivi import list_alertes_journee
from maillon.regles.priorite import Fait, Niveau, PoidsPriorite, load_poids
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Ecriture, Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def guichet():
    guichet = make_guichet()
    with use_cpts(guichet.cpts.pk):
        yield guichet


def day(days: int):
    return horloge.today() + timedelta(days=days)


def after(days: float):
    return horloge.at(horloge.now() + timedelta(days=days))


def mails(gabarit: str) -> int:
    return Message.objects.filter(gabarit=f"medecin_traitant/courriels/{gabarit}.txt").count()


def call(demande: Demande, issue: IssueAppel, **champs):
    return services.record_appel(demande_id=demande.pk, issue=issue, by=SYSTEME, **champs)


# Calls


def test_a_call_moves_the_next_date_and_can_be_taken_back(guichet: Guichet):
    demande = make_demande(guichet)
    before = demande.prochaine_date
    appel = services.record_appel(demande_id=demande.pk, issue=IssueAppel.SANS_REPONSE, by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.prochaine_action, demande.prochaine_date) == (Action.QUALIFIER, day(1))
    assert appel.par == guichet.membre
    for _ in range(2):
        services.cancel_appel(appel_id=appel.pk, by=guichet.acteur)
    demande.refresh_from_db()
    assert demande.prochaine_date == before
    assert read_vie(demande).appels == []
    call(demande, IssueAppel.RAPPELER, rappeler_le=day(6))
    demande.refresh_from_db()
    assert demande.prochaine_date == day(6)
    for refused in (None, day(-1)):
        with pytest.raises(ActionRefusee, match="Donnez le jour"):
            call(demande, IssueAppel.RAPPELER, rappeler_le=refused)


def test_taking_back_an_older_call_leaves_the_date_of_the_latest(guichet: Guichet):
    demande = make_demande(guichet)
    first = call(demande, IssueAppel.SANS_REPONSE)
    call(demande, IssueAppel.RAPPELER, rappeler_le=day(9))
    services.cancel_appel(appel_id=first.pk, by=SYSTEME)
    demande.refresh_from_db()
    assert demande.prochaine_date == day(9)


def test_a_call_while_a_doctor_is_awaited_becomes_a_task(guichet: Guichet):
    demande = make_demande(guichet, etat=Etat.PROPOSEE)
    due = demande.prochaine_date
    appel = call(demande, IssueAppel.REPONDEUR)
    demande.refresh_from_db()
    assert (demande.prochaine_action, demande.prochaine_date) == (Action.ATTENDRE_MEDECIN, due)
    tache = TacheGuichet.objects.get()
    assert (tache.quoi, tache.echeance, tache.responsable) == (Quoi.RAPPELER, day(2), guichet.membre)
    services.cancel_appel(appel_id=appel.pk, by=SYSTEME)
    assert TacheGuichet.objects.get().etat == EtatTache.ANNULEE


def test_enough_calls_in_vain_propose_to_close_and_never_close(guichet: Guichet):
    demande = make_demande(guichet)
    for days in (0, 3, 6, 10):
        with after(days):
            call(demande, IssueAppel.SANS_REPONSE)
            demande.refresh_from_db()
            assert read_vie(demande).bilan_appels.cloture_possible == (days == 10)
    assert demande.etat == Etat.DEPOSEE


def test_nobody_calls_for_a_request_that_is_over(guichet: Guichet):
    with pytest.raises(ActionRefusee, match="terminée"):
        call(make_demande(guichet, etat=Etat.CLOSE), IssueAppel.JOINT)


# Tasks, and the day's list


def add(demande: Demande, guichet: Guichet, **champs):
    champs = {"quoi": Quoi.PIECE, "echeance": horloge.today(), **champs}
    return services.add_tache(demande_id=demande.pk, by=guichet.acteur, **champs)


def test_a_task_has_somebody_and_a_day_and_its_words_are_encrypted(guichet: Guichet):
    demande = make_demande(guichet)
    tache = add(demande, guichet, precision="Ordonnance de Mme Canari")
    tache.refresh_from_db()
    assert (tache.responsable, tache.texte) == (guichet.membre, "Ordonnance de Mme Canari")
    assert b"Canari" not in bytes(tache.precision)
    assert "Canari" not in str(list(Entree.objects.values())) + str(list(Ecriture.objects.values()))
    for _ in range(2):
        services.end_tache(tache_id=tache.pk, faite=True, by=guichet.acteur)
    assert Entree.objects.filter(evenement="medecin_traitant.tache_faite").count() == 1
    assert services.resume_tache(tache_id=tache.pk, by=guichet.acteur).etat == EtatTache.A_FAIRE
    with pytest.raises(ActionRefusee, match="à venir"):
        add(demande, guichet, echeance=day(-1))
    for fields in ({"etat": EtatTache.FAITE}, {"responsable": None}, {"echeance": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TacheGuichet.objects.filter(pk=tache.pk).update(**fields)


def test_closing_leaves_nothing_to_do_and_erasure_no_word(guichet: Guichet):
    demande = make_demande(guichet)
    add(demande, guichet, precision="Canari")
    services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=guichet.acteur)
    assert TacheGuichet.objects.get().etat == EtatTache.ANNULEE
    with pytest.raises(ActionRefusee, match="terminée"):
        add(demande, guichet)
    erase_patient(patient=demande.patient, by=SYSTEME)
    assert TacheGuichet.objects.get().texte == ""


def test_tasks_of_somebody_who_left_go_to_who_follows(guichet: Guichet):
    other = make_membre(guichet.cpts, Role.SECRETARIAT)
    tache = add(make_demande(guichet), guichet, responsable_id=other.pk)
    other.actif = False
    other.save()
    assert services.give_taches(cpts_id=guichet.cpts.pk) == 1
    assert services.give_taches(cpts_id=guichet.cpts.pk) == 0
    tache.refresh_from_db()
    assert tache.responsable == guichet.membre


def test_the_day_of_one_person(guichet: Guichet):
    late = make_demande(guichet)
    urgent = make_demande(guichet, ald=True)
    proposer = make_demande(guichet, etat=Etat.QUALIFIEE)
    placee = make_demande(guichet, etat=Etat.PLACEE)
    add(proposer, guichet)
    other = make_membre(guichet.cpts, Role.SECRETARIAT)
    with after(20):
        journee = read_journee(for_acteur=guichet.acteur, responsable_id=guichet.membre.pk)
        assert journee.appels == [urgent, late], "news are asked by mail before anybody calls"
        assert [tache.demande for tache in journee.taches] == [proposer]
        assert journee.autres == [proposer]
        assert read_journee(for_acteur=guichet.acteur, responsable_id=other.pk).is_vide
        (alerte,) = list_alertes_journee(guichet.cpts.pk, guichet.acteur, horloge.now())
        assert alerte.phrase == "Votre journée au guichet : 2\u00a0appels et 1\u00a0tâche."
    Demande.objects.filter(pk=placee.pk).update(suite_relancee_le=horloge.now())
    with after(20):
        assert placee in read_journee(for_acteur=guichet.acteur, responsable_id=None).appels


def test_several_at_once(guichet: Guichet):
    demandes = [make_demande(guichet) for _ in range(2)]
    close = make_demande(guichet, etat=Etat.CLOSE)
    other = make_membre(guichet.cpts, Role.SECRETARIAT)
    keys = [d.pk for d in (*demandes, close)]
    plan = {"cpts_id": guichet.cpts.pk, "demande_ids": keys, "by": guichet.acteur}
    assert services.plan_lot(**plan, responsable_id=other.pk, prochaine_date=day(4)) == 2
    for demande in demandes:
        demande.refresh_from_db()
        assert (demande.responsable, demande.prochaine_date) == (other, day(4))
    with pytest.raises(ActionRefusee, match="Choisissez"):
        services.plan_lot(**plan)


# Priority


def force(demande: Demande, guichet: Guichet, niveau=Niveau.HAUTE, **champs):
    champs = {"motif": MotifPriorite.MEDECIN, "jusque": day(30), "precision": "", **champs}
    return services.force_priorite(demande_id=demande.pk, niveau=niveau, by=guichet.acteur, **champs)


def test_a_decided_level_is_what_lists_follow_until_its_day(guichet: Guichet):
    demande = force(make_demande(guichet), guichet, precision="Zoé insiste")
    assert (demande.priorite_niveau, demande.priorite_score) == ("haute", 40)
    vue = explain_priorite(demande)
    assert (vue.calculee.score, vue.effective.score) == (0, 40)
    assert vue.decision is not None
    assert (vue.decision.par, vue.decision.texte) == (guichet.membre, "Zoé insiste")
    assert "Zoé" not in str(list(Entree.objects.values())) + str(view_as_medecin(demande))
    services.refresh_priorites(cpts_id=guichet.cpts.pk)
    services.qualify_demande(demande_id=demande.pk, faits=services.FaitsSaisis(isolement=True), by=guichet.acteur)
    demande.refresh_from_db()
    assert (demande.priorite_niveau, demande.priorite_score) == ("haute", 40)
    with after(31):
        services.refresh_priorites(cpts_id=guichet.cpts.pk)
        demande.refresh_from_db()
        assert demande.priorite_niveau == "normale"
        assert explain_priorite(demande).decision is None


def test_a_decided_level_is_taken_back_and_its_history_stays(guichet: Guichet):
    demande = force(make_demande(guichet, ald=True), guichet, Niveau.NORMALE, motif=MotifPriorite.SUIVI_PARTIEL)
    assert (demande.priorite_niveau, demande.priorite_score) == ("normale", 19)
    for _ in range(2):
        demande = services.release_priorite(demande_id=demande.pk, by=guichet.acteur)
    assert (demande.priorite_niveau, demande.priorite_score) == ("haute", 40)
    assert DecisionPriorite.objects.count() == 2
    for jusque in (day(-1), day(181)):
        with pytest.raises(ActionRefusee, match="six mois"):
            force(demande, guichet, jusque=jusque)
    with pytest.raises(ActionRefusee, match="n’est plus ouverte"):
        force(make_demande(guichet, etat=Etat.CLOSE), guichet)
    for fields in ({"niveau_impose": "haute"}, {"niveau_impose_jusque": day(3)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Demande.objects.filter(pk=demande.pk).update(**fields)


def weigh(**champs) -> PoidsPriorite:
    base = load_poids(on=horloge.today())
    points = {**base.points, **{Fait(nom): n for nom, n in champs.pop("points", {}).items()}}
    fields = {"jours_par_point": 7, "attente_maximum": 25, "seuil_moyenne": 20, "seuil_haute": 40}
    return PoidsPriorite(
        points=points,
        source="bureau",
        depuis=champs.pop("depuis", horloge.today()),
        statut=base.statut,
        **{**fields, **champs},
    )


def test_weights_are_previewed_then_adopted_from_their_day(guichet: Guichet):
    isole = make_demande(guichet, isolement=True)
    forced = force(make_demande(guichet), guichet)
    wanted = weigh(points={"isolement": 45}, depuis=day(3))
    apercu = preview_poids(guichet.cpts.pk, wanted)
    assert (apercu.ouvertes, apercu.montent, apercu.descendent, apercu.forcees) == (2, 1, 0, 1)
    assert apercu.niveaux[0] == ("haute", 1, 2)
    assert [(m.reference, m.avant, m.apres) for m in apercu.mouvements] == [(isole.reference, "normale", "haute")]
    services.adopt_poids(cpts_id=guichet.cpts.pk, poids=wanted, decision="bureau du 12 novembre", by=guichet.acteur)
    services.refresh_priorites(cpts_id=guichet.cpts.pk)
    isole.refresh_from_db()
    assert isole.priorite_niveau == "normale", "not yet"
    with after(3):
        services.refresh_priorites(cpts_id=guichet.cpts.pk)
        isole.refresh_from_db()
        assert (isole.priorite_niveau, isole.priorite_score) == ("haute", 45)
        assert "bureau du 12 novembre" in explain_priorite(isole).source
        assert not explain_priorite(isole).a_confirmer
    assert get_poids(guichet.cpts.pk, on=horloge.today()).points[Fait.ISOLEMENT] == 10
    forced.refresh_from_db()
    assert forced.priorite_niveau == "haute"


def test_weights_are_never_changed_afterwards_nor_adopted_for_the_past(guichet: Guichet):
    adopt = {"cpts_id": guichet.cpts.pk, "by": guichet.acteur}
    services.adopt_poids(poids=weigh(), decision="bureau", **adopt)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        PoidsAdoptes.objects.update(seuil_haute=90)
    with pytest.raises(ActionRefusee, match="le passé"):
        services.adopt_poids(poids=weigh(depuis=day(-1)), decision="bureau", **adopt)
    with pytest.raises(ActionRefusee, match="quelle réunion"):
        services.adopt_poids(poids=weigh(), decision=" ", **adopt)


# After the placement


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


# Answers taken back


@pytest.mark.parametrize("oui", [True, False])
def test_an_answer_recorded_by_mistake_is_taken_back(guichet: Guichet, oui: bool):
    medecin = make_medecin(guichet, places=1)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    services.confirm_by_patient(demande_id=demande.pk, oui=oui, by=guichet.acteur)
    demande = services.undo_reponse_patient(demande_id=demande.pk, by=guichet.acteur)
    assert (demande.etat, demande.medecin, demande.placee_le) == (Etat.ACCEPTEE, medecin, None)
    assert not RelationSoin.objects.in_force().filter(jusque=None).exists()
    assert Capacite.objects.with_restantes().get(professionnel=medecin).restantes == 0
    services.confirm_by_patient(demande_id=demande.pk, oui=True, by=guichet.acteur)
    demande.refresh_from_db()
    assert demande.etat == Etat.PLACEE
    assert mails("nouveau_patient") == (2 if oui else 1), "the doctor is told of the yes that holds"


def test_an_answer_is_not_taken_back_while_the_doctor_is_away(guichet: Guichet):
    medecin = make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[medecin])
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=guichet.acteur)
    jour = horloge.today()
    declare_absence(cpts_id=guichet.cpts.pk, professionnel=medecin, du=jour, au=jour, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="absent aujourd’hui"):
        services.undo_reponse_patient(demande_id=demande.pk, by=guichet.acteur)


def test_an_answer_is_not_taken_back_once_others_were_asked_or_news_came(guichet: Guichet):
    one, two = make_medecin(guichet), make_medecin(guichet)
    demande = make_demande(guichet, etat=Etat.ACCEPTEE, medecins=[one])
    services.confirm_by_patient(demande_id=demande.pk, oui=False, by=guichet.acteur)
    services.propose_demande(demande_id=demande.pk, professionnel_ids=[two.pk], by=guichet.acteur)
    with pytest.raises(ActionRefusee, match="autre chose"):
        services.undo_reponse_patient(demande_id=demande.pk, by=guichet.acteur)
    placee = make_demande(guichet, etat=Etat.PLACEE)
    services.record_bilan(demande_id=placee.pk, suivie=False, by=SYSTEME)
    with pytest.raises(ActionRefusee, match="rouvrez plutôt"):
        services.undo_reponse_patient(demande_id=placee.pk, by=guichet.acteur)


# Équipe traitante


def join(demande: Demande, guichet: Guichet, professionnel):
    return services.add_equipier(
        demande_id=demande.pk, professionnel_id=professionnel.pk, role=RoleEquipe.IPA, by=guichet.acteur
    )


def test_a_team_opens_the_identity_plans_its_review_and_does_not_end_the_search(guichet: Guichet):
    demande, ipa = make_demande(guichet, etat=Etat.QUALIFIEE), make_medecin(guichet, places=None)
    equipier = join(demande, guichet, ipa)
    demande.refresh_from_db()
    assert (demande.etat, demande.prochaine_action) == (Etat.QUALIFIEE, Action.PROPOSER)
    assert RelationSoin.objects.in_force().filter(patient=demande.patient, rpps=ipa.rpps, jusque=None).exists()
    review = TacheGuichet.objects.get(quoi=Quoi.REVOIR_EQUIPE)
    assert 89 <= (review.echeance - horloge.today()).days <= 92
    with pytest.raises(ActionRefusee, match="déjà dans l’équipe"):
        join(demande, guichet, ipa)
    services.review_equipe(demande_id=demande.pk, by=guichet.acteur)
    assert TacheGuichet.objects.filter(quoi=Quoi.REVOIR_EQUIPE, etat=EtatTache.A_FAIRE).count() == 1
    services.end_equipier(equipier_id=equipier.pk, by=guichet.acteur)
    assert not RelationSoin.objects.filter(rpps=ipa.rpps, jusque=None).exists()
    assert not TacheGuichet.objects.filter(etat=EtatTache.A_FAIRE).exists()
    with pytest.raises(ActionRefusee, match="pas d’équipe"):
        services.review_equipe(demande_id=demande.pk, by=guichet.acteur)


def test_a_team_ends_with_the_search_and_comes_back_with_a_mistake(guichet: Guichet):
    demande, ipa = make_demande(guichet, etat=Etat.QUALIFIEE), make_medecin(guichet, places=None)
    join(demande, guichet, ipa)
    services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=guichet.acteur)
    assert not read_vie(demande).en_equipe
    assert not RelationSoin.objects.filter(rpps=ipa.rpps, jusque=None).exists()
    with pytest.raises(ActionRefusee, match="n’est plus ouverte"):
        join(demande, guichet, make_medecin(guichet, places=None))
    services.reopen_demande(demande_id=demande.pk, by=guichet.acteur)
    assert [e.professionnel for e in read_vie(demande).en_equipe] == [ipa]
    assert RelationSoin.objects.filter(rpps=ipa.rpps, jusque=None).exists()


def test_another_desk_is_not_told(guichet: Guichet):
    president = make_acteur(make_membre(guichet.cpts, Role.PRESIDENT))
    make_demande(guichet)
    with after(9):
        assert list_alertes_journee(guichet.cpts.pk, president, horloge.now()) == []
