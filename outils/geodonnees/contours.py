"""Simplified outlines for maps, one small file a département.

`contours/<code>.json.gz` holds the communes and arrondissements municipaux of a département, and
`contours/departements.json.gz` the outlines of all of them: `{code: [ring, …]}`. A ring is a flat list of integers in
ten-thousandths of a degree (about 11 m): longitude and latitude of the first point, then differences; it is closed
implicitly. Exterior rings and holes are not told apart: they are painted with the even-odd rule.
"""

import math
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from .decoupe import Geometrie, split_parts
from .fichiers import write_json
from .polygones import Polygones
from .referentiel import VILLES, Referentiel

PAS = 10_000
TOLERANCE = 0.0015  # degrees of latitude, 167 m
LATITUDE = 46.5


def simplify(polygones: Polygones) -> dict[str, Geometrie]:
    """Simplify the coverage (Visvalingam-Whyatt): neighbours keep the same boundary."""
    narrowing = math.cos(math.radians(LATITUDE))
    cells = sorted(polygones.cells)
    flat = shapely.transform([polygones.geometries[code] for code in cells], lambda points: points * [narrowing, 1])
    simple = shapely.coverage_simplify(flat, TOLERANCE)
    if not shapely.coverage_is_valid(np.array(simple)):
        raise SystemExit("Les contours simplifiés ne se joignent plus.")
    back = shapely.transform(simple, lambda points: points / [narrowing, 1])
    return dict(zip(cells, back, strict=True))


def encode_ring(ring: Any) -> list[int] | None:
    """One ring; None when rounding leaves fewer than three points."""
    points: list[tuple[int, int]] = []
    for x, y in np.rint(np.asarray(ring.coords) * PAS).astype(int).tolist():
        if not points or points[-1] != (x, y):
            points.append((x, y))
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        return None
    flat = list(points[0])
    for (x0, y0), (x1, y1) in pairwise(points):
        flat += [x1 - x0, y1 - y0]
    return flat


def encode(geometry: Geometrie) -> list[list[int]]:
    """Rings of an area, the largest part first; a part too small for the grid disappears."""
    rings = [
        encode_ring(ring)
        for part in sorted(split_parts(geometry), key=lambda part: -part.area)
        for ring in (part.exterior, *part.interiors)
    ]
    return [ring for ring in rings if ring is not None]


def write_contours(polygones: Polygones, referentiel: Referentiel, folder: Path) -> None:
    """Write every file of `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    simple = simplify(polygones)
    cells_of: dict[str, list[Geometrie]] = defaultdict(list)
    areas_of: dict[str, dict[str, list[list[int]]]] = defaultdict(dict)
    for code, geometry in simple.items():
        departement = referentiel.get(code)["departement"]
        cells_of[departement].append(geometry)
        areas_of[departement][code] = encode(geometry)
    for ville in VILLES:
        whole = shapely.coverage_union_all([simple[code] for code in referentiel.arrondissements_of(ville)])
        areas_of[referentiel.get(ville)["departement"]][ville] = encode(whole)
    for departement, areas in sorted(areas_of.items()):
        write_json(folder / f"{departement}.json.gz", dict(sorted(areas.items())))
    outlines = {code: encode(shapely.coverage_union_all(cells)) for code, cells in sorted(cells_of.items())}
    write_json(folder / "departements.json.gz", outlines)
