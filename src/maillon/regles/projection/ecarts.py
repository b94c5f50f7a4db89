"""Between two values of a stock: what explains the gap; and what still lacks for the next tier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from maillon.regles.aci import Indicateur, Palier


@dataclass(frozen=True, slots=True)
class Manque:
    """The next tier from a value: how far it is, a whole number in the indicator's unit, and the euros it adds."""

    palier: Palier
    nombre: Decimal
    gain: Decimal


def explain_ecart(depart: Decimal, arrivee: Decimal, variations: Iterable[Decimal]) -> Decimal:
    """What the known variations leave unexplained: ``depart`` + variations + remainder = ``arrivee``.

    Acts are counted upward and lower a stock: whoever calls gives them with a minus.
    """
    return arrivee - depart - sum(variations, Decimal(0))


def find_manque(valeur: Decimal, indicateur: Indicateur) -> Manque | None:
    """The first tier that ``valeur`` does not reach and that pays more than the one it reaches; None at the top."""
    atteint = indicateur.find_palier(valeur)
    acquis = atteint.montant if atteint else Decimal(0)
    for palier in indicateur.paliers_by_difficulty():
        if palier.montant > acquis and not indicateur.reaches(valeur, palier):
            nombre = abs(valeur - palier.seuil).to_integral_value(rounding=ROUND_CEILING)
            return Manque(palier, nombre, palier.montant - acquis)
    return None
