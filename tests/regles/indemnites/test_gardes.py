"""The landmark of a duty: 150 € for twelve hours (arrêté of 20 April 2011, art. 2), recalled, hence to be confirmed."""

from datetime import date
from decimal import Decimal

import pytest

from maillon.regles.erreurs import ParametreAbsent
from maillon.regles.indemnites import get_repere_garde


def test_the_landmark_and_what_it_gives_for_a_duty() -> None:
    repere = get_repere_garde(date(2026, 11, 23))
    assert (repere.montant, repere.heures, repere.a_confirmer) == (Decimal(150), Decimal(12), True)
    assert (repere.prorate(Decimal(1)), repere.prorate(Decimal(6))) == (Decimal("12.50"), Decimal("75.00"))
    assert "20 avril 2011" in repere.source


def test_nothing_is_said_before_the_text() -> None:
    with pytest.raises(ParametreAbsent):
        get_repere_garde(date(2011, 4, 29))
