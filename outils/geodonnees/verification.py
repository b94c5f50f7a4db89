"""Checks the built files against published figures."""

from pathlib import Path

from .fichiers import read_csv, read_json
from .referentiel import COM

# Insee: populations of France without Mayotte, of Auvergne-Rhône-Alpes and of the Loire.
FRANCE = {2019: 66_988_403, 2020: 67_162_154, 2021: 67_408_052, 2022: 67_760_573, 2023: 68_094_280}
PUBLIES = {
    ("region", "84", 2019): 8_042_936,
    ("departement", "42", 2019): 765_634,
    ("departement", "42", 2020): 768_508,
}
# CPAM de la Loire, 8 November 2023: the eleven communes of the CPTS Grand Saint-Étienne.
GRAND_SAINT_ETIENNE = (
    "42218", "42237", "42302", "42305", "42311", "42092", "42275", "42330", "42223", "42189", "42172",
)  # fmt: skip
SUPERFICIES = {"69": 3249, "42": 4781}  # km², cadastral


def find_discrepancies(folder: Path) -> list[str]:
    """What differs from the published figures, in sentences; empty when all is well."""
    communes = {row["code_insee"]: row for row in read_csv(folder / "communes.csv.gz")}
    zones = {(row["niveau"], row["code"]): row for row in read_csv(folder / "departements_regions.csv.gz")}
    found = []

    def expect(what: str, value: float, expected: float, tolerance: float = 0) -> None:
        if abs(value - expected) > tolerance * expected:
            found.append(f"{what} : {value} au lieu de {expected}")

    expect("communes et arrondissements", len(communes), 35_014)
    expect("arrondissements", sum(row["type"] != "commune" for row in communes.values()), 45)
    for annee, expected in FRANCE.items():
        departements = [row for (niveau, code), row in zones.items() if niveau == "departement"]
        total = sum(int(r[f"pop_{annee}"]) for r in departements if r["code"] != "976" and r["code"] not in COM)
        expect(f"France {annee}", total, expected)
    for (niveau, code, annee), expected in PUBLIES.items():
        expect(f"{niveau} {code} {annee}", int(zones[niveau, code][f"pop_{annee}"]), expected)
    expect("Grand Saint-Étienne 2019", sum(int(communes[code]["pop_2019"]) for code in GRAND_SAINT_ETIENNE), 230_515)
    for departement, expected in SUPERFICIES.items():
        rows = [r for r in communes.values() if r["departement"] == departement and r["type"] == "commune"]
        expect(f"superficie {departement}", sum(float(r["superficie_km2"]) for r in rows), expected, 0.01)
    drawn = {code for path in (folder / "contours").glob("[0-9]*.json.gz") for code in read_json(path)}
    missing = {code for code, row in communes.items() if row["superficie_km2"]} - drawn
    if missing:
        found.append(f"communes sans contour : {', '.join(sorted(missing))}")
    return found
