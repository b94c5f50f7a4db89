"""Cutting and knotting polygons so that they pave their parent exactly."""

from collections import defaultdict
from typing import Any

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry.polygon import orient

GRILLE = 1e-7  # degrees, about 1 cm: every coordinate is rounded to it
Geometrie = Any


def load_polygon(wkb_hex: str) -> Geometrie:
    """A WKB polygon rounded vertex by vertex, so that two neighbours keep the same vertices."""
    return shapely.transform(shapely.from_wkb(bytes.fromhex(wkb_hex)), lambda points: np.round(points, 7))


def split_parts(geometry: Geometrie) -> list[Geometrie]:
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]


def compute_areas(geometries: list[Geometrie]) -> list[float]:
    """Geodesic areas on the GRS80 ellipsoid, in km²."""
    geod = Geod(ellps="GRS80")
    return [
        sum(geod.geometry_area_perimeter(orient(part))[0] for part in shapely.get_parts(geometry)
            if part.geom_type == "Polygon") / 1e6
        for geometry in geometries
    ]  # fmt: skip


def _multi(geometry: Geometrie) -> Geometrie:
    return shapely.multipolygons(split_parts(geometry))


def divide(parent: Geometrie, children: dict[str, Geometrie], keeper: str | None) -> dict[str, Geometrie]:
    """Share `parent` exactly between `children`.

    What is left goes to `keeper` when there is one, except slivers (under 1 km²), given to the part with which they
    share the longest boundary.
    """
    parts, free = {}, parent
    for code in sorted(children):
        parts[code] = _multi(shapely.intersection(free, children[code], grid_size=GRILLE))
        free = _multi(shapely.difference(free, children[code], grid_size=GRILLE))
    pieces = sorted(split_parts(free), key=lambda piece: -piece.area)
    if keeper is not None:
        parts[keeper] = pieces.pop(0)
    for piece in pieces:
        if keeper is not None and compute_areas([piece])[0] >= 1:
            parts[keeper] = shapely.union(parts[keeper], piece, grid_size=GRILLE)
            continue
        shared = {
            code: shapely.length(piece.buffer(GRILLE).intersection(part.boundary)) for code, part in parts.items()
        }
        code = max(sorted(shared), key=shared.__getitem__)
        parts[code] = _multi(shapely.union(parts[code], piece, grid_size=GRILLE))
    parts = {code: _multi(part) for code, part in parts.items()}
    return {code: knot(part, list(parts.values())) for code, part in parts.items()}


def knot(geometry: Geometrie, references: list[Geometrie], tolerance: float = 2 * GRILLE) -> Geometrie:
    """Insert in `geometry` the vertices of the references that fall on its edge: a coverage shares its vertices."""
    vertices = np.unique(shapely.get_coordinates(references), axis=0)
    vertices = vertices[shapely.dwithin(geometry.boundary, shapely.points(vertices), tolerance)]
    if not len(vertices):
        return geometry
    parts = [
        shapely.Polygon(
            _knot_ring(part.exterior, vertices, tolerance),
            [_knot_ring(hole, vertices, tolerance) for hole in part.interiors],
        )
        for part in split_parts(geometry)
    ]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _knot_ring(ring: Any, vertices: Any, tolerance: float) -> list[tuple[float, float]]:
    starts = np.asarray(ring.coords)[:-1]
    known = {tuple(point) for point in starts}
    added: dict[int, list[tuple[float, tuple[float, float]]]] = defaultdict(list)
    steps = np.roll(starts, -1, axis=0) - starts
    lengths = (steps**2).sum(1)
    for vertex in vertices:
        if tuple(vertex) in known:
            continue
        along = ((vertex - starts) * steps).sum(1) / lengths
        distances = np.hypot(*(starts + np.clip(along, 0, 1)[:, None] * steps - vertex).T)
        nearest = int(distances.argmin())
        if distances[nearest] <= tolerance and 0 < along[nearest] < 1:
            added[nearest].append((along[nearest], tuple(vertex)))
    points = []
    for rank, point in enumerate(starts):
        points.append(tuple(point))
        points += [vertex for _, vertex in sorted(added.get(rank, []))]
    return points
