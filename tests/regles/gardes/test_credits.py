"""What is carried from roster to roster: the examples of the decision on credits, and their life in the solver."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from maillon.regles.gardes import Genre, Personne, Poste, Probleme, solve
from maillon.regles.gardes.credits import TableauPasse, compute_soldes, round_solde, start_horizon, to_credits

JANVIER = date(2027, 1, 1)
NOEL = date(2026, 12, 25)
PARIS = ZoneInfo("Europe/Paris")


def passe(parts, *gardes):
    return TableauPasse(parts, gardes)


def lire(soldes, genre=Genre.FERIE):
    return {qui: solde[genre] for qui, solde in soldes.items()}


def test_who_held_more_than_their_share_is_ahead_the_others_behind():
    """Three people, the three holidays held by one: two ahead, each of the others one behind."""
    feries = [("a", NOEL - timedelta(days=n), Genre.FERIE) for n in range(3)]
    soldes = compute_soldes([passe({"a": 100, "b": 100, "c": 100}, *feries)], JANVIER)
    assert lire(soldes) == {"a": 2, "b": -1, "c": -1}
    assert lire(soldes, Genre.SEMAINE) == {"a": 0, "b": 0, "c": 0}


def test_half_a_time_owes_half_a_share():
    gardes = [("a", NOEL, Genre.SAMEDI), ("a", NOEL, Genre.SAMEDI), ("b", NOEL, Genre.SAMEDI)]
    assert lire(compute_soldes([passe({"a": 100, "b": 50}, *gardes)], JANVIER), Genre.SAMEDI) == {"a": 0, "b": 0}


def test_a_share_of_time_weighs_as_it_was_then():
    """Ten years full time, then half: what was held at full time is not held against the half."""
    plein = passe({"a": 100, "b": 100}, *[(qui, date(2025, 5, 5), Genre.SEMAINE) for qui in "ab"] * 10)
    demi = passe({"a": 50, "b": 100}, *[(qui, date(2026, 5, 5), Genre.SEMAINE) for qui in "abb"])
    assert lire(compute_soldes([plein, demi], JANVIER), Genre.SEMAINE) == {"a": 0, "b": 0}


def test_who_was_not_in_a_roster_owes_nothing_of_it():
    avant = passe({"a": 100, "b": 100}, *[("a", NOEL, Genre.SEMAINE), ("b", NOEL, Genre.SEMAINE)] * 20)
    apres = passe({"a": 100, "b": 100, "c": 100}, *[(qui, NOEL, Genre.SEMAINE) for qui in "abc"])
    assert lire(compute_soldes([avant, apres], JANVIER), Genre.SEMAINE) == {"a": 0, "b": 0, "c": 0}
    assert compute_soldes([], JANVIER) == {}


@pytest.mark.parametrize(
    ("genre", "dernier_oublie"),
    [
        (Genre.SEMAINE, date(2024, 12, 31)),
        (Genre.SAMEDI, date(2024, 12, 31)),
        (Genre.DIMANCHE, date(2024, 12, 31)),
        (Genre.FERIE, date(2021, 12, 31)),
    ],
)
def test_what_is_older_than_the_horizon_is_forgotten(genre, dernier_oublie):
    """Two years for ordinary duties, five for public holidays."""
    for jour, attendu in ((dernier_oublie, 0), (dernier_oublie + timedelta(days=1), Fraction(1, 2))):
        soldes = compute_soldes([passe({"a": 100, "b": 100}, ("a", jour, genre))], JANVIER)
        assert lire(soldes, genre) == {"a": attendu, "b": -attendu}


def test_the_horizon_of_a_29_february():
    assert start_horizon(Genre.SEMAINE, date(2028, 2, 29)) == date(2026, 3, 1)


def test_balances_are_rounded_to_whole_duties_whose_sum_is_the_total_rounded():
    quatre = Fraction(4, 10)
    assert round_solde(dict.fromkeys(Genre, quatre)) == {
        Genre.SEMAINE: 1, Genre.SAMEDI: 1, Genre.DIMANCHE: 0, Genre.FERIE: 0,
    }  # fmt: skip
    assert round_solde({Genre.FERIE: Fraction(-2, 3)}) == {**dict.fromkeys(Genre, 0), Genre.FERIE: -1}
    assert [round_solde({Genre.SEMAINE: Fraction(n, 2)})[Genre.SEMAINE] for n in (-3, -1, 1, 3)] == [-1, 0, 1, 2]
    assert round_solde({}) == dict.fromkeys(Genre, 0)


def test_credits_are_raised_at_the_share_of_each_until_none_is_below_zero():
    soldes = {"a": {Genre.FERIE: Fraction(2)}, "b": {Genre.FERIE: Fraction(-1)}}
    credits = to_credits(soldes, {"a": 100, "b": 50, "nouveau": 100})
    assert {qui: credit[Genre.FERIE] for qui, credit in credits.items()} == {"a": 4, "b": 0, "nouveau": 2}
    assert credits["nouveau"][Genre.SEMAINE] == 0
    assert to_credits({}, {}) == {}


def test_raised_credits_are_whole_whatever_the_shares():
    credits = to_credits({"a": {Genre.SEMAINE: Fraction(-1)}}, {"a": 30, "b": 100, "c": 70})
    assert {qui: credit[Genre.SEMAINE] for qui, credit in credits.items()} == {"a": 2, "b": 10, "c": 7}


def test_in_four_years_four_people_hold_one_christmas_each():
    """And who arrives for the fifth has not more to do than the others."""
    parts, passes, tenus = dict.fromkeys("abcd", 100), [], []
    for annee in range(2026, 2031):
        if annee == 2030:
            parts = {**parts, "e": 100}
        credits = to_credits(compute_soldes(passes, date(annee, 12, 1)), parts)
        debut = datetime(annee, 12, 25, 8, tzinfo=PARIS)
        noel = Poste(cle="noel", profession="medecin", debut=debut, fin=debut + timedelta(hours=12), genre=Genre.FERIE)
        gens = tuple(Personne(cle=qui, profession="medecin", credits=credits[qui]) for qui in parts)
        tenus.append(solve(Probleme(personnes=gens, postes=(noel,)), duree=5).affectations[0].personne)
        passes.append(passe(parts, (tenus[-1], debut.date(), Genre.FERIE)))
    assert sorted(tenus[:4]) == list("abcd")
    assert {qui: round(solde) for qui, solde in lire(compute_soldes(passes, date(2031, 1, 1))).items()}[tenus[4]] == 1
