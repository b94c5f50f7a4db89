"""Deadlines of a community's life. Expected dates come from the texts: two months for the ARS, 6/18 and 12/24 months
for the missions, five years, two dialogues a year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.aci import Mission, missions_of
from maillon.regles.aci.cycle import (
    Etape,
    EtatEcheance,
    FaitDocument,
    FaitMission,
    FaitsCycle,
    add_months,
    compute_echeances,
    compute_etape,
    find_validation,
)
from maillon.regles.erreurs import ParametreAbsent, SaisieInvalide

SIGNATURE = date(2023, 12, 22)
TOUTES = {mission: FaitMission() for mission in Mission}
signatures = st.dates(min_value=date(2022, 3, 31), max_value=date(2080, 12, 31))


def find(faits: FaitsCycle, code: str, *, on: date):
    return next((e for e in compute_echeances(faits, on=on) if e.code == code), None)


# Months ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2023, 12, 22), 18, date(2025, 6, 22)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2028, 12, 22), -6, date(2028, 6, 22)),
        (date(2024, 3, 31), -1, date(2024, 2, 29)),
        (date(2024, 3, 15), 0, date(2024, 3, 15)),
    ],
)
def test_a_delay_in_months_ends_on_the_same_number_or_on_the_last_day(jour, mois, attendu):
    assert add_months(jour, mois) == attendu


def test_a_date_out_of_the_calendar_is_refused():
    with pytest.raises(SaisieInvalide, match="impossible"):
        add_months(date(9999, 6, 1), 12)


@given(jour=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)), mois=st.integers(0, 600))
def test_months_never_overflow_into_the_next_one(jour, mois):
    fin = add_months(jour, mois)
    assert (fin.year * 12 + fin.month) - (jour.year * 12 + jour.month) == mois
    assert fin.day <= jour.day


# Projet de santé ---------------------------------------------------------------------------------------------------


def test_silence_for_two_months_validates_the_projet():
    faits = FaitsCycle(projet_depose_le=date(2026, 7, 31))
    assert find_validation(faits, on=date(2026, 9, 30)) is None  # the last day still belongs to the ARS
    assert find(faits, "validation", on=date(2026, 9, 30)).etat is EtatEcheance.PROCHE
    assert find_validation(faits, on=date(2026, 10, 1)) == date(2026, 9, 30)
    echeance = find(faits, "validation", on=date(2026, 10, 1))
    assert (echeance.etat, echeance.fait_le, echeance.en_retard) == (EtatEcheance.TENUE, date(2026, 9, 30), False)
    assert "L. 1434-12" in echeance.source


def test_an_objection_stops_the_silence():
    faits = FaitsCycle(projet_depose_le=date(2026, 7, 31), objection_le=date(2026, 9, 2))
    assert find_validation(faits, on=date(2027, 1, 1)) is None
    assert compute_etape(faits, on=date(2027, 1, 1)).etape is Etape.PROJET_DEPOSE
    echeance = find(faits, "validation", on=date(2027, 1, 1))
    assert (echeance.etat, echeance.fait_le) == (EtatEcheance.TENUE, date(2026, 9, 2))
    assert "projet révisé" in echeance.regle


def test_a_revised_filing_starts_the_delay_again():
    faits = FaitsCycle(projet_depose_le=date(2026, 10, 15), objection_le=date(2026, 9, 2))
    assert find(faits, "validation", on=date(2026, 11, 1)).le == date(2026, 12, 15)
    assert find_validation(faits, on=date(2026, 12, 16)) == date(2026, 12, 15)


def test_a_decision_comes_before_the_silence_and_after_an_objection():
    faits = FaitsCycle(projet_depose_le=date(2026, 7, 31), projet_valide_le=date(2026, 8, 20))
    assert find(faits, "validation", on=date(2026, 9, 1)).fait_le == date(2026, 8, 20)
    leve = FaitsCycle(
        projet_depose_le=date(2026, 7, 1), objection_le=date(2026, 8, 1), projet_valide_le=date(2026, 8, 20)
    )
    assert find(leve, "validation", on=date(2026, 9, 1)).libelle == "Validation du projet de santé par l’ARS"
    assert find_validation(leve, on=date(2026, 8, 20)) == date(2026, 8, 20)


def test_before_the_law_silence_decided_nothing():
    faits = FaitsCycle(projet_depose_le=date(2019, 3, 1))
    assert compute_echeances(faits, on=date(2026, 1, 1)) == ()
    assert compute_etape(faits, on=date(2026, 1, 1)).etape is Etape.PROJET_DEPOSE


# Contract ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "attendu"),
    [
        ("demarrage_acces", date(2024, 6, 22)),
        ("demarrage_crise", date(2024, 6, 22)),
        ("deploiement_acces", date(2025, 6, 22)),
        ("deploiement_crise", date(2025, 6, 22)),
        ("demarrage_parcours", date(2024, 12, 22)),
        ("demarrage_prevention", date(2024, 12, 22)),
        ("deploiement_parcours", date(2025, 12, 22)),
        ("deploiement_prevention", date(2025, 12, 22)),
        ("anniversaire_1", date(2024, 12, 22)),
        ("anniversaire_4", date(2027, 12, 22)),
        ("fin", date(2028, 12, 22)),
        ("renouvellement", date(2028, 6, 22)),
        ("dialogue_1_mi_annee", date(2024, 6, 22)),
        ("dialogue_1_evaluation", date(2025, 1, 22)),
    ],
)
def test_deadlines_from_the_signature(code, attendu):
    echeance = find(FaitsCycle(signe_le=SIGNATURE, missions=TOUTES), code, on=SIGNATURE)
    assert echeance.le == attendu
    # Dates that no text read gives are proposals, said so.
    assert echeance.a_confirmer is code.startswith(("dialogue", "renouvellement"))


def test_options_and_missions_out_of_the_contract_have_no_deadline():
    codes = {e.code for e in compute_echeances(FaitsCycle(signe_le=SIGNATURE, missions=TOUTES), on=SIGNATURE)}
    assert not {c for c in codes if c.endswith(("qualite", "accompagnement"))}
    un_seul = FaitsCycle(signe_le=SIGNATURE, missions={Mission.ACCES: FaitMission()})
    codes = {e.code for e in compute_echeances(un_seul, on=SIGNATURE) if e.genre in ("demarrage", "deploiement")}
    assert codes == {"demarrage_acces", "deploiement_acces"}


def test_the_crisis_mission_came_with_the_second_avenant():
    ancien = FaitsCycle(signe_le=date(2019, 9, 24), missions={m: FaitMission() for m in missions_of(date(2022, 4, 1))})
    assert find(ancien, "demarrage_crise", on=date(2020, 1, 1)) is None
    assert find(ancien, "demarrage_acces", on=date(2020, 1, 1)).le == date(2020, 3, 24)
    with pytest.raises(ParametreAbsent):
        compute_echeances(FaitsCycle(signe_le=date(2018, 1, 1)), on=date(2020, 1, 1))


def test_nothing_is_expected_of_a_mission_after_the_end_of_the_contract():
    faits = FaitsCycle(signe_le=SIGNATURE, fin_le=date(2025, 1, 1), missions={Mission.ACCES: FaitMission()})
    assert find(faits, "deploiement_acces", on=date(2024, 7, 1)) is None  # due later than the end
    assert find(faits, "demarrage_acces", on=date(2024, 12, 31)).etat is EtatEcheance.DEPASSEE
    assert find(faits, "demarrage_acces", on=date(2025, 1, 1)) is None
    tenue = FaitsCycle(
        signe_le=SIGNATURE, fin_le=date(2025, 1, 1), missions={Mission.ACCES: FaitMission(date(2024, 2, 1))}
    )
    assert find(tenue, "demarrage_acces", on=date(2025, 1, 1)).etat is EtatEcheance.TENUE


def test_a_mission_brought_by_an_avenant_counts_from_there_which_is_to_confirm():
    faits = FaitsCycle(signe_le=date(2019, 9, 24), missions={Mission.CRISE: FaitMission(depuis=date(2022, 4, 30))})
    demarrage = find(faits, "demarrage_crise", on=date(2022, 5, 1))
    assert (demarrage.le, demarrage.a_confirmer) == (date(2022, 10, 30), True)
    assert "l’entrée de la mission au contrat, le 30/04/2022" in demarrage.regle


def test_a_mission_is_on_time_late_or_overdue():
    faits = FaitsCycle(
        signe_le=SIGNATURE,
        missions={
            Mission.ACCES: FaitMission(date(2024, 6, 22), date(2025, 6, 23)),
            Mission.CRISE: FaitMission(date(2024, 1, 1)),
            Mission.PREVENTION: FaitMission(date(2024, 1, 1), deployee=True),
        },
    )
    on = date(2025, 6, 23)
    etats = {e.code: (e.etat, e.en_retard) for e in compute_echeances(faits, on=on)}
    assert etats["demarrage_acces"] == (EtatEcheance.TENUE, False)
    assert etats["deploiement_acces"] == (EtatEcheance.TENUE, True)
    assert etats["deploiement_crise"] == (EtatEcheance.DEPASSEE, False)
    assert etats["deploiement_prevention"] == (EtatEcheance.TENUE, False)  # deployed on a day that is not known


@pytest.mark.parametrize(
    ("jours", "etat"), [(-1, EtatEcheance.DEPASSEE), (0, EtatEcheance.PROCHE), (90, EtatEcheance.PROCHE),
                        (91, EtatEcheance.A_VENIR)]
)  # fmt: skip
def test_a_deadline_is_near_from_ninety_days(jours, etat):
    faits = FaitsCycle(signe_le=SIGNATURE, missions={Mission.ACCES: FaitMission()})
    assert find(faits, "demarrage_acces", on=date(2024, 6, 22) - timedelta(days=jours)).etat is etat


def test_an_anniversary_is_met_by_coming():
    faits = FaitsCycle(signe_le=SIGNATURE)
    assert find(faits, "anniversaire_1", on=date(2024, 12, 21)).etat is EtatEcheance.PROCHE
    assert find(faits, "anniversaire_1", on=date(2024, 12, 22)).etat is EtatEcheance.TENUE
    assert find(faits, "fin", on=date(2028, 12, 22)).etat is EtatEcheance.TENUE


def test_a_contract_that_ends_earlier_has_fewer_anniversaries():
    faits = FaitsCycle(signe_le=SIGNATURE, fin_le=date(2026, 6, 30))
    echeances = compute_echeances(faits, on=SIGNATURE)
    assert [e.code for e in echeances if e.genre == "anniversaire"] == ["anniversaire_1", "anniversaire_2"]
    fin = find(faits, "fin", on=SIGNATURE)
    assert (fin.le, fin.regle) == (date(2026, 6, 30), "Date de fin écrite au contrat.")
    assert find(faits, "renouvellement", on=SIGNATURE).le == date(2025, 12, 30)


def test_a_dialogue_held_meets_the_one_of_its_period():
    faits = FaitsCycle(signe_le=SIGNATURE, dialogues=(date(2025, 2, 3), date(2024, 7, 1)))
    on = date(2025, 2, 10)
    assert find(faits, "dialogue_1_mi_annee", on=on).fait_le == date(2024, 7, 1)
    evaluation = find(faits, "dialogue_1_evaluation", on=on)
    assert (evaluation.fait_le, evaluation.en_retard) == (date(2025, 2, 3), True)
    assert find(faits, "dialogue_2_mi_annee", on=on).etat is EtatEcheance.A_VENIR


def test_a_dialogue_of_a_period_that_is_over_is_not_asked_for_any_more():
    faits = FaitsCycle(signe_le=SIGNATURE)
    assert find(faits, "dialogue_1_mi_annee", on=date(2024, 12, 21)).etat is EtatEcheance.DEPASSEE
    assert find(faits, "dialogue_1_mi_annee", on=date(2024, 12, 22)) is None
    assert find(faits, "dialogue_1_evaluation", on=date(2025, 3, 21)).etat is EtatEcheance.DEPASSEE
    assert find(faits, "dialogue_1_evaluation", on=date(2025, 3, 22)) is None


def test_the_renewal_is_met_by_asking_for_it():
    demande = FaitsCycle(signe_le=SIGNATURE, renouvellement_le=date(2028, 5, 2))
    assert find(demande, "renouvellement", on=date(2028, 6, 1)).etat is EtatEcheance.TENUE
    oublie = FaitsCycle(signe_le=SIGNATURE)
    assert find(oublie, "renouvellement", on=date(2028, 6, 23)).etat is EtatEcheance.DEPASSEE
    assert find(oublie, "renouvellement", on=date(2028, 12, 22)) is None


def test_a_termination_drops_what_was_to_come():
    faits = FaitsCycle(signe_le=SIGNATURE, missions={Mission.ACCES: FaitMission()}, resilie_le=date(2024, 10, 1))
    codes = {e.code for e in compute_echeances(faits, on=date(2025, 1, 1))}
    assert codes == {"demarrage_acces"}
    assert compute_etape(faits, on=date(2025, 1, 1)).etape is Etape.TERMINE


def test_a_document_expires():
    faits = FaitsCycle(documents=(FaitDocument("a1", "Assurance de l’association", date(2026, 12, 31)),))
    echeance = find(faits, "document_a1", on=date(2026, 11, 1))
    assert (echeance.etat, echeance.libelle) == (EtatEcheance.PROCHE, "Assurance de l’association : fin de validité")


# Steps -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("faits", "etape", "depuis"),
    [
        ({}, Etape.PREPARATION, None),
        ({"lettre_le": date(2022, 1, 5)}, Etape.LETTRE, date(2022, 1, 5)),
        ({"lettre_le": date(2022, 1, 5), "resilie_le": date(2022, 9, 1)}, Etape.TERMINE, date(2022, 9, 1)),
        ({"projet_depose_le": date(2026, 6, 1)}, Etape.PROJET_DEPOSE, date(2026, 6, 1)),
        ({"projet_depose_le": date(2026, 4, 1)}, Etape.PROJET_VALIDE, date(2026, 6, 1)),
        ({"signe_le": SIGNATURE}, Etape.SIGNE, SIGNATURE),
        (
            {
                "signe_le": SIGNATURE,
                "missions": {Mission.ACCES: FaitMission(date(2024, 2, 1)), Mission.CRISE: FaitMission()},
            },
            Etape.DEMARRE,
            date(2024, 2, 1),
        ),
        (
            {"signe_le": SIGNATURE, "missions": {Mission.ACCES: FaitMission(date(2024, 2, 1), date(2025, 2, 1), True)}},
            Etape.DEPLOYE,
            date(2025, 2, 1),
        ),
        (
            {"signe_le": SIGNATURE, "missions": {Mission.ACCES: FaitMission(date(2024, 2, 1), deployee=True)}},
            Etape.DEPLOYE,
            None,
        ),
        ({"signe_le": date(2019, 9, 24)}, Etape.TERMINE, date(2024, 9, 24)),
        ({"signe_le": SIGNATURE, "fin_le": date(2026, 1, 1)}, Etape.TERMINE, date(2026, 1, 1)),
    ],
)  # fmt: skip
def test_the_step_reached(faits, etape, depuis):
    atteinte = compute_etape(FaitsCycle(**faits), on=date(2026, 7, 1))
    assert (atteinte.etape, atteinte.depuis) == (etape, depuis)


@given(signature=signatures, jours=st.integers(0, 2500))
def test_every_deadline_has_one_state_a_source_and_a_unique_code(signature, jours):
    faits = FaitsCycle(signe_le=signature, projet_depose_le=signature, missions=TOUTES)
    on = signature + timedelta(days=jours)
    echeances = compute_echeances(faits, on=on)
    assert len({e.code for e in echeances}) == len(echeances)
    assert [e.le for e in echeances] == sorted(e.le for e in echeances)
    for echeance in echeances:
        assert echeance.source
        assert echeance.regle
        if echeance.etat is not EtatEcheance.TENUE:
            assert (echeance.le < on) is (echeance.etat is EtatEcheance.DEPASSEE)
