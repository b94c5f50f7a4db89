"""Statistical secrecy of a breakdown whose total is known: which cells may be shown.

A cell under the threshold is hidden, zero included, so that « nobody » and « a few » look the same. What remains hidden
must not be found by subtraction from the total, nor by the bounds of what is hidden: cells are then hidden with it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from maillon.regles.erreurs import SaisieInvalide

SEUIL = 11
"""No cell of a breakdown by area or group is shown under this many people (CNIL, health statistics)."""

Cle = TypeVar("Cle", bound=Hashable)


def find_caches(comptes: Mapping[Cle, int], *, seuil: int = SEUIL) -> frozenset[Cle]:
    """The cells to hide, the smallest first and then in the order given, whoever knows the total and every shown cell.

    Hidden cells hold nobody, or ``seuil`` people at least in two cells at least, and could not all be at their highest.
    """
    if min(comptes.values(), default=0) < 0:
        raise SaisieInvalide("Un nombre de personnes ne peut pas être négatif.")
    ordre = sorted(comptes, key=lambda cle: comptes[cle])
    caches = [cle for cle in ordre if comptes[cle] < seuil]
    visibles = [cle for cle in ordre if comptes[cle] >= seuil]
    if visibles and not _holds(caches, comptes, seuil):
        caches.append(visibles[0])
    return frozenset(caches)


def _holds(caches: list[Cle], comptes: Mapping[Cle, int], seuil: int) -> bool:
    """Whether the total of the hidden cells leaves a doubt on each of them."""
    cumul = sum(comptes[cle] for cle in caches)
    return not cumul or (len(caches) > 1 and seuil <= cumul < len(caches) * (seuil - 1))
