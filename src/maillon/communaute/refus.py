"""The lines that an import leaves out, in a CSV that a spreadsheet opens without running anything."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from maillon.socle.ui.listes.exports import neutralise

from .lecture import Refus


@contextmanager
def write_refus(chemin: Path | None) -> Iterator[Callable[[Refus], None]]:
    """Where refused lines go; nowhere without a path."""
    if chemin is None:
        yield lambda refus: None
        return
    with chemin.open("w", encoding="utf-8-sig", newline="") as file:
        plume = csv.writer(file, delimiter=";")
        plume.writerow(["Fichier", "Ligne", "Raison", "Contenu"])
        yield lambda refus: plume.writerow(
            [neutralise(refus.fichier), refus.ligne or "", refus.raison, neutralise(refus.contenu.strip())]
        )
