"""French is written with its own apostrophe, wherever a template speaks to a person."""

import re
from pathlib import Path

import maillon
from maillon.socle.ui.typographie import write_nombre

SOURCES = Path(maillon.__file__).parent
DROITE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]|\{\{)")


def test_templates_hold_no_straight_apostrophe() -> None:
    trouvees = [
        f"{gabarit.relative_to(SOURCES)}:{rang}: {ligne.strip()}"
        for gabarit in sorted(SOURCES.rglob("templates/**/*"))
        if gabarit.suffix in {".html", ".txt", ".typ"}
        for rang, ligne in enumerate(gabarit.read_text().splitlines(), 1)
        if DROITE.search(ligne)
    ]
    assert trouvees == []


def test_small_numbers_are_said_in_words() -> None:
    said = [write_nombre(0), write_nombre(1), write_nombre(1, feminin=True), write_nombre(12), write_nombre(1204)]
    assert said == ["zéro", "un", "une", "douze", "1\u00a0204"]
