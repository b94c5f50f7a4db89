"""Public holidays against published tables, kinds of days, and the two days when the clocks change."""

from datetime import UTC, date, time

import pytest

from maillon.regles.erreurs import ParametreAbsent, SaisieInvalide
from maillon.regles.feries import compute_paques
from maillon.regles.gardes import Genre, build_plage, classify_jour, compute_jours_feries, list_zones

# service-public.gouv.fr, « Quels sont les jours fériés ? », calendars of these years.
PUBLIES = {
    2024: "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25",
    2025: "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25",
    2026: "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
    2027: "01-01 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25",
}


@pytest.mark.parametrize("annee", PUBLIES)
def test_public_holidays_are_those_published(annee):
    assert [f"{jour:%m-%d}" for jour in compute_jours_feries(annee)] == PUBLIES[annee].split()


@pytest.mark.parametrize(
    ("annee", "jour"),
    # Earliest and latest Easter there can be, and years that simpler rules get wrong.
    [
        (1818, (3, 22)),
        (1943, (4, 25)),
        (1954, (4, 18)),
        (1981, (4, 19)),
        (2000, (4, 23)),
        (2038, (4, 25)),
        (2049, (4, 18)),
    ],
)
def test_easter(annee, jour):
    assert compute_paques(annee) == date(annee, *jour)


def test_zones_add_their_days():
    # Code du travail, L3134-13: Good Friday and 26 December in Alsace-Moselle; L3422-2 overseas.
    alsace = compute_jours_feries(2026, "alsace_moselle")
    assert {date(2026, 4, 3), date(2026, 12, 26)} <= set(alsace)
    assert len(alsace) == 13
    attendus = {
        "martinique": "05-22",
        "guadeloupe": "05-27",
        "guyane": "06-10",
        "la_reunion": "12-20",
        "mayotte": "04-27",
    }
    for zone, jour in attendus.items():
        assert date.fromisoformat(f"2026-{jour}") in compute_jours_feries(2026, zone)
    assert set(attendus) < set(list_zones(on=date(2026, 1, 1)))


def test_two_holidays_on_one_day_keep_both_names():
    # In 2008 Ascension fell on 1 May: Easter was on 23 March.
    assert compute_jours_feries(2008)[date(2008, 5, 1)] == "fête du Travail, Ascension"


@pytest.mark.parametrize("zone", ["partout", "atlantide"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(SaisieInvalide, match="connues : alsace_moselle"):
        compute_jours_feries(2026, zone)


def test_zones_before_the_law_are_not_known():
    with pytest.raises(ParametreAbsent):
        list_zones(on=date(2000, 1, 1))


def test_a_public_holiday_comes_before_the_day_of_the_week():
    feries = compute_jours_feries(2027)
    assert classify_jour(date(2027, 5, 8), feries) is Genre.FERIE  # a Saturday
    assert classify_jour(date(2027, 5, 9), feries) is Genre.DIMANCHE
    assert classify_jour(date(2027, 5, 15), feries) is Genre.SAMEDI
    assert classify_jour(date(2027, 5, 10), feries) is Genre.SEMAINE


def hours(plage) -> float:
    return (plage[1].timestamp() - plage[0].timestamp()) / 3600


def test_a_night_is_an_hour_longer_when_clocks_go_back_and_shorter_when_they_go_forward():
    assert hours(build_plage(date(2026, 10, 23), time(20), time(8))) == 12
    assert hours(build_plage(date(2026, 10, 24), time(20), time(8))) == 13
    assert hours(build_plage(date(2027, 3, 27), time(20), time(8))) == 11


def test_an_hour_that_happens_twice_or_never():
    # On 25/10/2026 at 3:00 it is 2:00 again: 2:30 is first 0:30 UTC, then 1:30 UTC.
    debut, fin = build_plage(date(2026, 10, 25), time(2, 30), time(8))
    assert debut.astimezone(UTC).hour == 0
    debut, fin = build_plage(date(2026, 10, 24), time(20), time(2, 30))
    assert fin.astimezone(UTC).hour == 1
    # On 28/03/2027 at 2:00 it is 3:00: 2:30 is moved on to 3:30, for a start as for an end.
    debut, _ = build_plage(date(2027, 3, 28), time(2, 30), time(8))
    assert (debut.hour, debut.minute) == (3, 30)
    _, fin = build_plage(date(2027, 3, 27), time(20), time(2, 30))
    assert (fin.hour, fin.minute) == (3, 30)


def test_other_zones_have_their_own_clocks():
    debut, _ = build_plage(date(2027, 1, 4), time(8), time(20), "Indian/Reunion")
    assert debut.astimezone(UTC).hour == 4
