from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.erreurs import ParametreAbsent, SaisieInvalide
from maillon.regles.priorite import (
    CONFIDENTIELS,
    Fait,
    FaitsDemande,
    Niveau,
    compute_priorite,
    force_niveau,
    load_poids,
)

JOUR = date(2024, 5, 6)
DRAPEAUX = [fait.value for fait in Fait if fait is not Fait.ATTENTE]
faits_quelconques = st.builds(
    FaitsDemande, **{nom: st.booleans() for nom in DRAPEAUX}, jours_attente=st.integers(0, 2000)
)


def test_nothing_particular_is_normal():
    priorite = compute_priorite(FaitsDemande(), on=JOUR)
    assert (priorite.score, priorite.niveau, priorite.lignes) == (0, Niveau.NORMALE, ())


@pytest.mark.parametrize(
    ("faits", "niveau"),
    [
        # Those that the dossier of Vénissieux (2019) asks attention for are never « normale » with one more reason.
        (FaitsDemande(ald=True), Niveau.HAUTE),
        (FaitsDemande(plus_de_70=True), Niveau.MOYENNE),
        (FaitsDemande(c2s=True, jours_attente=35), Niveau.MOYENNE),
        (FaitsDemande(ame=True, jours_attente=35), Niveau.MOYENNE),
        (FaitsDemande(plus_de_70=True, c2s=True), Niveau.HAUTE),
        (FaitsDemande(jours_attente=139), Niveau.NORMALE),
        (FaitsDemande(jours_attente=140), Niveau.MOYENNE),
    ],
)
def test_levels(faits, niveau):
    assert compute_priorite(faits, on=JOUR).niveau is niveau


def test_each_reason_is_a_sentence_with_its_source_heaviest_first():
    faits = FaitsDemande(c2s=True, ald=True, jours_attente=34)
    priorite = compute_priorite(faits, on=JOUR)
    assert [ligne.fait for ligne in priorite.lignes] == [Fait.ALD, Fait.C2S, Fait.ATTENTE]
    assert priorite.lignes[-1].phrase == "Attend depuis 34 jours."
    assert priorite.lignes[-1].points == 4
    for ligne in priorite.lignes:
        assert ligne.phrase.endswith(".")
        assert "à valider par le bureau de chaque CPTS" in ligne.source
        assert ligne.statut.a_confirmer
    assert "Vénissieux" in priorite.lignes[0].source


def test_c2s_and_ame_are_hidden_from_the_doctor():
    priorite = compute_priorite(FaitsDemande(c2s=True, ame=True, ald=True), on=JOUR)
    assert {ligne.fait for ligne in priorite.lignes if ligne.is_confidentielle} == CONFIDENTIELS
    assert [ligne.fait for ligne in priorite.lignes_pour_medecin] == [Fait.ALD]


def test_waiting_is_bounded():
    (ligne,) = compute_priorite(FaitsDemande(jours_attente=2000), on=JOUR).lignes
    assert (ligne.points, ligne.phrase) == (25, "Attend depuis 2000 jours (le maximum).")


def test_one_day_is_singular():
    poids = replace(load_poids(on=JOUR), jours_par_point=1)
    (ligne,) = compute_priorite(FaitsDemande(jours_attente=1), on=JOUR, poids=poids).lignes
    assert ligne.phrase == "Attend depuis 1 jour."


@given(faits_quelconques)
def test_score_is_the_sum_of_its_lines(faits):
    priorite = compute_priorite(faits, on=JOUR)
    assert priorite.score == sum(ligne.points for ligne in priorite.lignes)
    assert all(ligne.points > 0 for ligne in priorite.lignes)


@given(faits_quelconques, st.sampled_from(DRAPEAUX))
def test_no_fact_ever_lowers_a_priority(faits, nom):
    sans, avec = (compute_priorite(replace(faits, **{nom: valeur}), on=JOUR) for valeur in (False, True))
    rang = list(reversed(Niveau))
    assert avec.score >= sans.score
    assert rang.index(avec.niveau) >= rang.index(sans.niveau)


@given(faits_quelconques, st.integers(0, 365))
def test_waiting_never_lowers_a_priority(faits, jours):
    plus_tard = replace(faits, jours_attente=faits.jours_attente + jours)
    assert compute_priorite(plus_tard, on=JOUR).score >= compute_priorite(faits, on=JOUR).score


def test_a_community_may_adopt_its_own_weights():
    poids = load_poids(on=JOUR)
    sans_ald = replace(poids, points={**poids.points, Fait.ALD: 0}, source="bureau du 01/02/2024")
    (ligne,) = compute_priorite(FaitsDemande(ald=True), on=JOUR, poids=sans_ald).lignes
    assert (ligne.points, ligne.source) == (0, "bureau du 01/02/2024")


def test_weights_that_would_lower_a_priority_are_refused():
    poids = load_poids(on=JOUR)
    for fait in CONFIDENTIELS:
        with pytest.raises(SaisieInvalide, match="aucun fait n’abaisse une priorité"):
            replace(poids, points={**poids.points, fait: -1})
    with pytest.raises(SaisieInvalide, match="ne peut pas abaisser"):
        replace(poids, attente_maximum=-1)
    with pytest.raises(SaisieInvalide, match="jours entiers"):
        replace(poids, jours_par_point=0)
    with pytest.raises(SaisieInvalide, match="manquent"):
        replace(poids, points={})
    for moyenne, haute in product((0, 40), (40,)):
        with pytest.raises(SaisieInvalide, match="doit commencer au-dessus"):
            replace(poids, seuil_moyenne=moyenne, seuil_haute=haute)


def test_impossible_facts_are_refused():
    with pytest.raises(SaisieInvalide, match="attente"):
        FaitsDemande(jours_attente=-1)
    with pytest.raises(ParametreAbsent):
        compute_priorite(FaitsDemande(), on=date(2019, 1, 1))


@pytest.mark.parametrize(
    ("faits", "niveau", "score"),
    [
        (FaitsDemande(), Niveau.HAUTE, 40),
        (FaitsDemande(ald=True, plus_de_70=True), Niveau.HAUTE, 65),
        (FaitsDemande(ald=True, plus_de_70=True), Niveau.MOYENNE, 39),
        (FaitsDemande(plus_de_70=True), Niveau.MOYENNE, 25),
        (FaitsDemande(), Niveau.MOYENNE, 20),
        (FaitsDemande(ald=True), Niveau.NORMALE, 19),
        (FaitsDemande(isolement=True), Niveau.NORMALE, 10),
    ],
)
def test_a_person_decides_a_level_and_the_score_moves_as_little_as_it_asks(faits, niveau, score):
    calculee = compute_priorite(faits, on=JOUR)
    forcee = force_niveau(calculee, niveau, on=JOUR)
    assert (forcee.score, forcee.niveau, forcee.lignes) == (score, niveau, calculee.lignes)
