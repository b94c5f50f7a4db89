"""The gap between two values of a stock, and the next tier, on the annex « 219–101, 100–51, ≤ 50 »."""

from decimal import Decimal

import pytest

from maillon.regles.aci import Genre, Indicateur, Mission, Palier, Sens
from maillon.regles.projection import explain_ecart, find_manque

ALD = Indicateur(
    code="ald",
    libelle="Patients en ALD sans médecin traitant",
    mission=Mission.ACCES,
    genre=Genre.STOCK,
    paliers=(
        Palier(Decimal(219), Decimal(3000)),
        Palier(Decimal(100), Decimal(6000)),
        Palier(Decimal(50), Decimal(9000)),
    ),
    initial=Decimal(219),
)
MEDECINS = Indicateur(
    code="volontaires",
    libelle="Médecins volontaires",
    mission=Mission.ACCES,
    genre=Genre.SEUIL,
    paliers=(Palier(Decimal(8), Decimal(2500)), Palier(Decimal(14), Decimal(5000))),
    sens=Sens.HAUSSE,
)


def test_what_is_known_and_the_remainder_make_the_gap():
    """219 − 60 placed + 40 left by a retirement + remainder = 162."""
    reste = explain_ecart(Decimal(219), Decimal(162), [Decimal(-60), Decimal(40)])
    assert reste == -37
    assert 219 - 60 + 40 + reste == 162
    assert explain_ecart(Decimal(10), Decimal(10), []) == 0


@pytest.mark.parametrize(
    ("valeur", "nombre", "seuil", "gain"),
    [
        ("143", 43, 100, 3000),  # « il manque 43 placements pour le palier suivant, 3 000 € »
        ("219", 119, 100, 3000),
        ("220", 1, 219, 3000),  # not even the first tier
        ("100", 50, 50, 3000),
        ("51.5", 2, 50, 3000),  # a person is whole
    ],
)
def test_the_next_tier_of_a_stock(valeur, nombre, seuil, gain):
    manque = find_manque(Decimal(valeur), ALD)
    assert (manque.nombre, manque.palier.seuil, manque.gain) == (nombre, seuil, gain)


def test_nothing_lacks_at_the_top():
    assert find_manque(Decimal(50), ALD) is None
    assert find_manque(Decimal(0), ALD) is None


def test_a_count_goes_up():
    manque = find_manque(Decimal(6), MEDECINS)
    assert (manque.nombre, manque.gain) == (2, 2500)
    assert find_manque(Decimal(14), MEDECINS) is None
