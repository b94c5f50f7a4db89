"""Who is asked first when somebody needs care today: the usual professional, then by nearness, then by turn. Pure.

The burden that each one bore over the last weeks decides among neighbours: an acceptance costs a consultation, a
solicitation an interruption. A longer journey is only worth it from one band of minutes to the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BANDES = (10, 20, 30)


@dataclass(frozen=True, slots=True)
class Pressenti:
    """A professional who may be asked. `minutes` is the estimated journey, None when a place is unknown;
    `sollicitations` and `acceptations` are those of the last weeks."""

    cle: str
    minutes: int | None
    sollicitations: int = 0
    acceptations: int = 0


@dataclass(frozen=True, slots=True)
class Rang:
    """A place in the order, and the sentence that explains it."""

    pressenti: Pressenti
    usuel: bool
    bande: int
    phrase: str


def rank(pressentis: Sequence[Pressenti], *, usuel: str = "") -> tuple[Rang, ...]:
    """The order in which to ask them. The key, which says nothing, decides last: the same facts give the same order."""
    ranks = [
        Rang(pressenti, pressenti.cle == usuel, _band(pressenti.minutes), _explain(pressenti, pressenti.cle == usuel))
        for pressenti in pressentis
    ]
    return tuple(sorted(ranks, key=_key))


def _key(rang: Rang) -> tuple[bool, int, int, int, int, str]:
    one = rang.pressenti
    return (not rang.usuel, rang.bande, one.acceptations, one.sollicitations, one.minutes or 0, one.cle)


def cut(rangs: Sequence[Rang], par_vague: int) -> list[list[Rang]]:
    """Waves: the usual professional alone, then the others `par_vague` at a time."""
    usuels = [rang for rang in rangs if rang.usuel]
    others = [rang for rang in rangs if not rang.usuel]
    waves = [others[start : start + par_vague] for start in range(0, len(others), par_vague)]
    return [usuels, *waves] if usuels else waves


def _band(minutes: int | None) -> int:
    if minutes is None:
        return len(BANDES) + 1
    return next((rang for rang, borne in enumerate(BANDES) if minutes <= borne), len(BANDES))


def _explain(pressenti: Pressenti, usuel: bool) -> str:
    """« à 8 min, sollicité 2 fois, a accepté 1 fois »."""
    parts = ["professionnel habituel"] if usuel else []
    parts.append("trajet inconnu" if pressenti.minutes is None else f"à {pressenti.minutes}\u00a0min environ")
    if pressenti.sollicitations:
        parts.append(f"sollicité {pressenti.sollicitations}\u00a0fois en 30\u00a0jours")
        accepted = f"a accepté {pressenti.acceptations}\u00a0fois" if pressenti.acceptations else "n’a pas accepté"
        parts.append(accepted)
    else:
        parts.append("pas sollicité depuis 30\u00a0jours")
    return ", ".join(parts)
