"""`communes.csv.gz` and `departements_regions.csv.gz`."""

from pathlib import Path
from typing import Any

from .decoupe import compute_areas
from .fichiers import write_csv
from .paquets import COG
from .polygones import Polygones
from .referentiel import ANNEE, Referentiel

COLONNES = [
    "code_insee", "nom", "type", "commune_parente", "codes_postaux", "departement", "region", "zone", "epci",
    "epci_nom", "population", "population_year", "pop_2019", "pop_2020", "pop_2021", "pop_2022", "pop2021_0_19",
    "pop2021_20_64", "pop2021_65p", "superficie_km2", "lon", "lat", "mairie_lon", "mairie_lat", "geometrie",
]  # fmt: skip
ANCIENNES = [annee for annee in COG if annee != ANNEE]


def write_communes(path: Path, referentiel: Referentiel, polygones: Polygones, mairies: dict[str, Any]) -> None:
    codes = sorted(polygones.geometries)
    areas = dict(zip(codes, compute_areas([polygones.geometries[code] for code in codes]), strict=True))
    ordered = sorted(referentiel.communes) + sorted(referentiel.arrondissements)
    write_csv(path, COLONNES, [_row(code, referentiel, polygones, areas, mairies) for code in ordered])


def _row(
    code: str, referentiel: Referentiel, polygones: Polygones, areas: dict[str, float], mairies: dict[str, Any]
) -> list[Any]:
    commune = referentiel.get(code)
    epci = referentiel.epci.get(commune.get("commune", code), {})
    geometry = polygones.geometries.get(code)
    ages = referentiel.ages.get(code)
    return [
        code,
        commune["nom"],
        "arrondissement_municipal" if code in referentiel.arrondissements else "commune",
        commune.get("commune", ""),
        "|".join(commune.get("codesPostaux", [])),
        commune.get("departement") or commune["collectiviteOutremer"]["code"],
        commune.get("region", ""),
        commune.get("zone", ""),
        epci.get("code", ""),
        epci.get("nom", ""),
        _known(referentiel.populations[ANNEE][code]),
        _stated_year(code, referentiel),
        *(_known(referentiel.populations[annee][code]) for annee in ANCIENNES),
        *(ages[1:] if ages else ["", "", ""]),
        f"{areas[code]:.3f}" if code in areas else "",
        *_position(geometry.centroid if geometry is not None else None),
        *_position(mairies.get(code)),
        polygones.sources.get(code, "aucune"),
    ]


def _known(value: int | None) -> int | str:
    return "" if value is None else value


def _stated_year(code: str, referentiel: Referentiel) -> int | str:
    """The year that the source states for the last population: none in the Pacific, 2017 in Mayotte."""
    if referentiel.populations[ANNEE][code] is None or code.startswith("98"):
        return ""
    return 2017 if code.startswith("976") else ANNEE


def _position(point: Any) -> list[str]:
    return ["", ""] if point is None else [f"{point.x:.5f}", f"{point.y:.5f}"]


def write_departements_regions(path: Path, referentiel: Referentiel) -> None:
    """Names, and the exact total of each vintage."""
    regions = [
        ["region", code, nom, code, *(referentiel.par_region[code][annee] for annee in COG)]
        for code, nom in sorted(referentiel.regions.items())
    ]
    departements = [
        ["departement", code, row["nom"], row["region"], *(referentiel.par_departement[code][a] for a in COG)]
        for code, row in sorted(referentiel.departements.items())
    ]
    write_csv(path, ["niveau", "code", "nom", "region", *(f"pop_{annee}" for annee in COG)], [*regions, *departements])
