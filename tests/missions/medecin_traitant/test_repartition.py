"""The assignment of the whole waiting list: computed, reviewed, sent once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fabriques.medecin_traitant import Guichet, make_demande, make_guichet, make_medecin
from fabriques.repartition import line_of, make_repartition, send
from maillon.communaute.patients.services import erase_patient
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Cloture, Etat
from maillon.missions.medecin_traitant.enums_repartition import Decision, EtatRepartition, Issue, Saut
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande, LigneRepartition, Repartition
from maillon.missions.medecin_traitant.selectors.repartitions import (
    CompteCommune,
    compute_bilan,
    count_par_commune,
    hide_small,
    list_parts,
)
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def guichet():
    guichet = make_guichet()
    with use_cpts(guichet.cpts.pk):
        yield guichet


def qualified(guichet: Guichet, **champs):
    return make_demande(guichet, etat=Etat.QUALIFIEE, **champs)


def proposed(demande) -> list:
    return list(demande.sollicitations.values_list("professionnel", flat=True))


def events(objet) -> list[str]:
    entries = Entree.objects.filter(objet_id=objet.pk).order_by("id")
    return [entry.evenement.removeprefix("medecin_traitant.") for entry in entries]


# Computing


def test_a_small_list_is_assigned_priority_first(guichet: Guichet):
    near = make_medecin(guichet, places=1)
    visits = make_medecin(guichet, places=1, visites=True)
    plain = qualified(guichet)
    ald = qualified(guichet, ald=True)
    home = qualified(guichet, ne_peut_se_deplacer=True)
    repartition = make_repartition(guichet)
    assert repartition.etat == EtatRepartition.A_REVOIR
    assert line_of(repartition, ald).professionnel == near
    assert line_of(repartition, home).professionnel == visits, "the only one who goes to people's homes"
    waiting = line_of(repartition, plain)
    assert waiting.professionnel is None
    assert waiting.raison
    assert [ligne.demande_id for ligne in repartition.lignes.order_by("rang")][-1] == plain.pk
    assert repartition.chiffres["places"] == 2
    assert repartition.chiffres["obtenu"]["avec_medecin"] == 2
    assert compute_bilan(repartition).attendent == 1
    assert events(repartition) == ["repartition_lancee", "repartition_calculee"]
    assert not proposed(ald), "nothing leaves before the desk says so"


def test_the_persons_own_choice_comes_before_the_journey(guichet: Guichet):
    make_medecin(guichet)
    wished = make_medecin(guichet, commune=guichet.villars)
    demande = qualified(guichet)
    Demande.objects.filter(pk=demande.pk).update(medecin_souhaite=wished)
    repartition = make_repartition(guichet)
    assert line_of(repartition, demande).professionnel == wished
    assert repartition.chiffres["choix_suivis"] == 1


def test_only_qualified_requests_of_the_chosen_priority_take_part(guichet: Guichet):
    make_medecin(guichet, places=5)
    make_demande(guichet)
    make_demande(guichet, etat=Etat.CLOSE)
    qualified(guichet)
    old = qualified(guichet, ald=True, annee_naissance=1940)
    assert old.priorite_niveau == "haute"
    repartition = make_repartition(guichet, niveaux="hautes")
    assert [ligne.demande_id for ligne in repartition.lignes.all()] == [old.pk]


def test_a_share_of_the_places_is_kept_back(guichet: Guichet):
    make_medecin(guichet, places=4)
    for _ in range(4):
        qualified(guichet)
    assert make_repartition(guichet, reserve=50).chiffres["obtenu"]["avec_medecin"] == 2


def test_the_reserve_leaves_at_least_one_place(guichet: Guichet):
    make_medecin(guichet, places=1)
    qualified(guichet)
    assert make_repartition(guichet, reserve=50).chiffres["obtenu"]["avec_medecin"] == 1


def test_too_far_waits(guichet: Guichet):
    make_medecin(guichet, places=1, commune=guichet.villars)
    demande = qualified(guichet)
    repartition = make_repartition(guichet, minutes_max=1)
    assert line_of(repartition, demande).raison == "trajet"


def test_the_next_ones_have_a_free_place(guichet: Guichet):
    first = make_medecin(guichet, places=1)
    next_one = make_medecin(guichet, places=2, commune=guichet.villars)
    demandes = [qualified(guichet, ald=True), qualified(guichet)]
    repartition = make_repartition(guichet, medecins=3)
    assert line_of(repartition, demandes[0]).professionnel == first
    assert line_of(repartition, demandes[0]).suivants == [next_one.pk]
    assert line_of(repartition, demandes[1]).suivants == [], "the first doctor is full: nobody else is left"


def test_a_request_in_which_a_doctor_declined_goes_to_another(guichet: Guichet):
    first, second = make_medecin(guichet), make_medecin(guichet, commune=guichet.villars)
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[first])
    services.decline_proposition(proposition_id=demande.sollicitations.get().pk, motif="autre", by=SYSTEME)
    assert line_of(make_repartition(guichet), demande).professionnel == second


# Living runs


def test_a_second_living_run_is_refused(guichet: Guichet):
    make_repartition(guichet)
    with pytest.raises(ActionRefusee, match="déjà en cours"):
        make_repartition(guichet)
    with pytest.raises(IntegrityError), transaction.atomic():
        Repartition.objects.create(cpts=guichet.cpts)


def test_an_abandoned_run_makes_room(guichet: Guichet):
    demande = qualified(guichet)
    make_medecin(guichet)
    repartition = make_repartition(guichet)
    services.abandon_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    assert not proposed(demande)
    with pytest.raises(ActionRefusee, match="abandonnée"):
        services.send_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    assert make_repartition(guichet).etat == EtatRepartition.A_REVOIR


def test_a_run_given_up_while_computing_writes_nothing(guichet: Guichet):
    make_medecin(guichet)
    qualified(guichet)
    repartition = make_repartition(guichet, calculee=False)
    matiere = services.read_matiere(repartition_id=repartition.pk)
    services.abandon_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    calcul = services.apply_rule(matiere)
    assert not services.write_calcul(repartition_id=repartition.pk, matiere=matiere, calcul=calcul)
    assert not repartition.lignes.exists()
    assert services.read_matiere(repartition_id=repartition.pk) is None


def test_a_failed_computation_says_so_and_makes_room(guichet: Guichet):
    repartition = make_repartition(guichet, calculee=False)
    services.fail_repartition(repartition_id=repartition.pk, raison="Le calcul s’est arrêté.")
    repartition.refresh_from_db()
    assert (repartition.etat, repartition.erreur) == (EtatRepartition.ECHEC, "Le calcul s’est arrêté.")
    make_repartition(guichet)


def test_a_request_stands_once_in_a_run(guichet: Guichet):
    make_medecin(guichet)
    demande = qualified(guichet)
    repartition = make_repartition(guichet)
    with pytest.raises(IntegrityError), transaction.atomic():
        LigneRepartition.objects.create(
            cpts=guichet.cpts, repartition=repartition, demande=demande, rang=2, raison="rang"
        )


# Reviewing


def test_the_desk_changes_the_doctor_of_a_pair(guichet: Guichet):
    near, far = make_medecin(guichet, places=1), make_medecin(guichet, places=1, commune=guichet.villars)
    ald, plain = qualified(guichet, ald=True), qualified(guichet)
    repartition = make_repartition(guichet)
    ligne = line_of(repartition, ald)
    assert ligne.professionnel == near
    with pytest.raises(ActionRefusee, match="plus de place"):
        services.change_ligne(ligne_id=ligne.pk, professionnel_id=far.pk, minutes=9, by=guichet.acteur)
    services.remove_ligne(ligne_id=line_of(repartition, plain).pk, by=guichet.acteur)
    services.change_ligne(ligne_id=ligne.pk, professionnel_id=far.pk, minutes=9, by=guichet.acteur)
    ligne.refresh_from_db()
    assert (ligne.professionnel, ligne.minutes, ligne.decision) == (far, 9, Decision.CHANGER)
    services.restore_ligne(ligne_id=ligne.pk, by=guichet.acteur)
    ligne.refresh_from_db()
    assert (ligne.professionnel, ligne.decision) == (near, Decision.PROPOSEE)
    assert ligne.minutes == ligne.explication["minutes"]
    assert events(repartition)[-3:] == ["repartition_revue"] * 3


def test_coming_back_is_refused_when_the_place_was_given(guichet: Guichet):
    near, far = make_medecin(guichet, places=1), make_medecin(guichet, places=2, commune=guichet.villars)
    ald, plain = qualified(guichet, ald=True), qualified(guichet)
    repartition = make_repartition(guichet)
    first, second = line_of(repartition, ald), line_of(repartition, plain)
    services.change_ligne(ligne_id=first.pk, professionnel_id=far.pk, minutes=9, by=guichet.acteur)
    services.change_ligne(ligne_id=second.pk, professionnel_id=near.pk, minutes=4, by=guichet.acteur)
    with pytest.raises(ActionRefusee, match="plus de place"):
        services.restore_ligne(ligne_id=first.pk, by=guichet.acteur)


def test_a_line_taken_out_does_not_come_back_over_who_took_its_place(guichet: Guichet):
    near = make_medecin(guichet, places=1)
    make_medecin(guichet, places=2, commune=guichet.villars)
    ald, plain = qualified(guichet, ald=True), qualified(guichet)
    repartition = make_repartition(guichet)
    first, second = line_of(repartition, ald), line_of(repartition, plain)
    services.remove_ligne(ligne_id=first.pk, by=guichet.acteur)
    services.change_ligne(ligne_id=second.pk, professionnel_id=near.pk, minutes=4, by=guichet.acteur)
    for come_back in (services.restore_ligne, services.keep_ligne):
        with pytest.raises(ActionRefusee, match="plus de place"):
            come_back(ligne_id=first.pk, by=guichet.acteur)
    services.restore_ligne(ligne_id=second.pk, by=guichet.acteur)
    services.restore_ligne(ligne_id=first.pk, by=guichet.acteur)
    assert line_of(repartition, ald).is_retenue


def test_nothing_is_kept_without_doctor(guichet: Guichet):
    demande = qualified(guichet)
    repartition = make_repartition(guichet)
    with pytest.raises(ActionRefusee, match="rien à garder"):
        services.keep_ligne(ligne_id=line_of(repartition, demande).pk, by=guichet.acteur)


def test_decisions_hold_and_the_rest_is_stable_when_computed_again(guichet: Guichet):
    medecins = [make_medecin(guichet, places=2, commune=c) for c in (guichet.saint_etienne, guichet.villars)]
    demandes = [qualified(guichet, ald=bool(n % 2)) for n in range(4)]
    repartition = make_repartition(guichet)
    before = dict(repartition.lignes.values_list("demande", "professionnel"))
    kept, removed = line_of(repartition, demandes[0]), line_of(repartition, demandes[1])
    services.keep_ligne(ligne_id=kept.pk, by=guichet.acteur)
    services.remove_ligne(ligne_id=removed.pk, by=guichet.acteur)
    newcomer = qualified(guichet)
    services.recompute_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    assert services.compute_repartition(repartition_id=repartition.pk)
    repartition.refresh_from_db()
    after = dict(repartition.lignes.values_list("demande", "professionnel"))
    assert after.pop(newcomer.pk) in {medecin.pk for medecin in medecins}, "the place set free"
    assert after == before
    assert line_of(repartition, demandes[0]).decision == Decision.GARDER
    assert line_of(repartition, demandes[1]).decision == Decision.RETIRER
    assert compute_bilan(repartition).changees == 0
    assert repartition.passages == 2
    assert max(list_parts(repartition), key=lambda part: part.premieres).premieres == 2


# Sending


def test_everything_kept_leaves_at_once_by_its_author(guichet: Guichet):
    medecin = make_medecin(guichet, places=2)
    kept, removed = qualified(guichet), qualified(guichet)
    repartition = make_repartition(guichet)
    services.remove_ligne(ligne_id=line_of(repartition, removed).pk, by=guichet.acteur)
    send(guichet, repartition)
    assert repartition.etat == EtatRepartition.ENVOYEE
    assert repartition.close_le
    assert proposed(kept) == [medecin.pk]
    assert not proposed(removed)
    assert line_of(repartition, kept).issue == Issue.ENVOYEE
    kept.refresh_from_db()
    assert kept.etat == Etat.PROPOSEE
    entry = Entree.objects.get(objet_id=kept.pk, evenement="medecin_traitant.proposee")
    assert entry.compte_id == guichet.acteur.compte_id
    entry = Entree.objects.get(objet_id=repartition.pk, evenement="medecin_traitant.repartition_envoyee")
    assert entry.details == {"envoyees": 1, "sautees": 0}


def test_sending_twice_is_refused_and_the_job_may_run_again(guichet: Guichet):
    make_medecin(guichet)
    demande = qualified(guichet)
    repartition = make_repartition(guichet)
    send(guichet, repartition)
    with pytest.raises(ActionRefusee, match="déjà partie"):
        services.send_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    assert services.send_lot(repartition_id=repartition.pk) == 0
    assert len(proposed(demande)) == 1
    with pytest.raises(ActionRefusee, match="ne se changent plus"):
        services.remove_ligne(ligne_id=line_of(repartition, demande).pk, by=guichet.acteur)


def test_the_requests_of_a_lot_are_locked_in_the_order_of_their_keys(guichet: Guichet):
    """The order of ranks waits for whoever plans several requests at the same time, and one of the two is killed."""
    make_medecin(guichet, places=3)
    for ald in (False, True):
        qualified(guichet, ald=ald)
    repartition = make_repartition(guichet)
    services.send_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    with CaptureQueriesContext(connection) as faites:
        assert services.send_lot(repartition_id=repartition.pk) == 0
    locks = [q["sql"] for q in faites if '"medecin_traitant_demande"' in q["sql"] and "FOR NO KEY UPDATE" in q["sql"]]
    assert " ORDER BY " in locks[0]


def test_the_next_doctors_wait_for_their_wave(guichet: Guichet):
    first = make_medecin(guichet, places=1)
    others = [make_medecin(guichet, places=1, commune=guichet.villars) for _ in range(2)]
    demande = qualified(guichet)
    repartition = make_repartition(guichet, medecins=3, jours=3)
    services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=others[0], places=0, by=SYSTEME)
    send(guichet, repartition)
    asked = list(demande.sollicitations.order_by("vague"))
    assert [(s.professionnel, s.vague, s.etat) for s in asked] == [(first, 1, "envoyee"), (others[1], 2, "prevue")]
    assert asked[0].expire_le - asked[0].envoyee_le == timedelta(days=3)
    assert line_of(repartition, demande).appel_id == asked[0].appel_id


def test_the_database_refuses_a_call_for_two_lines(guichet: Guichet):
    make_medecin(guichet, places=2)
    first, second = qualified(guichet), qualified(guichet)
    repartition = make_repartition(guichet)
    send(guichet, repartition)
    stolen = line_of(repartition, first).appel
    with pytest.raises(IntegrityError), transaction.atomic():
        LigneRepartition.objects.filter(demande=second).update(appel=stolen)


def test_a_doctor_away_today_is_not_asked(guichet: Guichet):
    medecin = make_medecin(guichet)
    demande = qualified(guichet)
    run = make_repartition(guichet)
    declare_absence(
        cpts_id=guichet.cpts.pk, professionnel=medecin, du=today(), au=today() + timedelta(days=3), by=SYSTEME
    )
    send(guichet, run)
    assert line_of(run, demande).saut == Saut.INDISPONIBLE
    run = make_repartition(guichet)
    assert line_of(run, demande).professionnel is None
    assert run.chiffres["retours"][str(medecin.pk)] == ["a dit être absent aujourd’hui"]


def test_nothing_to_send_is_said(guichet: Guichet):
    qualified(guichet)
    repartition = make_repartition(guichet)
    with pytest.raises(ActionRefusee, match="rien à envoyer"):
        services.send_repartition(repartition_id=repartition.pk, by=guichet.acteur)


def test_what_changed_meanwhile_is_skipped_and_told(guichet: Guichet):
    medecin, other = make_medecin(guichet, places=4), make_medecin(guichet, places=4, commune=guichet.villars)
    closed, moved, corrected, fine = (qualified(guichet) for _ in range(4))
    repartition = make_repartition(guichet)
    assert compute_bilan(repartition).retenues == 4
    services.close_demande(demande_id=closed.pk, motif=Cloture.ABANDON, by=guichet.acteur)
    services.propose_demande(demande_id=moved.pk, professionnel_ids=[other.pk], by=guichet.acteur)
    services.qualify_demande(
        demande_id=corrected.pk, faits=services.FaitsSaisis(ne_peut_se_deplacer=True), by=guichet.acteur
    )
    send(guichet, repartition)
    assert {d.pk: line_of(repartition, d).saut for d in (closed, moved, corrected, fine)} == {
        closed.pk: Saut.CLOSE,
        moved.pk: Saut.DEJA,
        corrected.pk: Saut.CORRIGEE,
        fine.pk: "",
    }
    assert proposed(moved) == [other.pk]
    assert proposed(fine) == [medecin.pk]
    assert compute_bilan(repartition).sautees == 3


def test_a_doctor_full_meanwhile_is_skipped_and_told(guichet: Guichet):
    medecin = make_medecin(guichet, places=2)
    demande = qualified(guichet)
    repartition = make_repartition(guichet)
    services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=0, by=SYSTEME)
    send(guichet, repartition)
    assert line_of(repartition, demande).saut == Saut.COMPLET
    assert not proposed(demande)
    demande.refresh_from_db()
    assert demande.etat == Etat.QUALIFIEE, "it keeps its rank"


def test_the_sending_is_taken_up_where_it_stopped(guichet: Guichet, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("maillon.missions.medecin_traitant.services.envoi_repartition.LOT", 1)
    make_medecin(guichet, places=3)
    demandes = [qualified(guichet) for _ in range(3)]
    repartition = make_repartition(guichet)
    services.send_repartition(repartition_id=repartition.pk, by=guichet.acteur)
    assert services.send_lot(repartition_id=repartition.pk) == 2
    repartition.refresh_from_db()
    assert repartition.etat == EtatRepartition.EN_ENVOI
    assert services.send_lot(repartition_id=repartition.pk) == 1
    assert services.send_lot(repartition_id=repartition.pk) == 0
    assert [len(proposed(demande)) for demande in demandes] == [1, 1, 1]


# Privacy


def test_nothing_of_a_run_names_anybody(guichet: Guichet):
    make_medecin(guichet, places=1, nom="Visible")
    qualified(guichet, nom="Canari", prenom="Zoé", c2s=True, ame=True)
    qualified(guichet)
    repartition = make_repartition(guichet)
    for table in (Repartition, LigneRepartition):
        for row in table.objects.values():
            written = str(row)
            assert "Canari" not in written
            assert "Visible" not in written
            assert "c2s" not in written.lower()
            assert "ame" not in {word.strip("'\"") for word in written.split()}
    assert repartition.lignes.count() == 2


def test_erasing_a_patient_forgets_what_the_run_kept(guichet: Guichet):
    make_medecin(guichet)
    demande = qualified(guichet, ald=True)
    repartition = make_repartition(guichet)
    assert line_of(repartition, demande).explication["situation"]["besoins"] == ["ald"]
    erase_patient(patient=demande.patient, by=SYSTEME)
    assert line_of(repartition, demande).explication == {}


def test_small_communes_are_hidden_from_those_who_see_no_request(guichet: Guichet):
    for _ in range(3):
        qualified(guichet)
    repartition = make_repartition(guichet)
    (seen,) = count_par_commune(repartition, for_acteur=guichet.acteur)
    assert (seen.nom, seen.demandes, seen.attendent) == ("Saint-Étienne", 3, 3)


def test_a_hidden_commune_is_not_found_by_subtraction():
    communes = [CompteCommune("1", "A", 60, 30), CompteCommune("2", "B", 40, 20), CompteCommune("3", "C", 4, 4)]
    seen = {c.nom: (c.demandes, c.attendent) for c in hide_small(communes)}
    assert seen == {"A": (60, 30), "B": (-1, -1), "C": (-1, -1)}, "with B shown, the total would give C"
    communes = [CompteCommune("1", "A", 60, 30), CompteCommune("2", "B", 40, 20), CompteCommune("3", "C", 40, 37)]
    assert [c.attendent for c in hide_small(communes)] == [30, -1, -1], "three with a doctor would be read from 40 − 37"


# What refusals teach


def declined(guichet: Guichet, medecin, motif: str, **champs):
    demande = make_demande(guichet, etat=Etat.PROPOSEE, medecins=[medecin], **champs)
    services.decline_proposition(proposition_id=demande.sollicitations.get().pk, motif=motif, by=SYSTEME)
    services.close_demande(demande_id=demande.pk, motif=Cloture.ABANDON, by=SYSTEME)


def test_a_doctor_who_said_too_far_twice_is_not_asked_so_far_again(guichet: Guichet):
    medecin = make_medecin(guichet, places=9, commune=guichet.villars)
    declined(guichet, medecin, "trop_loin")
    demande = qualified(guichet)
    run = make_repartition(guichet)
    assert line_of(run, demande).professionnel == medecin, "once may be about one person"
    services.abandon_repartition(repartition_id=run.pk, by=SYSTEME)
    declined(guichet, medecin, "trop_loin")
    run = make_repartition(guichet)
    assert line_of(run, demande).professionnel is None
    (said,) = run.chiffres["retours"][str(medecin.pk)]
    assert "trop loin" in said


def test_a_doctor_who_said_full_waits_until_they_offer_places_again(guichet: Guichet):
    medecin = make_medecin(guichet, places=9)
    declined(guichet, medecin, "complet")
    demande = qualified(guichet)
    run = make_repartition(guichet)
    assert line_of(run, demande).professionnel is None
    services.abandon_repartition(repartition_id=run.pk, by=SYSTEME)
    services.update_capacite(cpts_id=guichet.cpts.pk, professionnel=medecin, places=2, by=SYSTEME)
    assert line_of(make_repartition(guichet), demande).professionnel == medecin


def test_a_doctor_who_said_no_visits_twice_is_not_asked_for_them(guichet: Guichet):
    medecin = make_medecin(guichet, places=9, visites=True)
    for _ in range(2):
        declined(guichet, medecin, "visites", ne_peut_se_deplacer=True)
    home, plain = qualified(guichet, ne_peut_se_deplacer=True), qualified(guichet)
    run = make_repartition(guichet)
    assert line_of(run, home).professionnel is None
    assert line_of(run, plain).professionnel == medecin


def test_a_doctor_who_said_a_language_twice_is_not_asked_for_it(guichet: Guichet):
    medecin = make_medecin(guichet, places=9)
    for _ in range(2):
        declined(guichet, medecin, "langue", langue="tr")
    turkish, arab = qualified(guichet, langue="tr"), qualified(guichet, langue="ar")
    run = make_repartition(guichet)
    assert line_of(run, turkish).professionnel is None
    assert line_of(run, arab).professionnel == medecin


def test_the_least_solicited_of_two_neighbours_comes_first(guichet: Guichet):
    busy, quiet = make_medecin(guichet, places=5), make_medecin(guichet, places=5)
    for _ in range(2):
        make_demande(guichet, etat=Etat.PROPOSEE, medecins=[busy])
    demande = qualified(guichet)
    run = make_repartition(guichet)
    charges = {row["medecin"]: row["charge"] for row in run.chiffres["medecins"]}
    assert charges == {str(busy.pk): 2, str(quiet.pk): 0}
    assert line_of(run, demande).professionnel_id in {busy.pk, quiet.pk}
