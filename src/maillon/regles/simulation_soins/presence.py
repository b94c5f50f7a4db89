"""When nobody is there: the parts of a promised afternoon that no presence covers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# A shorter gap is the pause between two slots, not a blank.
MINIMUM = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Trou:
    """Nobody from `de` to `a`; `entier` when nobody is there over the whole promise."""

    de: datetime
    a: datetime
    entier: bool


def find_trous(
    de: datetime, a: datetime, presences: Iterable[tuple[datetime, datetime]], *, minimum: timedelta = MINIMUM
) -> list[Trou]:
    """The gaps of [de, a[, of `minimum` at least, in order of time. Presences may overlap, and overflow the promise."""
    trous: list[Trou] = []
    libre = de
    for debut, fin in sorted(presences):
        if fin <= libre or debut >= a:
            continue
        if debut - libre >= minimum:
            trous.append(Trou(libre, debut, entier=False))
        libre = fin
    if a - libre >= minimum:
        trous.append(Trou(libre, a, entier=libre == de))
    return trous
