"""The shipped files: communes, départements and contours (sources, vintages and licences: docs/donnees.md)."""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

DONNEES = Path(__file__).parent / "donnees"
COMMUNES = DONNEES / "communes.csv.gz"
DEPARTEMENTS_REGIONS = DONNEES / "departements_regions.csv.gz"
MENTION = (
    "Insee (COG 2026, populations 2019-2023), IGN ADMIN EXPRESS COG 2020, DGCL, La Poste – "
    "Licence Ouverte 2.0 ; données modifiées"
)
PAS = 10_000  # contours are kept in ten-thousandths of a degree

Anneau = tuple[tuple[float, float], ...]


def compute_empreinte(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a shipped file; a name takes the apostrophe of French, which the official codes write straight."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: value.replace("'", "’") for key, value in row.items()}


def _decode_ring(flat: list[int]) -> Anneau:
    return tuple((x / PAS, y / PAS) for x, y in zip(accumulate(flat[0::2]), accumulate(flat[1::2]), strict=True))


@lru_cache(maxsize=24)
def read_contours(name: str) -> dict[str, tuple[Anneau, ...]]:
    """Rings (longitude, latitude) by code: communes of the département `name`, or all « departements ».

    Exterior rings and holes are not told apart: paint them with the even-odd rule. Empty for a collectivity without
    contours. Rings are closed implicitly.
    """
    path = DONNEES / "contours" / f"{name}.json.gz"
    if not path.exists():
        return {}
    with gzip.open(path) as file:
        return {code: tuple(_decode_ring(ring) for ring in rings) for code, rings in json.load(file).items()}
