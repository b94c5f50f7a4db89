"""What a projection takes and gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

NIVEAU = 80
"""Confidence of every range, in per cent: one chance in ten on each side."""


class ValeurDatee(NamedTuple):
    """A value and the day that it describes."""

    le: date
    valeur: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """Value expected at the anniversary: ``bas`` ≤ ``central`` ≤ ``haut``, a range at ``NIVEAU`` per cent.

    ``observations`` is what the range rests on: acts, or values. ``certaine``: nothing is left to happen.
    """

    bas: Decimal
    central: Decimal
    haut: Decimal
    observations: int
    methode: str
    certaine: bool = False


@dataclass(frozen=True, slots=True)
class SansProjection:
    """Why nothing honest can be said of the anniversary, in one French sentence."""

    raison: str


LIVRABLE = SansProjection("Un livrable est fait ou ne l’est pas : il ne se projette pas.")
MESURE = SansProjection(
    "Maillon mesure cette valeur sur toute l’année écoulée : elle se lit telle quelle et ne se projette pas."
)


def settle(valeur: Decimal, observations: int) -> Projection:
    """The year is over: the value known stands alone."""
    methode = "L’année est finie : il ne reste rien à projeter."
    return Projection(valeur, valeur, valeur, observations, methode, certaine=True)


def say_jours(nombre: int) -> str:
    """« 1 jour », « 128 jours »."""
    return f"{nombre} jour{'s' if nombre > 1 else ''}"
