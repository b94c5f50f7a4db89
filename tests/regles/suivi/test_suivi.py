"""When to call again, and what follows a placement."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.erreurs import ParametreAbsent, SaisieInvalide
from maillon.regles.suivi import (
    Appel,
    Etape,
    FaitsSuite,
    Issue,
    assess_appels,
    compute_etape,
    compute_rappel,
    compute_revue,
    load_delais,
)

JOUR = date(2026, 3, 2)
JOURS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("issue", "jours"),
    [(Issue.JOINT, 0), (Issue.SANS_REPONSE, 1), (Issue.FAUX_NUMERO, 1), (Issue.REPONDEUR, 2)],
)
def test_the_outcome_says_when_to_call_again(issue, jours):
    assert compute_rappel(issue, on=JOUR) == JOUR + timedelta(days=jours)


def test_a_person_chooses_the_day():
    assert compute_rappel(Issue.RAPPELER, on=JOUR, choisi=date(2026, 3, 9)) == date(2026, 3, 9)
    for choisi in (None, date(2026, 3, 1)):
        with pytest.raises(SaisieInvalide, match="Donnez le jour"):
            compute_rappel(Issue.RAPPELER, on=JOUR, choisi=choisi)


def appels(*faits: tuple[int, Issue]) -> list[Appel]:
    return [Appel(JOUR + timedelta(days=jour), issue) for jour, issue in faits]


VAIN = Issue.SANS_REPONSE


@pytest.mark.parametrize(
    ("faits", "jours", "vains", "possible"),
    [
        ((), 0, 0, False),
        (((0, VAIN),), 30, 1, False),
        (((0, VAIN), (1, VAIN), (3, Issue.REPONDEUR), (5, Issue.FAUX_NUMERO)), 9, 4, False),
        (((0, VAIN), (1, VAIN), (3, Issue.REPONDEUR), (5, Issue.FAUX_NUMERO)), 10, 4, True),
        # Reached once: the count starts again, whatever order the calls come in.
        (((9, VAIN), (0, VAIN), (1, VAIN), (2, VAIN), (3, Issue.JOINT)), 30, 1, False),
        (((0, VAIN), (1, VAIN), (2, VAIN), (8, VAIN), (9, Issue.RAPPELER)), 30, 0, False),
    ],
)
def test_closing_is_proposed_after_enough_calls_over_enough_days(faits, jours, vains, possible):
    bilan = assess_appels(appels(*faits), on=JOUR + timedelta(days=jours))
    assert (bilan.vains, bilan.cloture_possible) == (vains, possible)


def test_it_is_said_in_words():
    def say(*faits, on=0):
        return assess_appels(appels(*faits), on=JOUR + timedelta(days=on)).phrase

    assert say() == ""
    assert say((0, VAIN)) == "Un appel sans joindre la personne, aujourd’hui."
    assert say((0, VAIN), (1, VAIN), on=1) == "2 appels sans joindre personne, en 1 jour."
    many = [(0, VAIN)] * 4
    assert say(*many, on=12) == (
        "4 appels sans joindre personne, en 12 jours : vous pouvez clore « injoignable », ou essayer encore."
    )


PLACEE = FaitsSuite(placee_le=JOUR)


@pytest.mark.parametrize(
    ("faits", "on", "attendu"),
    [
        # The delays are those of the parameter: 14, 30, 7 after the appointment, 91.
        (PLACEE, JOUR, (Etape.PREMIER_RDV, date(2026, 3, 16))),
        (PLACEE, date(2026, 4, 1), (Etape.PREMIER_RDV, date(2026, 4, 1))),
        (FaitsSuite(placee_le=JOUR, premier_rdv_le=date(2026, 3, 10)), JOUR, (Etape.DECLARATION, date(2026, 4, 1))),
        (FaitsSuite(placee_le=JOUR, premier_rdv_le=date(2026, 4, 20)), JOUR, (Etape.DECLARATION, date(2026, 4, 27))),
        (
            FaitsSuite(placee_le=JOUR, premier_rdv_le=date(2026, 3, 10), declaration_connue=True),
            JOUR,
            (Etape.BILAN, date(2026, 6, 1)),
        ),
        (
            FaitsSuite(placee_le=JOUR, premier_rdv_le=date(2026, 3, 10), declaration_attendue=False),
            JOUR,
            (Etape.BILAN, date(2026, 6, 1)),
        ),
        # Nothing is known after three months: the news are asked, not the date any more.
        (PLACEE, date(2026, 6, 5), (Etape.BILAN, date(2026, 6, 5))),
        # An appointment that would put the declaration after three months: the news are asked on time.
        (FaitsSuite(placee_le=JOUR, premier_rdv_le=date(2026, 9, 1)), JOUR, (Etape.BILAN, date(2026, 6, 1))),
        (FaitsSuite(placee_le=JOUR, bilan_connu=True), JOUR, (Etape.FINI, None)),
    ],
)
def test_what_comes_next(faits, on, attendu):
    assert compute_etape(faits, on=on) == attendu


@given(
    st.builds(
        FaitsSuite,
        placee_le=JOURS,
        premier_rdv_le=st.none() | JOURS,
        declaration_attendue=st.booleans(),
        declaration_connue=st.booleans(),
        bilan_connu=st.booleans(),
    ),
    JOURS,
)
def test_a_placement_always_has_a_next_day_until_its_news(faits, on):
    etape, jour = compute_etape(faits, on=on)
    assert (etape is Etape.FINI) == faits.bilan_connu == (jour is None)
    assert jour is None or jour >= on
    assert etape is not Etape.DECLARATION or faits.declaration_attendue


def test_a_review_of_the_team_falls_on_a_true_day():
    assert compute_revue(date(2026, 3, 15)) == date(2026, 6, 15)
    assert compute_revue(date(2026, 11, 30)) == date(2027, 2, 28)


def test_the_delays_are_sourced_and_to_confirm():
    delais = load_delais(on=JOUR)
    assert delais.a_confirmer
    assert "à valider par le bureau" in delais.reference.texte
    with pytest.raises(ParametreAbsent):
        load_delais(on=date(2019, 1, 1))
