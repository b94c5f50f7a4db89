"""Which column of a table holds what, guessed from its titles. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from maillon.regles.catalogue import fold

C = TypeVar("C")


def propose_champs(entetes: Sequence[str], indices: Mapping[C, Sequence[str]]) -> dict[str, C]:
    """For each title that is recognised, what its column holds; a field is given to one column only, the best.

    `indices` are folded titles; a title that begins with one is recognised too, after those that are one.
    """
    proposes: dict[str, C] = {}
    for exact in (True, False):
        for champ, connus in indices.items():
            for titre in entetes:
                if champ in proposes.values():
                    break
                if titre not in proposes and _is_named(fold(titre), connus, exact=exact):
                    proposes[titre] = champ
    return proposes


def _is_named(titre: str, indices: Sequence[str], *, exact: bool) -> bool:
    return titre in indices if exact else any(titre.startswith(f"{indice} ") for indice in indices)


def sign_entetes(entetes: Iterable[str], *, usage: str = "") -> str:
    """The set of titles as one text: the same columns in another order are the same list. `usage` keeps lists of
    different kinds apart."""
    texte = "\n".join(sorted(fold(titre) for titre in entetes))
    return hashlib.sha256((f"{usage}\n{texte}" if usage else texte).encode()).hexdigest()


def find_doubles(champs: Iterable[str]) -> list[str]:
    """The fields that several columns claim to hold."""
    choisis = [champ for champ in champs if champ]
    return sorted({champ for champ in choisis if choisis.count(champ) > 1})
