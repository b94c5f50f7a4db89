"""Calls, tasks and the day's list."""

import pytest
from django.db import IntegrityError, transaction

from fabriques.constats import after, day
from fabriques.droits import make_membre
from fabriques.medecin_traitant import Guichet, make_demande
from maillon.communaute.patients.services import erase_patient
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import (
    Action,
    Cloture,
    Etat,
    EtatTache,
    IssueAppel,
    Quoi,
)
from maillon.missions.medecin_traitant.models import (
    ActionRefusee,
    Demande,
    TacheGuichet,
)
from maillon.missions.medecin_traitant.selectors import (
    read_journee,
    read_vie,
)
from maillon.missions.medecin_traitant.selectors.suivi import list_alertes_journee
from maillon.socle import horloge
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Ecriture, Entree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


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
        assert alerte.phrase == "Votre journée au guichet : 2\u00a0appels et 1\u00a0tâche."
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
