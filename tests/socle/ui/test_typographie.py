"""French is written with its own apostrophe, wherever a template speaks to a person."""

import re
from pathlib import Path

import maillon

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
