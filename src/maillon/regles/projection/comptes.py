"""Counts that go up: what is acquired, plus what the rhythm of the year so far brings by the anniversary."""

from __future__ import annotations

from decimal import Decimal

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.projection.lois import count_a_venir
from maillon.regles.projection.types import Projection, SansProjection, say_jours, settle

RECUL_MINIMUM = 30
"""Days of observation under which a rhythm says nothing."""
_CENTIEME = Decimal("0.01")


def project_compte(
    *, acquis: Decimal, evenements: int, jours_observes: int, jours_restants: int, poids: Decimal = Decimal(1)
) -> Projection | SansProjection:
    """Count expected at the anniversary.

    ``acquis`` is what is already there (certified, plus acts recorded since) and is never lowered. ``evenements`` were
    seen in ``jours_observes`` days, and go on at the same unknown rate for ``jours_restants``; each brings ``poids``.
    """
    if min(acquis, poids) < 0 or min(evenements, jours_observes, jours_restants) < 0:
        raise SaisieInvalide("Un compte, un nombre d’actes ou un nombre de jours ne peut pas être négatif.")
    if jours_restants == 0:
        return settle(acquis, evenements)
    if jours_observes < RECUL_MINIMUM:
        return SansProjection(
            f"Seulement {say_jours(jours_observes)} de recul : il en faut {RECUL_MINIMUM} pour connaître un rythme."
        )
    bas, central, haut = (
        acquis + (count_a_venir(evenements, jours_observes, jours_restants, chances) * poids).quantize(_CENTIEME)
        for chances in (0.1, 0.5, 0.9)
    )
    vus = f"{evenements} acte{'s' if evenements > 1 else ''}"
    methode = (
        f"Ce qui est acquis, plus ce qu’apporterait le rythme observé ({vus} en {say_jours(jours_observes)}) "
        f"s’il continue pendant {say_jours(jours_restants)}."
    )
    return Projection(bas, central, haut, evenements, methode)
