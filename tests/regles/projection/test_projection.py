"""Ranges at the anniversary. Expected values are computed by hand; the computation stands beside each."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.aci import Genre, Indicateur, Mission, Palier, Sens
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.projection import (
    Projection,
    SansProjection,
    ValeurDatee,
    Vraisemblance,
    project_compte,
    project_stock,
    project_taux,
    read_issues,
)
from maillon.regles.projection.lois import count_a_venir, find_student

DEBUT = date(2025, 12, 22)
FIN = date(2026, 12, 22)


def valeurs(*paires: tuple[int, str | int]) -> list[ValeurDatee]:
    """Values by day since the beginning of the year."""
    return [ValeurDatee(DEBUT + timedelta(days=jour), Decimal(valeur)) for jour, valeur in paires]


def bornes(projection: Projection | SansProjection) -> tuple[Decimal, Decimal, Decimal]:
    assert isinstance(projection, Projection)
    return projection.bas, projection.central, projection.haut


# Laws ----------------------------------------------------------------------------------------------------------------


def test_nothing_seen_for_as_long_as_remains():
    # Size 1/2, probability 1/2: P(0) = √½ = 0.7071, P(1) = ½·½·P(0) = 0.1768, P(2) = (1.5/2)·½·P(1) = 0.0663.
    # Cumulated: 0.7071, 0.8839, 0.9502. The quantiles 0.1 and 0.5 are 0, the quantile 0.9 is 2.
    assert [count_a_venir(0, 100, 100, chances) for chances in (0.1, 0.5, 0.9)] == [0, 0, 2]


def test_three_events_and_a_third_of_the_time_to_come():
    # Size 3.5, probability 3/4: P(0) = 0.75^3.5 = 0.3654, P(1) = 3.5·¼·P(0) = 0.3197, P(2) = (4.5/2)·¼·P(1) = 0.1798,
    # P(3) = (5.5/3)·¼·P(2) = 0.0824. Cumulated: 0.3654, 0.6851, 0.8649, 0.9473.
    assert [count_a_venir(3, 300, 100, chances) for chances in (0.1, 0.5, 0.9)] == [0, 1, 3]


def test_many_events_follow_the_normal_law():
    # Mean 10 000.5, variance 10 000.5 × 2: standard deviation 141.4, so 10 000 ± 1.2816 × 141.4 = 9 819 and 10 182.
    bas, milieu, haut = (count_a_venir(10_000, 200, 200, chances) for chances in (0.1, 0.5, 0.9))
    assert abs(bas - 9819) <= 2
    assert abs(milieu - 10_000) <= 1
    assert abs(haut - 10_182) <= 2


def test_nothing_is_to_come_when_no_day_is_left():
    assert count_a_venir(50, 365, 0, 0.9) == 0


def test_student_is_that_of_the_tables():
    assert (find_student(1), find_student(10), find_student(30), find_student(400)) == (3.078, 1.372, 1.310, 1.310)


# Counts --------------------------------------------------------------------------------------------------------------


def test_a_count_adds_what_the_rhythm_brings():
    projection = project_compte(acquis=Decimal(12), evenements=3, jours_observes=300, jours_restants=100)
    assert bornes(projection) == (12, 13, 15)
    assert "3 actes en 300 jours" in projection.methode
    assert "pendant 100 jours" in projection.methode
    assert projection.observations == 3


def test_an_act_may_weigh_more_than_one():
    # Three evenings of 8.5 participants on average: 0, 1 and 3 evenings to come.
    projection = project_compte(
        acquis=Decimal("25.5"), evenements=3, jours_observes=300, jours_restants=100, poids=Decimal("8.5")
    )
    assert bornes(projection) == (Decimal("25.5"), Decimal(34), Decimal(51))


def test_a_rhythm_needs_thirty_days():
    projection = project_compte(acquis=Decimal(1), evenements=1, jours_observes=29, jours_restants=336)
    assert isinstance(projection, SansProjection)
    assert projection.raison == "Seulement 29 jours de recul : il en faut 30 pour connaître un rythme."
    premier = project_compte(acquis=Decimal(1), evenements=1, jours_observes=1, jours_restants=364)
    assert "Seulement 1 jour de recul" in premier.raison


def test_impossible_numbers_are_refused():
    with pytest.raises(SaisieInvalide, match="négatif"):
        project_compte(acquis=Decimal(-1), evenements=1, jours_observes=100, jours_restants=1)
    with pytest.raises(SaisieInvalide, match="négatif"):
        project_compte(acquis=Decimal(1), evenements=1, jours_observes=100, jours_restants=-1)


comptes = st.fixed_dictionaries(
    {
        "acquis": st.decimals(0, 5000, places=2),
        "evenements": st.integers(0, 3000),
        "jours_observes": st.integers(30, 365),
        "jours_restants": st.integers(0, 365),
        "poids": st.decimals("0.01", 40, places=2),
    }
)


@given(comptes)
def test_a_count_is_ordered_and_never_under_what_is_acquired(faits):
    bas, central, haut = bornes(project_compte(**faits))
    assert faits["acquis"] <= bas <= central <= haut
    if faits["jours_restants"] == 0:
        assert bas == haut == faits["acquis"]


@given(comptes, st.integers(1, 200))
def test_a_count_rises_with_the_acts_observed(faits, de_plus):
    moins = bornes(project_compte(**faits))
    plus = bornes(project_compte(**(faits | {"evenements": faits["evenements"] + de_plus})))
    assert all(a <= b for a, b in zip(moins, plus, strict=True))


# Stocks --------------------------------------------------------------------------------------------------------------


def stock(**faits):
    defaut = {
        "actes_entre": [],
        "actes_depuis": 0,
        "evenements": 3,
        "jours_observes": 300,
        "on": FIN - timedelta(days=100),
        "fin": FIN,
    }
    return project_stock(**(defaut | faits))


def test_a_stock_with_one_value_moves_by_acts_alone():
    # 105 known 200 days before, 4 acts since: 101. To come, from 3 acts in 300 days, over 100 days: 0, 1 or 3.
    projection = stock(certifiees=valeurs((165, 105)), actes_depuis=4)
    assert bornes(projection) == (98, 100, 101)
    assert "105 au 05/06/2026), moins 4 déjà faits" in projection.methode
    assert "l’intervalle est trop étroit" in projection.methode


def test_a_stock_drifts_as_it_was_seen_to():
    # From 120 to 105 in 100 days with 25 acts: 10 people came by other ways, 0.1 a day; variance at least 0.1 a day.
    # 200 days ahead: 105 − 4 + 20 = 121 before acts; margin 3.078 × √(0.1 × (200 + 200²/100)) = 3.078 × √60 = 23.84.
    # Acts to come 0, 1, 3: low 121 − 23.84 − 3 = 94.16 → 94, central 120, high 144.84 → 145.
    projection = stock(certifiees=valeurs((65, 120), (165, 105)), actes_entre=[25], actes_depuis=4)
    assert bornes(projection) == (94, 120, 145)
    # 0.1 a day are 36.5 a year, said to the even person.
    assert "(+36 par an sur 1 période connue)" in projection.methode
    assert projection.observations == 2


def test_a_stock_seen_twice_moving_differently_has_a_wider_range():
    # Periods of 100 days: other movements −10 then −30, so −0.2 a day; deviations 10²/100 + 10²/100 = 2, one degree.
    # 100 days after the last value: 80 − 20 = 60; margin 3.078 × √(2 × (100 + 100²/200)) = 3.078 × √300 = 53.31.
    projection = stock(certifiees=valeurs((65, 120), (165, 110), (265, 80)), actes_entre=[0, 0], evenements=3)
    assert bornes(projection) == (3, 59, 114)
    assert "(−73 par an sur 2 périodes connues)" in projection.methode


def test_a_stock_never_moves_without_doubt():
    # A single period without any other movement still counts as one person in 100 days, whatever comes.
    bas, _, haut = bornes(stock(certifiees=valeurs((65, 120), (165, 120)), actes_entre=[0]))
    assert haut - bas > 3


def test_a_stock_needs_a_beginning_and_some_days():
    assert "ne peut pas partir" in stock(certifiees=[]).raison
    assert "Seulement 12 jours de recul" in stock(certifiees=valeurs((165, 105)), jours_observes=12).raison


def test_a_stock_refuses_what_cannot_be():
    with pytest.raises(SaisieInvalide, match="plus ancienne"):
        stock(certifiees=valeurs((165, 105), (65, 120)), actes_entre=[0])
    with pytest.raises(SaisieInvalide, match="chaque période"):
        stock(certifiees=valeurs((65, 120), (165, 105)), actes_entre=[])
    with pytest.raises(SaisieInvalide, match="négatif"):
        stock(certifiees=valeurs((65, 120)), actes_depuis=-1)


stocks = st.fixed_dictionaries(
    {
        "certifiees": st.lists(st.integers(0, 3000), min_size=1, max_size=5).map(
            lambda suite: valeurs(*((-400 + 150 * rang, v) for rang, v in enumerate(suite)))
        ),
        "actes_depuis": st.integers(0, 200),
        "evenements": st.integers(0, 800),
        "jours_observes": st.integers(30, 365),
        "reste": st.integers(0, 100),
        "mouvements": st.lists(st.integers(0, 100), min_size=4, max_size=4),
    }
)


def _play(faits) -> Projection:
    faits = dict(faits)
    reste, mouvements = faits.pop("reste"), faits.pop("mouvements")
    faits["actes_entre"] = mouvements[: len(faits["certifiees"]) - 1]
    projection = project_stock(**faits, on=FIN - timedelta(days=reste), fin=FIN)
    assert isinstance(projection, Projection)
    return projection


@given(stocks)
def test_a_stock_is_ordered_and_settles_at_the_anniversary(faits):
    projection = _play(faits)
    assert 0 <= projection.bas <= projection.central <= projection.haut
    if faits["reste"] == 0:
        assert projection.certaine
        assert projection.bas == projection.haut == max(faits["certifiees"][-1].valeur - faits["actes_depuis"], 0)


@given(stocks, st.integers(1, 60))
def test_a_stock_goes_down_with_the_acts_observed(faits, de_plus):
    avant = bornes(_play(faits))
    plus = {"actes_depuis": faits["actes_depuis"] + de_plus, "evenements": faits["evenements"] + de_plus}
    assert all(a >= b for a, b in zip(avant, bornes(_play(faits | plus)), strict=True))


# Rates ---------------------------------------------------------------------------------------------------------------


def test_a_rate_follows_the_line_of_its_values():
    # 60, 62, 63 on days 0, 100, 200: slope 0.015, 64.6667 on day 300. Residuals −1/6, 1/3, −1/6: sum of squares 1/6.
    # √(1/6 × (1 + 1/3 + 200²/20 000)) = √(0.55556) = 0.74536; × 3.078 = 2.29421: from 62.3725 to 66.9609.
    projection = project_taux(
        valeurs((0, 60), (100, 62), (200, 63)), on=DEBUT + timedelta(days=250), fin=DEBUT + timedelta(days=300)
    )
    assert bornes(projection) == (Decimal("62.37"), Decimal("64.67"), Decimal("66.97"))
    assert projection.methode.startswith("Droite des 3 valeurs constatées depuis le 22/12/2025")


def test_two_values_are_not_a_trend():
    un = project_taux(valeurs((0, 60)), on=DEBUT, fin=FIN)
    deux = project_taux(valeurs((0, 60), (100, 62)), on=DEBUT, fin=FIN)
    assert un.raison == "Pas assez de valeurs : 1 constatée, il en faut 3 pour une tendance."
    assert deux.raison == "Pas assez de valeurs : 2 constatées, il en faut 3 pour une tendance."
    assert project_taux([], on=FIN, fin=FIN).raison.startswith("Pas assez de valeurs : 0 constatée,")


def test_a_rate_does_not_leave_the_possible():
    haut = project_taux(valeurs((0, 80), (100, 90), (200, 99)), on=DEBUT, fin=FIN)
    assert bornes(haut)[2] == 100
    delai = project_taux(valeurs((0, 80), (100, 90), (200, 99)), on=DEBUT, fin=FIN, plafond=None)
    assert bornes(delai)[1] > 100
    bas = project_taux(valeurs((0, 9), (100, 5), (200, 1)), on=DEBUT, fin=FIN)
    assert bornes(bas)[0] == 0


def test_a_rate_settles_at_the_anniversary():
    assert bornes(project_taux(valeurs((0, 60), (100, 62)), on=FIN, fin=FIN)) == (62, 62, 62)


def test_values_of_a_trend_are_in_order():
    with pytest.raises(SaisieInvalide, match="plus ancienne"):
        project_taux(valeurs((100, 60), (0, 62), (200, 61)), on=DEBUT, fin=FIN)


@given(st.lists(st.decimals(0, 100, places=2), min_size=3, max_size=8), st.integers(1, 300))
def test_a_rate_is_ordered(suite, reste):
    projection = project_taux(
        valeurs(*((90 * rang, v) for rang, v in enumerate(suite))),
        on=DEBUT,
        fin=DEBUT + timedelta(days=90 * len(suite) + reste),
    )
    bas, central, haut = bornes(projection)
    assert 0 <= bas <= central <= haut <= 100


# Tiers ---------------------------------------------------------------------------------------------------------------


def indicateur(genre: Genre, sens: Sens, *paliers: tuple[str, int]) -> Indicateur:
    return Indicateur(
        code="essai",
        libelle="Essai",
        mission=Mission.ACCES,
        genre=genre,
        sens=sens,
        paliers=tuple(Palier(Decimal(seuil), Decimal(montant)) for seuil, montant in paliers),
    )


def test_tiers_of_a_rate_are_said_in_three_words():
    """The real annex: 69.70 → 1 000, 72.40 → 2 500, 75 → 3 500."""
    taux = indicateur(Genre.TAUX, Sens.HAUSSE, ("69.70", 1000), ("72.40", 2500), ("75", 3500))
    issues = read_issues(Projection(Decimal(70), Decimal(71), Decimal(73), 3, "m"), taux)
    assert [issue.euros for issue in (issues.defavorable, issues.centrale, issues.favorable)] == [1000, 1000, 2500]
    assert [p.vraisemblance for p in issues.paliers] == [
        Vraisemblance.VRAISEMBLABLE,
        Vraisemblance.INCERTAIN,
        Vraisemblance.PEU_VRAISEMBLABLE,
    ]


def test_the_high_end_of_a_stock_is_the_unfavourable_one():
    """The real annex: 219–101 → 3 000, 100–51 → 6 000, ≤ 50 → 9 000."""
    ald = indicateur(Genre.STOCK, Sens.BAISSE, ("219", 3000), ("100", 6000), ("50", 9000))
    issues = read_issues(Projection(Decimal(94), Decimal(120), Decimal(300), 2, "m"), ald)
    assert (issues.defavorable.valeur, issues.defavorable.palier, issues.defavorable.euros) == (300, None, 0)
    assert (issues.centrale.euros, issues.favorable.valeur, issues.favorable.euros) == (3000, 94, 6000)
