"""Booking: what each gesture does to the slot, the appointment, the journal and those who follow."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from fabriques.droits import make_acteur, make_cpts, make_membre
from fabriques.patients import make_patient
from fabriques.soins import make_creneau, make_pro, make_rendez_vous, make_soins
from maillon.communaute.patients.selectors import has_relation
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatCreneau, EtatRendezVous, MotifAnnulation, Origine
from maillon.missions.soins_non_programmes.models import ActionRefusee, Creneau, CreneauPris, Reglages, RendezVous
from maillon.missions.soins_non_programmes.services import reservation, suites_rendez_vous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.declarations import FaitRendezVous, SuiteRendezVous
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def soins():
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        yield soins


@pytest.fixture
def pro(soins):
    return make_pro(soins)


@pytest.fixture
def creneau(soins, pro):
    return make_creneau(soins, pro)


@pytest.fixture
def faits(monkeypatch) -> list[FaitRendezVous]:
    """What those who follow appointments were told."""
    told: list[FaitRendezVous] = []
    suite = SuiteRendezVous(lambda rendez_vous, quoi, by: told.append(quoi))

    def collect(kind):
        return [suite] if kind == "suites_rendez_vous" else []

    monkeypatch.setattr(reservation, "collect", collect)
    return told


def hold(soins, creneau, cle="c1"):
    return services.hold(creneau_id=creneau.pk, by=soins.acteur, cle_depot=cle, origine=Origine.GUICHET)


def etat(creneau) -> str:
    return Creneau.objects.get(pk=creneau.pk).etat


def evenements(rendez_vous) -> list[str]:
    return list(Entree.objects.filter(objet_id=rendez_vous.pk).order_by("id").values_list("evenement", flat=True))


def test_a_slot_is_held_then_given(soins, pro, creneau, faits) -> None:
    tenu = hold(soins, creneau)
    assert (tenu.etat, etat(creneau)) == (EtatRendezVous.RETENU, EtatCreneau.RETENU)
    assert tenu.retenu_jusque - tenu.pris_le == pytest.approx(timedelta(minutes=5), abs=timedelta(seconds=5))
    patient = make_patient(soins.cpts)
    assert not has_relation(patient, pro.professionnel.rpps)
    donne = services.confirm(rendez_vous=tenu, patient=patient, by=soins.acteur)
    assert (donne.etat, etat(creneau)) == (EtatRendezVous.CONFIRME, EtatCreneau.RESERVE)
    assert donne.pris_par_id == soins.membre.pk
    assert has_relation(patient, pro.professionnel.rpps), "the professional knows whom they receive"
    assert evenements(donne) == ["soins.rendez_vous_pris"]
    assert faits == ["retenu", "confirme"]
    assert services.confirm(rendez_vous=tenu, patient=patient, by=soins.acteur).pk == donne.pk
    assert faits == ["retenu", "confirme"], "twice is once"


def test_how_long_a_slot_is_held_is_a_setting(soins, creneau) -> None:
    Reglages.objects.create(cpts=soins.cpts, retenue_minutes=12)
    tenu = hold(soins, creneau)
    assert tenu.retenu_jusque - tenu.pris_le == pytest.approx(timedelta(minutes=12), abs=timedelta(seconds=5))


def test_one_gesture_books(soins, creneau, faits) -> None:
    donne = make_rendez_vous(soins, creneau)
    assert (donne.etat, etat(creneau), faits) == (EtatRendezVous.CONFIRME, EtatCreneau.RESERVE, ["confirme"])


def test_who_comes_second_is_told_that_somebody_was_quicker(soins, creneau) -> None:
    hold(soins, creneau)
    collegue = replace(soins, acteur=make_acteur(make_membre(soins.cpts, Role.SECRETARIAT)))
    with pytest.raises(CreneauPris):
        hold(collegue, creneau, "c2")
    with pytest.raises(CreneauPris):
        make_rendez_vous(soins, creneau)


def test_a_form_posted_twice_is_one_hold(soins, creneau) -> None:
    assert hold(soins, creneau).pk == hold(soins, creneau).pk
    assert RendezVous.objects.count() == 1


def test_a_key_serves_one_slot(soins, pro, creneau) -> None:
    hold(soins, creneau)
    with pytest.raises(ActionRefusee, match="autre créneau"):
        hold(soins, make_creneau(soins, pro, dans=4))


def test_a_hold_ends_by_itself(soins, creneau, faits) -> None:
    tenu = hold(soins, creneau)
    assert services.expire_retenues() == 0
    assert services.expire_retenues(moment=tenu.retenu_jusque) == 1
    tenu.refresh_from_db()
    assert (tenu.etat, etat(creneau)) == (EtatRendezVous.EXPIRE, EtatCreneau.LIBRE)
    assert faits == ["retenu", "expire"]
    with pytest.raises(ActionRefusee, match="à temps"):
        services.confirm(rendez_vous=tenu, patient=make_patient(soins.cpts), by=soins.acteur)
    with pytest.raises(ActionRefusee, match="à temps"):
        hold(soins, creneau)


def test_one_hold_that_cannot_end_does_not_keep_the_others(soins, pro, monkeypatch) -> None:
    bloque, suivant = hold(soins, make_creneau(soins, pro)), hold(soins, make_creneau(soins, pro, dans=4), "c2")
    tell = reservation.tell

    def fail_once(rendez_vous, quoi, by):
        if rendez_vous.pk == bloque.pk:
            raise RuntimeError
        tell(rendez_vous, quoi, by)

    monkeypatch.setattr(reservation, "tell", fail_once)
    assert services.expire_retenues(moment=suivant.retenu_jusque) == 1
    assert [RendezVous.objects.get(pk=un.pk).etat for un in (bloque, suivant)] == ["retenu", "expire"]


def test_a_refused_confirmation_leaves_a_late_hold_as_it_was(soins, creneau) -> None:
    tenu = hold(soins, creneau)
    with horloge.at(tenu.retenu_jusque + timedelta(seconds=1)), pytest.raises(ActionRefusee, match="ne sont plus là"):
        services.book(
            creneau_id=creneau.pk, patient=make_patient(soins.cpts, oppose=True), by=soins.acteur,
            cle_depot="c2", origine=Origine.GUICHET,
        )  # fmt: skip
    tenu.refresh_from_db()
    assert (tenu.etat, etat(creneau)) == (EtatRendezVous.RETENU, EtatCreneau.RETENU)


@pytest.mark.parametrize("fin", ["annule", "honore"])
def test_what_is_over_is_not_confirmed_again(soins, creneau, fin) -> None:
    donne = make_rendez_vous(soins, creneau)
    if fin == "annule":
        services.cancel(rendez_vous=donne, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    else:
        with horloge.at(creneau.fin):
            services.record_venue(rendez_vous=donne, honore=True, by=soins.acteur)
    with pytest.raises(ActionRefusee, match="rechargez la page"):
        services.confirm(rendez_vous=donne, patient=make_patient(soins.cpts, prenom="Paul"), by=soins.acteur)


def test_a_booking_is_one_statement(soins, creneau, django_assert_num_queries, faits) -> None:
    patient = make_patient(soins.cpts)
    with django_assert_num_queries(1):
        tenu = hold(soins, creneau)
    tenu = RendezVous.objects.get(pk=tenu.pk)
    with django_assert_num_queries(1):
        donne = services.confirm(rendez_vous=tenu, patient=patient, by=soins.acteur)
        assert donne.creneau.lieu.commune.nom == creneau.lieu.commune.nom
        assert str(donne.creneau.professionnel) == str(creneau.professionnel)
        assert (donne.creneau.etat, donne.creneau.cpts.nom) == ("reserve", soins.cpts.nom)


def test_a_late_job_does_not_keep_a_slot_from_others(soins, creneau) -> None:
    tenu = hold(soins, creneau)
    with horloge.at(tenu.retenu_jusque + timedelta(seconds=1)):
        suivant = hold(soins, creneau, "c2")
    tenu.refresh_from_db()
    assert (tenu.etat, suivant.etat) == (EtatRendezVous.EXPIRE, EtatRendezVous.RETENU)


def test_who_confirms_a_little_late_still_has_it_while_nobody_took_it(soins, creneau) -> None:
    tenu = hold(soins, creneau)
    with horloge.at(tenu.retenu_jusque + timedelta(seconds=1)):
        assert services.confirm(rendez_vous=tenu, patient=make_patient(soins.cpts), by=soins.acteur).etat == "confirme"


def test_a_hold_is_let_go(soins, creneau, faits) -> None:
    tenu = hold(soins, creneau)
    services.release(rendez_vous=tenu, by=soins.acteur)
    services.release(rendez_vous=tenu, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.LIBRE
    assert faits == ["retenu", "expire"]


@pytest.mark.parametrize(("champs", "mot"), [({"dans": -0.1}, "commencé"), ({"reservable": False}, "sans rendez-vous")])
def test_what_is_not_booked(soins, pro, champs, mot) -> None:
    with pytest.raises(ActionRefusee, match=mot):
        hold(soins, make_creneau(soins, pro, **champs))


@pytest.mark.parametrize("closed", [EtatCreneau.OCCUPE, EtatCreneau.RETIRE])
def test_a_closed_slot_is_not_booked(soins, pro, closed) -> None:
    with pytest.raises(CreneauPris):
        hold(soins, make_creneau(soins, pro, etat=closed))


def test_a_person_who_opposed_is_not_given_a_slot(soins, creneau) -> None:
    tenu = hold(soins, creneau)
    with pytest.raises(ActionRefusee, match="ne sont plus là"):
        services.confirm(rendez_vous=tenu, patient=make_patient(soins.cpts, oppose=True), by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RETENU, "the transaction left nothing"


def test_cancelled_then_offered_again_then_restored(soins, creneau, faits) -> None:
    donne = make_rendez_vous(soins, creneau)
    annule = services.cancel(rendez_vous=donne, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    services.cancel(rendez_vous=donne, motif=MotifAnnulation.ERREUR, by=soins.acteur)
    assert (annule.etat, annule.motif_annulation, etat(creneau)) == ("annule", "patient", "libre")
    repris = services.undo_cancel(rendez_vous=donne, by=soins.acteur)
    assert (repris.etat, repris.annule_le, etat(creneau)) == ("confirme", None, "reserve")
    assert faits == ["confirme", "annule", "retabli"]
    assert evenements(donne) == ["soins.rendez_vous_pris", "soins.rendez_vous_annule", "soins.rendez_vous_retabli"]


def test_cancelled_because_the_professional_cannot_closes_the_slot(soins, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    services.cancel(rendez_vous=donne, motif=MotifAnnulation.PROFESSIONNEL, by=soins.acteur, rouvrir=False)
    assert etat(creneau) == EtatCreneau.RETIRE
    services.undo_cancel(rendez_vous=donne, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RESERVE


def test_a_cancellation_is_not_undone_once_the_slot_was_given(soins, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    services.cancel(rendez_vous=donne, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    make_rendez_vous(soins, creneau, prenom="Paul")
    with pytest.raises(CreneauPris):
        services.undo_cancel(rendez_vous=donne, by=soins.acteur)


def test_nor_once_the_professional_opened_another_slot_over_it(soins, pro, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    services.cancel(rendez_vous=donne, motif=MotifAnnulation.PROFESSIONNEL, by=soins.acteur, rouvrir=False)
    make_creneau(soins, pro, debut=creneau.debut)
    with pytest.raises(CreneauPris):
        services.undo_cancel(rendez_vous=donne, by=soins.acteur)


def test_moved_to_another_slot(soins, pro, creneau, faits) -> None:
    donne, vers = make_rendez_vous(soins, creneau), make_creneau(soins, make_pro(soins), dans=5)
    nouveau = services.move(rendez_vous=donne, vers=vers.pk, by=soins.acteur)
    donne.refresh_from_db()
    assert (donne.etat, donne.motif_annulation, etat(creneau)) == ("annule", "deplace", "libre")
    assert (nouveau.etat, nouveau.patient_id, nouveau.remplace_id) == ("confirme", donne.patient_id, donne.pk)
    assert etat(vers) == EtatCreneau.RESERVE
    assert services.move(rendez_vous=donne, vers=vers.pk, by=soins.acteur).pk == nouveau.pk
    assert faits == ["confirme", "annule", "deplace"]
    with pytest.raises(ActionRefusee, match="nouveau rendez-vous"):
        services.undo_cancel(rendez_vous=donne, by=soins.acteur)
    retour = services.move(rendez_vous=nouveau, vers=creneau.pk, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RESERVE
    assert retour.remplace_id == nouveau.pk


def test_not_moved_to_a_taken_slot(soins, pro, creneau) -> None:
    donne, vers = make_rendez_vous(soins, creneau), make_creneau(soins, pro, dans=5)
    make_rendez_vous(soins, vers, prenom="Paul")
    with pytest.raises(CreneauPris):
        services.move(rendez_vous=donne, vers=vers.pk, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RESERVE


def test_the_person_came(soins, creneau, faits) -> None:
    donne = make_rendez_vous(soins, creneau)
    with pytest.raises(ActionRefusee, match="heure"):
        services.record_venue(rendez_vous=donne, honore=True, by=soins.acteur)
    with horloge.at(creneau.fin):
        honore = services.record_venue(rendez_vous=donne, honore=True, by=soins.acteur)
        assert services.record_venue(rendez_vous=donne, honore=True, by=soins.acteur).constate_le == honore.constate_le
        assert (honore.etat, len(honore.empreinte)) == ("honore", 64)
        assert suites_rendez_vous.compute_empreinte(honore) == honore.empreinte
        honore.constate_le = creneau.debut
        assert suites_rendez_vous.compute_empreinte(honore) != honore.empreinte, "a changed fact gives another hash"
        absent = services.record_venue(rendez_vous=donne, honore=False, by=soins.acteur)
        assert absent.empreinte != honore.empreinte
        repris = services.undo_venue(rendez_vous=donne, by=soins.acteur)
        services.undo_venue(rendez_vous=donne, by=soins.acteur)
    assert (repris.etat, repris.constate_le, repris.empreinte) == ("confirme", None, "")
    assert faits == ["confirme", "honore", "absent", "venue_annulee"]


def test_nobody_is_absent_before_the_hour_and_what_came_is_not_cancelled(soins, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    with horloge.at(creneau.debut - timedelta(minutes=5)):
        with pytest.raises(ActionRefusee, match="heure"):
            services.record_venue(rendez_vous=donne, honore=False, by=soins.acteur)
        services.record_venue(rendez_vous=donne, honore=True, by=soins.acteur)
        with pytest.raises(ActionRefusee, match="honoré"):
            services.cancel(rendez_vous=donne, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    annule = make_rendez_vous(soins, make_creneau(soins, make_pro(soins)))
    services.cancel(rendez_vous=annule, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    with pytest.raises(ActionRefusee, match="constaté"):
        services.undo_venue(rendez_vous=annule, by=soins.acteur)


def override(soins, creneau, motif="Le docteur est d’accord", cle="d1"):
    return services.override(
        creneau_id=creneau.pk,
        patient=make_patient(soins.cpts, prenom="Paul"),
        motif=motif,
        by=soins.acteur,
        cle_depot=cle,
        origine=Origine.GUICHET,
    )


def test_a_second_person_on_a_slot_is_a_derogation_that_the_journal_keeps(soins, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    with pytest.raises(ActionRefusee, match="pourquoi"):
        override(soins, creneau, motif=" ")
    ajoute = override(soins, creneau)
    assert override(soins, creneau).pk == ajoute.pk
    assert evenements(ajoute) == ["soins.rendez_vous_derogation", "soins.rendez_vous_pris"]
    services.cancel(rendez_vous=donne, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RESERVE, "somebody still comes"
    services.cancel(rendez_vous=ajoute, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.LIBRE
    services.undo_cancel(rendez_vous=ajoute, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RESERVE, "a slot on which somebody comes is not offered"
    services.cancel(rendez_vous=ajoute, motif=MotifAnnulation.PATIENT, by=soins.acteur)
    services.undo_cancel(rendez_vous=donne, by=soins.acteur)
    services.undo_cancel(rendez_vous=ajoute, by=soins.acteur)
    assert etat(creneau) == EtatCreneau.RESERVE, "who was added takes nobody's place"


def test_the_database_refuses_a_second_living_appointment(soins, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    with pytest.raises(IntegrityError, match="rendez_vous_un_par_creneau"), transaction.atomic():
        RendezVous.objects.create(
            cpts=soins.cpts, creneau=creneau, etat="confirme", confirme_le=horloge.now(), patient_id=donne.patient_id,
            origine="guichet", cle_depot="x",
        )  # fmt: skip


def test_the_database_refuses_two_slots_at_once_for_one_person_even_in_two_communities(soins, pro, creneau) -> None:
    autre = make_soins()
    with use_cpts(autre.cpts.pk):
        ici = replace(pro, lieu=make_pro(autre).lieu)
        with pytest.raises(IntegrityError, match="creneau_sans_chevauchement"), transaction.atomic():
            make_creneau(autre, ici, debut=creneau.debut)


def test_a_slot_shared_with_another_community_is_booked_from_there(soins, pro) -> None:
    voisine = make_soins()
    partage = make_creneau(soins, pro, partages=[voisine.cpts.pk])
    prive = make_creneau(soins, pro, dans=4)
    with use_cpts(voisine.cpts.pk):
        tenu = services.hold(creneau_id=partage.pk, by=voisine.acteur, cle_depot="v1", origine=Origine.GUICHET)
        with pytest.raises(Creneau.DoesNotExist):
            services.hold(creneau_id=prive.pk, by=voisine.acteur, cle_depot="v2", origine=Origine.GUICHET)
    tenu = RendezVous.objects.get(pk=tenu.pk)
    assert (tenu.cpts_id, tenu.pris_par_id, tenu.compte_id) == (soins.cpts.pk, None, voisine.acteur.compte_id)
    with use_cpts(voisine.cpts.pk):
        ailleurs = make_patient(voisine.cpts)
    with pytest.raises(ActionRefusee, match=r"ne sont plus là|autre communauté"):
        services.confirm(rendez_vous=tenu, patient=ailleurs, by=soins.acteur)


def test_a_colleague_of_the_desk_sees_the_same_appointments(soins, creneau) -> None:
    donne = make_rendez_vous(soins, creneau)
    collegue = make_acteur(make_membre(soins.cpts, Role.SECRETARIAT))
    etranger = make_acteur(make_membre(make_cpts(), Role.SECRETARIAT))
    assert list(RendezVous.objects.visible_to(collegue)) == [donne]
    assert not RendezVous.objects.visible_to(etranger).exists()
