"""Gaps of a promised afternoon, and requests replayed on another offer: figures worked out by hand."""

from datetime import date, datetime, time, timedelta

import pytest

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.simulation_soins import (
    Arrivee,
    Modification,
    Place,
    Sens,
    Trou,
    apply_modifications,
    find_trous,
    replay,
)

LUNDI = date(2026, 3, 2)


def at(heure: int, minute: int = 0, *, jour: int = 0) -> datetime:
    return datetime.combine(LUNDI, time(heure, minute)) + timedelta(days=jour)


def test_nobody_all_afternoon_is_one_whole_gap() -> None:
    assert find_trous(at(14), at(20), []) == [Trou(at(14), at(20), entier=True)]


def test_gaps_stand_before_between_and_after_presences() -> None:
    presences = [(at(17), at(18)), (at(15), at(16)), (at(15, 10), at(15, 50))]
    assert find_trous(at(14), at(20), presences) == [
        Trou(at(14), at(15), entier=False),
        Trou(at(16), at(17), entier=False),
        Trou(at(18), at(20), entier=False),
    ]


def test_a_pause_under_half_an_hour_is_no_gap_and_presences_may_overflow() -> None:
    presences = [(at(13), at(16, 40)), (at(17), at(19, 45)), (at(21), at(22)), (at(9), at(12))]
    assert find_trous(at(14), at(20), presences) == []


def test_each_request_takes_the_first_free_slot_that_leaves_time_to_come() -> None:
    places = [Place(at(14), "10"), Place(at(14, 20), "10"), Place(at(9, jour=1), "10"), Place(at(14), "70")]
    arrivees = [
        Arrivee(at(13, 50), "10"),  # 14:00 is too soon: 14:20, in 30 minutes
        Arrivee(at(13), "10"),  # came first: 14:00, in one hour
        Arrivee(at(18), "10"),  # tomorrow 9:00, in 15 hours
        Arrivee(at(18, 5), "10"),  # nothing is left
        Arrivee(at(15), "60"),  # nobody of this profession
    ]
    bilans = replay(arrivees, places)
    medecin = bilans["10"]
    assert (medecin.arrivees, medecin.jour_meme, medecin.sous_24h, medecin.perdues) == (4, 2, 3, 1)
    assert medecin.attente == timedelta(hours=1)
    assert medecin.restees == 0
    assert medecin.part_jour_meme == 0.5
    assert (bilans["60"].arrivees, bilans["60"].perdues, bilans["60"].attente, bilans["60"].places) == (1, 1, None, 0)
    assert (bilans["70"].arrivees, bilans["70"].restees, bilans["70"].part_jour_meme) == (0, 1, None)


def test_who_would_wait_more_than_a_day_is_lost() -> None:
    bilan = replay([Arrivee(at(8), "10")], [Place(at(8, 1, jour=1), "10")])["10"]
    assert (bilan.perdues, bilan.restees) == (1, 1)
    assert replay([Arrivee(at(8), "10")], [Place(at(8, jour=1), "10")])["10"].perdues == 0


def test_a_slot_of_the_morning_serves_nobody_of_the_afternoon() -> None:
    bilan = replay([Arrivee(at(14), "10")], [Place(at(9), "10"), Place(at(15), "10")])["10"]
    assert (bilan.sous_24h, bilan.attente, bilan.restees) == (1, timedelta(hours=1), 1)


def test_an_offer_is_changed_on_the_days_and_hours_said() -> None:
    places = [Place(at(14), "10"), Place(at(15), "10"), Place(at(14, jour=1), "10"), Place(at(14), "70")]
    sans = Modification(profession="10", sens=Sens.EN_MOINS, jours=frozenset({0}), de=time(14), a=time(15))
    assert apply_modifications(places, [sans], jours=[LUNDI]) == [
        Place(at(14), "70"),
        Place(at(15), "10"),
        Place(at(14, jour=1), "10"),
    ]
    deux = Modification(
        profession="60", sens=Sens.EN_PLUS, jours=frozenset({1}), de=time(9), a=time(10), combien=2, duree=25
    )
    mardi = LUNDI + timedelta(days=1)
    assert apply_modifications([], [deux], jours=[LUNDI, mardi]) == [
        Place(at(9, jour=1), "60"),
        Place(at(9, jour=1), "60"),
        Place(at(9, 25, jour=1), "60"),
        Place(at(9, 25, jour=1), "60"),
    ]


@pytest.mark.parametrize(
    "champs",
    [
        {"a": time(14)},
        {"jours": frozenset()},
        {"jours": frozenset({7})},
        {"combien": 0},
        {"duree": 4},
    ],
)
def test_a_change_that_means_nothing_is_refused(champs: dict[str, object]) -> None:
    complet = {"profession": "10", "sens": Sens.EN_PLUS, "jours": frozenset({0}), "de": time(14), "a": time(20)}
    with pytest.raises(SaisieInvalide):
        Modification(**{**complet, **champs})  # type: ignore[arg-type]
