"""Expected values are those of the statutes quoted beside each case, and of arithmetic done by hand."""

from datetime import UTC, date, datetime

import pytest

from maillon.regles.assemblees import (
    Bilan,
    Majorite,
    compute_quorum,
    find_limite,
    get_usages,
    is_adoptee,
    is_hors_delai,
    rank_creneaux,
)


def test_usual_rules_say_that_they_wait_for_the_statutes() -> None:
    usages = get_usages("ag", on=date(2026, 11, 22))
    assert usages.a_confirmer
    assert "statuts" in usages.texte
    assert (usages.preavis_jours, usages.quorum_denominateur) == (15, 4)


def test_notice_counts_calendar_days_before_the_meeting() -> None:
    # « Quinze jours au moins avant la date fixée » : for 30 June, 15 June is in time, 16 June is not.
    assert find_limite(date(2026, 6, 30), 15) == date(2026, 6, 15)
    assert not is_hors_delai(date(2026, 6, 30), 15, on=date(2026, 6, 15))
    assert is_hors_delai(date(2026, 6, 30), 15, on=date(2026, 6, 16))


@pytest.mark.parametrize(
    ("votants", "fraction", "requis"),
    [(10, (1, 2), 5), (11, (1, 2), 6), (101, (1, 4), 26), (9, (2, 3), 6), (40, (0, 1), 0), (0, (1, 2), 0)],
)
def test_quorum_is_the_fraction_rounded_up(votants: int, fraction: tuple[int, int], requis: int) -> None:
    quorum = compute_quorum(
        votants=votants, presents=0, representes=0, numerateur=fraction[0], denominateur=fraction[1]
    )
    assert quorum.requis == requis
    assert quorum.is_atteint == (requis == 0)


def test_quorum_counts_present_and_represented() -> None:
    quorum = compute_quorum(votants=11, presents=4, representes=1, numerateur=1, denominateur=2)
    assert (quorum.voix, quorum.manque, quorum.is_atteint) == (5, 1, False)
    assert compute_quorum(votants=11, presents=4, representes=2, numerateur=1, denominateur=2).is_atteint


@pytest.mark.parametrize(
    ("majorite", "pour", "contre", "voix", "adoptee"),
    [
        (Majorite.SIMPLE, 4, 3, 10, True),
        (Majorite.SIMPLE, 3, 3, 10, False),
        (Majorite.ABSOLUE, 5, 0, 10, False),
        (Majorite.ABSOLUE, 6, 4, 10, True),
        (Majorite.DEUX_TIERS, 6, 3, 10, True),
        (Majorite.DEUX_TIERS, 5, 3, 10, False),
        (Majorite.DEUX_TIERS, 0, 0, 10, False),
    ],
)
def test_majorities(majorite: Majorite, pour: int, contre: int, voix: int, adoptee: bool) -> None:
    assert is_adoptee(majorite, pour=pour, contre=contre, voix_possibles=voix) is adoptee


def test_best_date_has_the_required_people_then_most_yes_then_fewest_no_then_is_the_earliest() -> None:
    def bilan(cle: str, jour: int, oui: int, non: int, requis: tuple[int, int] = (0, 0)) -> Bilan:
        return Bilan(cle, datetime(2026, 6, jour, 18, tzinfo=UTC), oui, 0, non, *requis)

    bilans = [
        bilan("beaucoup sans le président", 1, 9, 0, (0, 1)),
        bilan("président peut-être", 2, 8, 0),
        bilan("plus tard", 5, 5, 1, (1, 0)),
        bilan("un non de plus", 3, 5, 2, (1, 0)),
        bilan("un oui de moins", 4, 4, 0, (1, 0)),
        bilan("tôt", 4, 5, 1, (1, 0)),
    ]
    assert [b.cle for b in rank_creneaux(bilans)] == [
        "tôt",
        "plus tard",
        "un non de plus",
        "un oui de moins",
        "président peut-être",
        "beaucoup sans le président",
    ]
