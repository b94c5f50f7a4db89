"""Openings into moments: the clocks change, holidays, repetitions; the hours of the mission and those of the PDSA."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.horaires import (
    Horaire,
    Moment,
    Ouverture,
    build_regle,
    check_regle,
    classify,
    cut_moments,
    describe_regle,
    expand,
    find_bornes,
    list_jours,
    load_heures,
    spread,
)

PARIS = "Europe/Paris"
HEURE_DOUBLE = date(2026, 10, 25)
HEURE_PERDUE = date(2027, 3, 28)
FUSEAUX = [PARIS, "America/Martinique", "Indian/Reunion", "Pacific/Noumea", "America/Miquelon", "America/Cayenne"]


def at(jour: date, heure: int, minute: int = 0) -> datetime:
    return datetime.combine(jour, time(heure, minute), UTC)


def local(moments: list[Moment], fuseau: str = PARIS) -> list[str]:
    return [f"{m.debut.astimezone(ZoneInfo(fuseau)):%H:%M}" for m in moments]


def once(jour: date, de: time, a: time, duree: int) -> Ouverture:
    return Ouverture(jour, de, a, duree)


# The clocks -----------------------------------------------------------------------------------------------------------


def test_the_double_hour_gives_distinct_slots_of_their_exact_length():
    moments = expand(once(HEURE_DOUBLE, time(1), time(4), 30), HEURE_DOUBLE, date(2026, 10, 26), (), PARIS)
    # 01:00 in summer time is 23:00 UTC the day before; 04:00 in winter time is 03:00 UTC: four hours.
    assert [m.debut for m in moments] == [at(date(2026, 10, 24), 23) + n * timedelta(minutes=30) for n in range(8)]
    assert local(moments) == ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30"]
    assert len(set(moments)) == 8
    assert {m.duree for m in moments} == {timedelta(minutes=30)}


def test_the_missing_hour_gives_no_slot():
    moments = expand(once(HEURE_PERDUE, time(1), time(4), 30), HEURE_PERDUE, date(2027, 3, 29), (), PARIS)
    assert [m.debut for m in moments] == [at(HEURE_PERDUE, 0) + n * timedelta(minutes=30) for n in range(4)]
    assert local(moments) == ["01:00", "01:30", "03:00", "03:30"]
    assert {m.duree for m in moments} == {timedelta(minutes=30)}


def test_hours_that_happen_twice_are_the_first_to_start_and_the_second_to_end():
    assert find_bornes(HEURE_DOUBLE, time(2, 15), time(2, 45), PARIS).duree == timedelta(minutes=90)


def test_hours_that_do_not_exist_are_moved_on():
    assert find_bornes(HEURE_PERDUE, time(2, 30), time(4), PARIS) == Moment(
        at(HEURE_PERDUE, 1, 30), at(HEURE_PERDUE, 2)
    )
    assert find_bornes(HEURE_PERDUE, time(1), time(2, 30), PARIS) == Moment(
        at(HEURE_PERDUE, 0), at(HEURE_PERDUE, 1, 30)
    )


def test_the_same_afternoon_is_an_hour_earlier_in_time_after_the_change():
    ouverture = Ouverture(date(2026, 10, 24), time(14), time(15), 60, regle=build_regle(range(7)))
    moments = expand(ouverture, date(2026, 10, 24), date(2026, 10, 27), (), PARIS)
    assert [m.debut.hour for m in moments] == [12, 13, 13]
    assert local(moments) == ["14:00"] * 3


@pytest.mark.parametrize(
    ("fuseau", "heure"),
    [("America/Martinique", 18), ("Indian/Reunion", 10), ("Indian/Mayotte", 11), ("America/Cayenne", 17)],
)
def test_overseas(fuseau, heure):
    jour = date(2026, 11, 23)
    assert find_bornes(jour, time(14), time(20), fuseau).debut == at(jour, heure)


def test_an_opening_that_ends_before_it_starts_is_refused():
    for a in (time(13), time(14)):
        with pytest.raises(SaisieInvalide, match="après"):
            find_bornes(date(2026, 11, 23), time(14), a, PARIS)


@given(
    jour=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    de=st.integers(0, 20),
    heures=st.integers(1, 3),
    duree=st.integers(5, 60),
    fuseau=st.sampled_from(FUSEAUX),
)
def test_slots_never_overlap_and_have_their_length(jour, de, heures, duree, fuseau):
    try:
        bornes = find_bornes(jour, time(de), time(de + heures), fuseau)
    except SaisieInvalide:
        assert jour == HEURE_PERDUE or heures == 1  # an hour that the clocks skipped
        return
    moments = cut_moments(bornes, duree)
    assert all(m.duree == timedelta(minutes=duree) for m in moments)
    assert all(avant.fin == apres.debut for avant, apres in pairwise(moments))
    assert all(bornes.debut <= m.debut and m.fin <= bornes.fin for m in moments)
    assert bornes.duree - len(moments) * timedelta(minutes=duree) < timedelta(minutes=duree)


def test_a_length_is_at_least_a_minute():
    with pytest.raises(SaisieInvalide, match="minute"):
        cut_moments(find_bornes(date(2026, 11, 23), time(14), time(15), PARIS), 0)


# Days -----------------------------------------------------------------------------------------------------------------

LUNDI = date(2026, 11, 2)


def test_days_of_a_weekly_opening_its_exceptions_and_its_end():
    ouverture = Ouverture(
        LUNDI, time(14), time(16), 20, regle=build_regle([1, 3]), jusque=date(2026, 11, 19),
        sauf=frozenset({date(2026, 11, 5)}),
    )  # fmt: skip
    ferie = {date(2026, 11, 17)}
    tous = list_jours(ouverture, LUNDI, date(2026, 12, 31), ferie)
    assert tous == [date(2026, 11, d) for d in (3, 10, 12, 19)]
    assert list_jours(ouverture, date(2026, 11, 10), date(2026, 11, 12), ferie) == [date(2026, 11, 10)]


def test_holidays_are_a_policy():
    ouverture = Ouverture(date(2026, 11, 11), time(14), time(16), 20, ouvert_feries=True)
    ferie = {date(2026, 11, 11)}
    assert list_jours(ouverture, LUNDI, date(2026, 12, 1), ferie) == [date(2026, 11, 11)]
    assert list_jours(once(date(2026, 11, 11), time(14), time(16), 20), LUNDI, date(2026, 12, 1), ferie) == []


def test_an_opening_made_once_is_on_its_day_only():
    assert list_jours(once(LUNDI, time(9), time(10), 20), date(2026, 11, 3), date(2026, 12, 1), ()) == []


def test_every_other_week_and_the_first_monday_of_the_month():
    tous_les_quinze = Ouverture(LUNDI, time(9), time(10), 20, regle=build_regle([0], toutes_les=2))
    assert list_jours(tous_les_quinze, LUNDI, date(2026, 12, 1), ()) == [date(2026, 11, d) for d in (2, 16, 30)]
    premier = Ouverture(LUNDI, time(9), time(10), 20, regle=build_regle([0], rang=1))
    assert list_jours(premier, LUNDI, date(2027, 2, 1), ()) == [LUNDI, date(2026, 12, 7), date(2027, 1, 4)]
    dernier = Ouverture(LUNDI, time(9), time(10), 20, regle=build_regle([4], rang=-1))
    assert list_jours(dernier, LUNDI, date(2026, 12, 1), ()) == [date(2026, 11, 27)]


@pytest.mark.parametrize(
    ("regle", "texte"),
    [
        ("", "une seule fois"),
        (build_regle([1, 3]), "tous les mardis et jeudis"),
        (build_regle([2]), "tous les mercredis"),
        (build_regle([0, 2, 4]), "tous les lundis, mercredis et vendredis"),
        (build_regle(range(5)), "du lundi au vendredi"),
        (build_regle(range(7)), "tous les jours"),
        (build_regle([0], toutes_les=2), "un lundi sur deux"),
        (build_regle([0, 1], toutes_les=3), "un lundi sur trois et un mardi sur trois"),
        (build_regle([0], rang=1), "le premier lundi du mois"),
        (build_regle([3], rang=-1), "le dernier jeudi du mois"),
    ],
)
def test_a_repetition_is_said_in_french(regle, texte):
    check_regle(regle)
    assert describe_regle(regle) == texte


@pytest.mark.parametrize("jours", [[], [7], [-1, 2]])
def test_days_are_days_of_the_week(jours):
    with pytest.raises(SaisieInvalide, match="jour de la semaine"):
        build_regle(jours)


@pytest.mark.parametrize("champs", [{"toutes_les": 0}, {"toutes_les": 5}, {"rang": 5}, {"rang": 0}])
def test_repetitions_are_those_that_people_say(champs):
    with pytest.raises(SaisieInvalide):
        build_regle([0], **champs)


@pytest.mark.parametrize(
    "regle",
    [
        "FREQ=SECONDLY", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=WEEKLY;BYDAY=MO;COUNT=3", "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;INTERVAL=x;BYDAY=MO", "FREQ=MONTHLY;BYDAY=1MO,2MO", "FREQ=MONTHLY;BYDAY=MO", "n’importe quoi",
        "FREQ=WEEKLY;INTERVAL=99;BYDAY=MO",
    ],
)  # fmt: skip
def test_other_rules_are_refused(regle):
    with pytest.raises(SaisieInvalide, match="répétition"):
        check_regle(regle)


# Places in a window ---------------------------------------------------------------------------------------------------

APRES_MIDI = Moment(at(LUNDI, 13), at(LUNDI, 19))


def test_three_places_over_an_afternoon_are_even():
    moments = spread(APRES_MIDI, 3, 20)
    assert moments == [Moment(at(LUNDI, h), at(LUNDI, h, 20)) for h in (13, 15, 17)]


def test_what_is_taken_pushes_a_place_on_or_before():
    pris = [Moment(at(LUNDI, 15), at(LUNDI, 15, 40)), Moment(at(LUNDI, 17), at(LUNDI, 19))]
    assert [m.debut for m in spread(APRES_MIDI, 3, 20, pris)] == [
        at(LUNDI, 13), at(LUNDI, 15, 40), at(LUNDI, 16, 40),
    ]  # fmt: skip


def test_fewer_when_there_is_no_room():
    courte = Moment(at(LUNDI, 13), at(LUNDI, 13, 50))
    assert len(spread(courte, 5, 20)) == 2
    assert spread(courte, 1, 60) == []


@pytest.mark.parametrize(("places", "duree"), [(0, 20), (1, 0)])
def test_at_least_one_place(places, duree):
    with pytest.raises(SaisieInvalide, match="au moins une place"):
        spread(APRES_MIDI, places, duree)


@given(
    places=st.integers(1, 12),
    duree=st.integers(5, 60),
    pris=st.lists(st.tuples(st.integers(0, 340), st.integers(5, 90)), max_size=6),
)
def test_places_never_overlap_anything(places, duree, pris):
    occupes = [
        Moment(APRES_MIDI.debut + timedelta(minutes=d), APRES_MIDI.debut + timedelta(minutes=d + n)) for d, n in pris
    ]
    moments = spread(APRES_MIDI, places, duree, occupes)
    assert len(moments) <= places
    for rang, moment in enumerate(moments):
        assert moment.duree == timedelta(minutes=duree)
        assert APRES_MIDI.debut <= moment.debut
        assert moment.fin <= APRES_MIDI.fin
        assert not any(moment.overlaps(autre) for autre in (*occupes, *moments[rang + 1 :]))


# Hours of the mission -------------------------------------------------------------------------------------------------

SEMAINE, SAMEDI, DIMANCHE = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)


@pytest.mark.parametrize(
    ("jour", "de", "a", "attendu"),
    [
        # Weekdays from 8 to 20, Saturday from 8 to 12 (hours of the SAS, outside the PDSA).
        (SEMAINE, time(8), time(8, 20), Horaire.MISSION),
        (SEMAINE, time(7, 50), time(8, 10), Horaire.PDSA),
        (SEMAINE, time(19, 40), time(20), Horaire.MISSION),
        (SEMAINE, time(19, 50), time(20, 10), Horaire.PDSA),
        (SEMAINE, time(22), time(23), Horaire.PDSA),
        (SAMEDI, time(11, 40), time(12), Horaire.MISSION),
        (SAMEDI, time(11, 50), time(12, 10), Horaire.PDSA),
        (SAMEDI, time(14), time(15), Horaire.PDSA),
        (DIMANCHE, time(10), time(10, 20), Horaire.PDSA),
        (date(2026, 11, 11), time(10), time(10, 20), Horaire.PDSA),
    ],
)
def test_hours_of_the_mission_and_of_the_pdsa(jour, de, a, attendu):
    feries = {date(2026, 11, 11)}
    assert classify(find_bornes(jour, de, a, PARIS), feries, PARIS) == attendu


def test_hours_are_those_of_the_place():
    """10:00 UTC is noon in Saint-Étienne in summer, 06:00 in Fort-de-France."""
    moment = Moment(datetime(2026, 7, 6, 10, tzinfo=UTC), datetime(2026, 7, 6, 10, 20, tzinfo=UTC))
    assert classify(moment, (), PARIS) == Horaire.MISSION
    assert classify(moment, (), "America/Martinique") == Horaire.PDSA


def test_a_slot_over_midnight_is_of_the_pdsa():
    moment = Moment(datetime(2026, 11, 23, 22, 50, tzinfo=UTC), datetime(2026, 11, 23, 23, 10, tzinfo=UTC))
    assert classify(moment, (), PARIS) == Horaire.PDSA


def test_the_hours_say_where_they_come_from():
    heures = load_heures(on=SEMAINE)
    assert (heures.semaine, heures.samedi) == ((480, 1200), (480, 720))
    assert heures.statut.a_confirmer
    assert "R6315-1" in heures.reference.source
