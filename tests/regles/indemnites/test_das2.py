"""The threshold of the yearly declaration: recalled, hence to be confirmed wherever it shows."""

from decimal import Decimal

import pytest

from maillon.regles.erreurs import ParametreAbsent
from maillon.regles.indemnites import get_seuil_das2


@pytest.mark.parametrize(("annee", "montant"), [(2023, 1200), (2024, 2400), (2026, 2400)])
def test_the_threshold_of_a_year(annee: int, montant: int) -> None:
    seuil = get_seuil_das2(annee)
    assert (seuil.annee, seuil.montant, seuil.a_confirmer) == (annee, Decimal(montant), True)
    assert "à vérifier" in seuil.source


def test_nothing_is_said_before_2022() -> None:
    with pytest.raises(ParametreAbsent):
        get_seuil_das2(2021)
