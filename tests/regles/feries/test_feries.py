"""Public holidays, against the calendars published by the State (Code du travail, L3133-1) and known Easters."""

from datetime import date

import pytest

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.feries import compute_feries, compute_jours_feries, compute_paques, find_zone, list_zones

# Easter Sundays of almanacs, the earliest and the latest possible included.
PAQUES = [
    date(1818, 3, 22),
    date(1943, 4, 25),
    date(2019, 4, 21),
    date(2024, 3, 31),
    date(2026, 4, 5),
    date(2027, 3, 28),
]


@pytest.mark.parametrize("jour", PAQUES)
def test_easter(jour):
    assert compute_paques(jour.year) == jour


def test_the_eleven_days_of_2026():
    assert list(compute_jours_feries(2026)) == [
        date(2026, 1, 1), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 25),
        date(2026, 7, 14), date(2026, 8, 15), date(2026, 11, 1), date(2026, 11, 11), date(2026, 12, 25),
    ]  # fmt: skip


def test_two_holidays_on_one_day_keep_both_names():
    # Ascension Day fell on 8 May in 1997.
    assert compute_jours_feries(1997)[date(1997, 5, 8)] == "victoire de 1945, Ascension"


@pytest.mark.parametrize(
    ("departement", "jour"),
    [
        ("67", date(2026, 12, 26)), ("68", date(2026, 4, 3)), ("57", date(2026, 12, 26)),
        ("971", date(2026, 5, 27)), ("972", date(2026, 5, 22)), ("973", date(2026, 6, 10)),
        ("974", date(2026, 12, 20)), ("976", date(2026, 4, 27)), ("977", date(2026, 10, 9)),
    ],
)  # fmt: skip
def test_places_add_days_of_their_own(departement, jour):
    assert jour in compute_feries(jour, date(jour.year, 12, 31), departement)
    assert jour not in compute_feries(jour, date(jour.year, 12, 31), "42")


def test_over_a_period():
    assert compute_feries(date(2026, 12, 25), date(2027, 1, 1), "42") == {date(2026, 12, 25): "Noël"}
    assert compute_feries(date(2026, 12, 26), date(2027, 1, 2), "42") == {date(2027, 1, 1): "jour de l’An"}


def test_zones_are_known():
    assert find_zone("69") is None
    assert {find_zone(d) for d in ("57", "971", "972", "973", "974", "976", "977", "978")} == set(
        list_zones(on=date(2026, 1, 1))
    )
    for zone in ("bretagne", "partout"):
        with pytest.raises(SaisieInvalide, match="pas connue"):
            compute_jours_feries(2026, zone)
