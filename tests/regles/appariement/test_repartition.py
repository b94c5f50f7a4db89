"""The whole list: against the definition tried exhaustively, and what must hold whatever the list."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from maillon.regles.appariement import Medecin, assign
from regles.appariement.oracle import LIEUX, convient, essayer_tout, listes, merite

JOUR = date(2026, 11, 22)


@settings(max_examples=120)
@given(listes())
def test_nothing_is_better_than_what_is_found(liste):
    patients, medecins = liste
    repartition = assign(patients, medecins, on=JOUR)
    assert repartition.certificat.prouve
    assert merite(repartition.paires, patients, medecins) == essayer_tout(patients, medecins)


@settings(max_examples=60)
@given(listes(), st.data())
def test_among_the_best_the_nearest_to_the_former_one(liste, data):
    patients, medecins = liste
    cles = st.sampled_from([*(medecin.cle for medecin in medecins), "parti"])
    precedent = {patient.cle: data.draw(cles) for patient in patients if data.draw(st.booleans())}
    repartition = assign(patients, medecins, on=JOUR, precedent=precedent)
    assert repartition.certificat.prouve
    assert merite(repartition.paires, patients, medecins, precedent) == essayer_tout(patients, medecins, precedent)


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3))
def test_places_needs_and_refusals_are_respected(liste):
    patients, medecins = liste
    repartition = assign(patients, medecins, on=JOUR)
    fiches = {medecin.cle: medecin for medecin in medecins}
    demandes = {patient.cle: patient for patient in patients}
    assert all(convient(demandes[patient], fiches[medecin]) for patient, medecin in repartition.paires.items())
    for bilan in repartition.bilans:
        assert bilan.nouveaux == list(repartition.paires.values()).count(bilan.medecin) <= bilan.places
    places = {affectation.patient for affectation in repartition.affectations}
    assert places | {attente.patient for attente in repartition.attentes} == demandes.keys()
    assert len(repartition.affectations) + len(repartition.attentes) == len(patients)


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3), st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(liste, hasard):
    patients, medecins = liste
    attendue = assign(patients, medecins, on=JOUR)
    hasard.shuffle(patients)
    hasard.shuffle(medecins)
    assert assign(patients, medecins, on=JOUR) == attendue


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3))
def test_run_again_it_changes_nothing(liste):
    patients, medecins = liste
    premiere = assign(patients, medecins, on=JOUR)
    seconde = assign(patients, medecins, on=JOUR, precedent=premiere.paires)
    assert seconde.paires == premiere.paires
    assert seconde.certificat.prouve


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3), LIEUX, st.integers(1, 3))
def test_one_more_doctor_never_lowers_the_priority(liste, lieu, places):
    patients, medecins = liste
    avant = merite(assign(patients, medecins, on=JOUR).paires, patients, medecins)[0]
    renfort = [*medecins, Medecin(cle="renfort", places=places, lieux=(lieu,))]
    apres = merite(assign(patients, renfort, on=JOUR).paires, patients, renfort)[0]
    assert all(not encore or deja for deja, encore in zip(avant, apres, strict=True))


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3))
def test_who_leaves_the_list_without_a_doctor_changes_nothing(liste):
    patients, medecins = liste
    avant = assign(patients, medecins, on=JOUR)
    restants = [patient for patient in patients if patient.cle in avant.paires]
    assert assign(restants, medecins, on=JOUR).paires == avant.paires


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3))
def test_a_higher_score_never_loses_a_doctor(liste):
    patients, medecins = liste
    avant = assign(patients, medecins, on=JOUR).paires
    for numero, patient in enumerate(patients):
        if patient.cle in avant:
            promus = [*patients]
            promus[numero] = replace(patient, score=patient.score + 30)
            assert patient.cle in assign(promus, medecins, on=JOUR).paires


@settings(max_examples=25)
@given(listes(patients=9, medecins=5, places=3))
def test_the_price_of_a_full_doctor_is_what_one_more_place_spares(liste):
    patients, medecins = liste
    # Without choices: one who asks for a doctor would take the new place, wherever it is.
    places = [replace(patient, choix=()) for patient in patients]
    avant = assign(places, medecins, on=JOUR)
    placees = [patient for patient in places if patient.cle in avant.paires]
    avant = assign(placees, medecins, on=JOUR)
    for numero, bilan in enumerate(avant.bilans):
        if bilan.places and bilan.nouveaux == bilan.places:
            medecin = next(m for m in medecins if m.cle == bilan.medecin)
            ouverts = [replace(m, places=m.places + 1) if m is medecin else m for m in medecins]
            assert avant.minutes - assign(placees, ouverts, on=JOUR).minutes == bilan.gain_minutes, numero
