"""Computing a run, and what refusals teach it."""

import pytest
from django.db import IntegrityError, transaction

from fabriques.constats import events
from fabriques.medecin_traitant import Guichet, make_demande, make_medecin
from fabriques.repartition import line_of, make_repartition
from maillon.communaute.patients.services import erase_patient
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Cloture, Etat
from maillon.missions.medecin_traitant.enums_repartition import EtatRepartition
from maillon.missions.medecin_traitant.models import ActionRefusee, Demande, LigneRepartition, Repartition
from maillon.missions.medecin_traitant.selectors.repartitions import (
    CompteCommune,
    compute_bilan,
    count_par_commune,
    hide_small,
)
from maillon.socle.droits.acteur import SYSTEME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("dedans")]


def qualified(guichet: Guichet, **champs):
    return make_demande(guichet, etat=Etat.QUALIFIEE, **champs)


def proposed(demande) -> list:
    return list(demande.sollicitations.values_list("professionnel", flat=True))


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
