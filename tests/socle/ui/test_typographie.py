from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from maillon.socle.ui import typographie as t

N = "\u00a0"
JOUR = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (1234, f"1{N}234{N}€"),
        (Decimal("1234.00"), f"1{N}234{N}€"),
        (Decimal("1234.5"), f"1{N}234,50{N}€"),
        (Decimal("367500"), f"367{N}500{N}€"),
        (0, f"0{N}€"),
        (Decimal("-12.345"), f"−12,35{N}€"),
        (Decimal("-0.001"), f"0{N}€"),
        (0.1 + 0.2, f"0,30{N}€"),
        (None, "—"),
    ],
)
def test_amounts_are_written_the_french_way(valeur, attendu):
    assert t.format_euros(valeur) == attendu


@pytest.mark.parametrize(
    ("valeur", "decimales", "attendu"),
    [
        (230515, None, f"230{N}515"),
        (12.5, None, "12,5"),
        (12.0, None, "12"),
        (Decimal("1234.567"), 1, f"1{N}234,6"),
        (-4, None, "−4"),
        (float("nan"), None, "—"),
    ],
)
def test_numbers(valeur, decimales, attendu):
    assert t.format_nombre(valeur, decimales) == attendu


def test_shares_are_written_in_hundredths():
    assert t.format_pour_cent(Decimal("0.125")) == f"12,5{N}%"
    assert t.format_pour_cent(1) == f"100{N}%"


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 3, 3), f"mardi 3{N}mars"),
        (date(2027, 2, 1), f"lundi 1er{N}février 2027"),
        (date(2025, 12, 31), f"mercredi 31{N}décembre 2025"),
    ],
)
def test_the_year_is_said_when_it_is_another(jour, attendu):
    assert t.format_date(jour, today=JOUR) == attendu


def test_dates_in_tables_leave_the_day_of_the_week_out():
    assert t.format_date(JOUR, today=JOUR, jour=False) == f"3{N}mars"


def test_a_moment_is_read_in_the_local_zone():
    moment = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    assert t.format_date_heure(moment, today=JOUR) == f"mercredi 4{N}mars, 0{N}h{N}30"


@pytest.mark.parametrize(("heure", "attendu"), [(time(14, 0), f"14{N}h"), (time(14, 5), f"14{N}h{N}05")])
def test_hours(heure, attendu):
    assert t.format_heure(heure) == attendu


@pytest.mark.parametrize(
    ("duree", "attendu"),
    [(45, f"45{N}min"), (90, f"1{N}h{N}30"), (120, f"2{N}h"), (timedelta(days=3), f"3{N}jours"), (0, f"0{N}min")],
)
def test_durations(duree, attendu):
    assert t.format_duree(duree) == attendu


@pytest.mark.parametrize(
    ("ecart", "attendu"),
    [(0, "aujourd’hui"), (1, "demain"), (-1, "hier"), (29, f"dans 29{N}jours"), (-3, f"il y a 3{N}jours")],
)
def test_delays(ecart, attendu):
    assert t.format_delai(JOUR + timedelta(days=ecart), today=JOUR) == attendu


@pytest.mark.parametrize(("nombre", "attendu"), [(0, "demande"), (1, "demande"), (1.9, "demande"), (2, "demandes")])
def test_the_plural_begins_at_two(nombre, attendu):
    assert t.accorder(nombre, "demande") == attendu


def test_telephone_numbers():
    assert t.format_telephone("0477123456") == t.format_telephone("+33 4 77 12 34 56") == f"04{N}77{N}12{N}34{N}56"
    assert t.format_telephone("3646") == "3646"
    assert t.format_telephone("") == "—"
