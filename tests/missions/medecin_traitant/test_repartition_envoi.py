"""A run is reviewed, then sent."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from fabriques.constats import events
from fabriques.medecin_traitant import Guichet, make_demande, make_medecin
from fabriques.repartition import line_of, make_repartition, send
from maillon.communaute.sollicitations.services import declare_absence
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Cloture, Etat
from maillon.missions.medecin_traitant.enums_repartition import Decision, EtatRepartition, Issue, Saut
from maillon.missions.medecin_traitant.models import ActionRefusee, LigneRepartition
from maillon.missions.medecin_traitant.selectors.repartitions import (
    compute_bilan,
    list_parts,
)
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


def qualified(guichet: Guichet, **champs):
    return make_demande(guichet, etat=Etat.QUALIFIEE, **champs)


def proposed(demande) -> list:
    return list(demande.sollicitations.values_list("professionnel", flat=True))


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
