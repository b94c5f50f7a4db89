"""From the simplified TopoJSON of France to the small files that Maillon ships, one per département.

`contours/<code>.json.gz` holds the communes (and arrondissements municipaux) of a département, and
`contours/departements.json.gz` the outlines of all of them: `{code: [ring, …]}`. A ring is a flat list of integers in
ten-thousandths of a degree (about 11 m): longitude and latitude of the first point, then differences. Exterior rings
and holes are not told apart: they are painted with the even-odd rule.
"""

from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from .fichiers import read_csv, read_json, write_json

PAS = 10_000
Point = tuple[int, int]


def decode_arcs(topo: dict[str, Any]) -> list[list[Point]]:
    """Every arc in absolute ten-thousandths of a degree."""
    (scale_x, scale_y), (start_x, start_y) = topo["transform"]["scale"], topo["transform"]["translate"]
    arcs = []
    for arc in topo["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((round((x * scale_x + start_x) * PAS), round((y * scale_y + start_y) * PAS)))
        arcs.append(points)
    return arcs


def encode_ring(arcs: list[list[Point]], references: list[int]) -> list[int] | None:
    """One ring, closed implicitly; None when rounding leaves fewer than three points."""
    points: list[Point] = []
    for reference in references:
        for point in arcs[reference] if reference >= 0 else reversed(arcs[~reference]):
            if not points or points[-1] != point:
                points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        return None
    flat = list(points[0])
    for (x0, y0), (x1, y1) in pairwise(points):
        flat += [x1 - x0, y1 - y0]
    return flat


def encode_object(topo: dict[str, Any], arcs: list[list[Point]], name: str) -> dict[str, list[list[int]]]:
    """Rings of every area of a TopoJSON object, by code."""
    areas = {}
    for geometry in topo["objects"][name]["geometries"]:
        polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
        rings = [encode_ring(arcs, references) for polygon in polygons for references in polygon]
        areas[geometry["id"]] = [ring for ring in rings if ring is not None]
    return areas


def build_contours(source: Path, target: Path) -> int:
    """Write the files of `target`/contours from those of `source`; returns their total size in bytes."""
    topo = read_json(source / "contours_france.topojson.gz")
    arcs = decode_arcs(topo)
    areas = encode_object(topo, arcs, "communes") | encode_object(topo, arcs, "arrondissements_municipaux")
    by_departement: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in read_csv(source / "communes.csv.gz"):
        if row["code_insee"] in areas:
            by_departement[row["departement"]][row["code_insee"]] = areas[row["code_insee"]]
    folder = target / "contours"
    folder.mkdir(parents=True, exist_ok=True)
    for code, communes in sorted(by_departement.items()):
        write_json(folder / f"{code}.json.gz", communes)
    write_json(folder / "departements.json.gz", encode_object(topo, arcs, "departements"))
    return sum(path.stat().st_size for path in folder.iterdir())
