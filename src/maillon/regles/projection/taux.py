"""Rates, and other values that only certified statistics tell: the straight line through them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import sqrt

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.projection.lois import find_student
from maillon.regles.projection.types import Projection, SansProjection, ValeurDatee, settle

VALEURS_MINIMUM = 3
_CENTIEME = Decimal("0.01")


def project_taux(
    valeurs: Sequence[ValeurDatee], *, on: date, fin: date, plafond: Decimal | None = Decimal(100)
) -> Projection | SansProjection:
    """Value expected at ``fin`` on the least squares line, with the range of a new observation (Student).

    ``valeurs`` are certified, oldest first, one a day; ``plafond`` None for what is not a rate.
    """
    if any(a.le >= b.le for a, b in pairwise(valeurs)):
        raise SaisieInvalide("Les valeurs d’une tendance se donnent de la plus ancienne à la plus récente.")
    if valeurs and on >= fin:
        return settle(valeurs[-1].valeur, len(valeurs))
    if len(valeurs) < VALEURS_MINIMUM:
        return SansProjection(
            f"Pas assez de valeurs : {len(valeurs)} constatée{'s' if len(valeurs) > 1 else ''}, "
            f"il en faut {VALEURS_MINIMUM} pour une tendance."
        )
    nombre = len(valeurs)
    jours = [(v.le - valeurs[0].le).days for v in valeurs]
    mesures = [float(v.valeur) for v in valeurs]
    jour_moyen, moyenne = sum(jours) / nombre, sum(mesures) / nombre
    etendue = sum((j - jour_moyen) ** 2 for j in jours)
    pente = sum((j - jour_moyen) * (m - moyenne) for j, m in zip(jours, mesures, strict=True)) / etendue
    residus = sum((m - moyenne - pente * (j - jour_moyen)) ** 2 for j, m in zip(jours, mesures, strict=True))
    loin = (fin - valeurs[0].le).days - jour_moyen
    milieu = moyenne + pente * loin
    ecart = sqrt(residus / (nombre - 2) * (1 + 1 / nombre + loin * loin / etendue))
    marge = find_student(nombre - 2) * ecart
    methode = (
        f"Droite des {nombre} valeurs constatées depuis le {valeurs[0].le:%d/%m/%Y}, prolongée jusqu’à l’anniversaire."
    )
    return Projection(
        _bound(milieu - marge, ROUND_FLOOR, plafond),
        _bound(milieu, ROUND_HALF_UP, plafond),
        _bound(milieu + marge, ROUND_CEILING, plafond),
        nombre,
        methode,
    )


def _bound(valeur: float, arrondi: str, plafond: Decimal | None) -> Decimal:
    # Rounded first beyond the hundredth: the noise of floating point must not widen the range.
    nombre = max(Decimal(str(round(valeur, 6))).quantize(_CENTIEME, rounding=arrondi), Decimal(0))
    return nombre if plafond is None else min(nombre, plafond)
