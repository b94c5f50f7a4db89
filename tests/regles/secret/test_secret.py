"""What a reader who knows the total could deduce, tried by enumeration."""

from itertools import combinations_with_replacement, product

import pytest

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.secret import SEUIL, find_caches


def test_large_cells_are_shown():
    assert find_caches({"a": 11, "b": 40}) == frozenset()
    assert find_caches({}) == frozenset()


def test_a_single_small_cell_takes_the_next_one_with_it():
    assert find_caches({"a": 4, "b": 12, "c": 60}) == {"a", "b"}


def test_two_small_cells_that_hold_few_people_take_the_next_one():
    assert find_caches({"a": 3, "b": 2, "c": 12, "d": 60}) == {"a", "b", "c"}


def test_two_small_cells_that_hold_eleven_suffice():
    assert find_caches({"a": 6, "b": 5, "c": 12}) == {"a", "b"}


def test_cells_all_at_their_highest_take_the_next_one():
    assert find_caches({"a": 10, "b": 10, "c": 15}) == {"a", "b", "c"}


def test_nobody_at_all_hides_nobody():
    assert find_caches({"a": 0, "b": 40}) == {"a"}


def test_everything_is_hidden_when_nothing_is_large():
    assert find_caches({"a": 4, "b": 1}) == {"a", "b"}


def test_a_negative_count_is_refused():
    with pytest.raises(SaisieInvalide):
        find_caches({"a": -1})


def test_no_hidden_cell_can_be_deduced():
    """Whoever knows the total sees the sum of the hidden cells: none with people in it has only one possible value."""
    for comptes in combinations_with_replacement([0, 1, 5, 10, 11, 14], 4):
        cellules = dict(enumerate(comptes))
        caches = find_caches(cellules)
        assert all(n >= SEUIL for cle, n in cellules.items() if cle not in caches)
        cumul = sum(cellules[cle] for cle in caches)
        if len(caches) < len(comptes) and cumul:
            # The reader also knows the rule: one of the hidden cells at most is not under the threshold.
            essais = [
                essai
                for essai in product(range(cumul + 1), repeat=len(caches))
                if sum(essai) == cumul and sum(n >= SEUIL for n in essai) <= 1
            ]
            assert all(len({essai[rang] for essai in essais}) > 1 for rang in range(len(caches))), comptes
