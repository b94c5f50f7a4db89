"""Communes of the COG 2026, and the populations of every vintage brought to them."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .paquets import COG, Archives

ANNEE = 2023
COM = ("975", "977", "978", "984", "986", "987", "988", "989")
# Paris, Lyon, Marseille: how many arrondissements municipaux each has.
VILLES = {"69123": 9, "75056": 20, "13055": 16}
ACTUELLES = ("commune-actuelle", "arrondissement-municipal")
DELEGUEES = ("commune-deleguee", "commune-associee")
TRANCHES = ("pop", "pop_0_19", "pop_20_64", "pop_65p")


@dataclass
class Referentiel:
    """`membres`: the former codes that each commune of 2026 gathers, its own included."""

    communes: dict[str, dict[str, Any]]
    arrondissements: dict[str, dict[str, Any]]
    departements: dict[str, dict[str, Any]]
    regions: dict[str, str]
    epci: dict[str, dict[str, Any]]
    membres: dict[str, list[str]]
    populations: dict[int, dict[str, int | None]] = field(default_factory=dict)
    par_departement: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    par_region: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    ages: dict[str, list[int]] = field(default_factory=dict)

    def get(self, code: str) -> dict[str, Any]:
        return self.communes.get(code) or self.arrondissements[code]

    def arrondissements_of(self, ville: str) -> list[str]:
        return [code for code, row in self.arrondissements.items() if row["commune"] == ville]


def read_referentiel(archives: Archives) -> Referentiel:
    """The geography of 2026 with its populations of 2019 to 2023."""
    paquet = COG[ANNEE]
    cog = archives.read_etalab(paquet, "communes")
    communes = {row["code"]: row for row in cog if row["type"] == "commune-actuelle"}
    arrondissements = {row["code"]: row for row in cog if row["type"] == "arrondissement-municipal"}
    referentiel = Referentiel(
        communes=communes,
        arrondissements=arrondissements,
        departements={row["code"]: row for row in archives.read_etalab(paquet, "departements")},
        regions={row["code"]: row["nom"] for row in archives.read_etalab(paquet, "regions")},
        epci={member["code"]: row for row in archives.read_etalab(paquet, "epci") for member in row["membres"]},
        membres={code: sorted({code, *row.get("anciensCodes", [])}) for code, row in communes.items()}
        | {code: [code] for code in arrondissements},
    )
    iris = sum_iris(archives)
    for annee in COG:
        add_populations(referentiel, annee, archives.read_etalab(COG[annee], "communes"), iris)
    add_ages(referentiel, iris)
    return referentiel


def sum_iris(archives: Archives) -> dict[str, list[int]]:
    """Inhabitants and age classes of 2021 by commune (geography of 2024)."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0] * len(TRANCHES))
    for row in archives.read_iris():
        for rank, column in enumerate(TRANCHES):
            totals[row["com"]][rank] += row[column] or 0
    return totals


def add_populations(
    referentiel: Referentiel, annee: int, rows: list[dict[str, Any]], iris: dict[str, list[int]]
) -> None:
    """Populations of one vintage, those of merged communes added up; the totals by département and région are exact."""
    actuel = {former: code for code, formers in referentiel.membres.items() for former in formers}
    counted = {row["code"]: row.get("population") for row in rows if row["type"] in ACTUELLES}
    ambiguous = find_ambiguous(referentiel, rows, counted, actuel)
    if annee == 2021:
        # This source has the geography of 2024 and lost the inhabitants of the communes absorbed that year.
        counted |= {code: values[0] for code, values in iris.items() if counted.get(code) is None}
    for code, population in counted.items():
        if code in actuel and code not in referentiel.arrondissements:
            row = referentiel.communes[actuel[code]]
            referentiel.par_departement[row["departement"]][annee] += population or 0
            referentiel.par_region[row["region"]][annee] += population or 0
    populations: dict[str, int | None] = {}
    for code, formers in referentiel.membres.items():
        values = [value for former in formers if (value := counted.get(former)) is not None]
        populations[code] = None if code in ambiguous or not values else sum(values)
    referentiel.populations[annee] = populations


def find_ambiguous(
    referentiel: Referentiel, rows: list[dict[str, Any]], counted: dict[str, Any], actuel: dict[str, str]
) -> set[str]:
    """Communes merged in that vintage and separate again in 2026: neither they nor their mother compare."""
    ambiguous = set()
    for row in rows:
        code = row["code"]
        if row["type"] in DELEGUEES and code in referentiel.communes and code not in counted:
            mother = actuel.get(row["chefLieu"], row["chefLieu"])
            if mother != code:  # equal: only the seat, hence the code, has changed
                ambiguous |= {code, mother}
    if "60694" not in counted:  # Les Hauts-Talican took its code when Beaumont-les-Nonains (60054) came back
        ambiguous |= {"60694", "60054"}
    return ambiguous


def add_ages(referentiel: Referentiel, iris: dict[str, list[int]]) -> None:
    for code, formers in referentiel.membres.items():
        cells = referentiel.arrondissements_of(code) if code in VILLES else formers
        if referentiel.populations[2021][code] is not None and any(cell in iris for cell in cells):
            referentiel.ages[code] = [sum(iris[cell][rank] for cell in cells if cell in iris) for rank in range(4)]
