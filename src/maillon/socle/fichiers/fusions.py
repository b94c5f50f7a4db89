"""Merged cells of a sheet read by rows: what is written once holds for all the cells under it.

A reader by rows meets the merges after the rows: they are read first, in a pass of their own, when there are any.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, TypeVar

from openpyxl.utils import range_boundaries
from openpyxl.xml.functions import iterparse

FUSIONS_MAX = 20_000
MARQUE = b"mergeCell"
BLOC = 1 << 20

C = TypeVar("C")


class TropDeFusions(ValueError):
    """More merges than a list has, or merges that lie over each other."""


@dataclass(frozen=True, slots=True)
class Fusion:
    """Rows and columns, from 1, both ends included."""

    haut: int
    bas: int
    gauche: int
    droite: int


def list_fusions(feuille: Any) -> list[Fusion]:
    """The merges of a sheet opened by rows, by first row. Raises TropDeFusions."""
    with feuille._get_source() as source:
        if not _holds(source):
            return []
    fusions: list[Fusion] = []
    with feuille._get_source() as source:
        for _, element in iterparse(source):
            nom = element.tag.rpartition("}")[2]
            if nom == "mergeCell":
                gauche, haut, droite, bas = range_boundaries(element.get("ref", ""))
                fusions.append(Fusion(haut, bas, gauche, droite))
                if len(fusions) > FUSIONS_MAX:
                    raise TropDeFusions
            if nom in ("row", "mergeCell"):
                element.clear()
    return sorted(fusions, key=lambda f: (f.haut, f.gauche))


def _holds(source: IO[bytes]) -> bool:
    """Whether the sheet has a merge at all; nothing is kept in memory."""
    reste = b""
    while bloc := source.read(BLOC):
        if MARQUE in reste + bloc:
            return True
        reste = bloc[-len(MARQUE) :]
    return False


def spread(rangees: Iterable[tuple[C | None, ...]], fusions: Sequence[Fusion]) -> Iterator[tuple[C | None, ...]]:
    """The rows, with each merged value in all its cells.

    A row that holds one value alone is a heading over the table: it stays so. Raises TropDeFusions when more merges
    cross a row than it has cells.
    """
    attendent = list(reversed(fusions))
    vivantes: list[tuple[Fusion, C | None]] = []
    for numero, rangee in enumerate(rangees, 1):
        vivantes = [(f, valeur) for f, valeur in vivantes if f.bas >= numero]
        while attendent and attendent[-1].haut <= numero:
            fusion = attendent.pop()
            if fusion.bas >= numero and fusion.gauche <= len(rangee):
                vivantes.append((fusion, rangee[fusion.gauche - 1]))
        if len(vivantes) > max(len(rangee), 1):
            raise TropDeFusions
        yield _fill(rangee, numero, vivantes) if vivantes else rangee


def _fill(
    rangee: tuple[C | None, ...], numero: int, vivantes: Sequence[tuple[Fusion, C | None]]
) -> tuple[C | None, ...]:
    seule = sum(cellule is not None for cellule in rangee) == 1
    remplie = list(rangee)
    for fusion, valeur in vivantes:
        if seule and fusion.haut == numero and fusion.bas == numero:
            continue
        for rang in range(fusion.gauche - 1, min(fusion.droite, len(rangee))):
            if remplie[rang] is None:
                remplie[rang] = valeur
    return tuple(remplie)


def find_depth(fusions: Iterable[Fusion], numero: int) -> int:
    """The last row of the titles that begin on this row: one title may be merged over the rows of the others."""
    return max((f.bas for f in fusions if f.haut == numero), default=numero)
