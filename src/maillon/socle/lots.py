"""Long work by lots, so that memory and statements stay bounded."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(rows: Iterable[T], size: int = 5_000) -> Iterator[list[T]]:
    """Lists of at most `size` rows."""
    walk = iter(rows)
    while lot := list(islice(walk, size)):
        yield lot
