"""A section of the page and its table, which the screen shows and exports write. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from maillon.socle.ui.cartes import Carte
from maillon.socle.ui.chaleurs import Chaleur
from maillon.socle.ui.graphiques import Graphique
from maillon.socle.ui.typographie import format_nombre

Valeur = str | int | float | None


def show(valeur: Valeur) -> str:
    """A cell as people read it; at most one decimal."""
    return valeur if isinstance(valeur, str) else format_nombre(None if valeur is None else round(valeur, 1))


@dataclass(frozen=True, slots=True)
class Tableau:
    """Rows of raw values under their heads; the first column names the row, the others are figures."""

    entetes: Sequence[str]
    lignes: Sequence[Sequence[Valeur]]

    @property
    def corps(self) -> SafeString:
        """The rows as the page shows them, every cell escaped. Written here: a template spends more on three hundred
        rows than the database does on the whole page."""
        return mark_safe("".join(map(_write_ligne, self.lignes)))  # noqa: S308 # nosec B308 B703


def _write_ligne(ligne: Sequence[Valeur]) -> str:
    nom, *chiffres = (escape(show(valeur)) for valeur in ligne)
    cellules = "".join(f'<td class="nombre">{chiffre}</td>' for chiffre in chiffres)
    return f'<tr><th scope="row">{nom}</th>{cellules}</tr>'


@dataclass(frozen=True, slots=True)
class Section:
    """One finding: its drawing if any, its table, a note. `replie`: the drawing already unfolds the same table."""

    cle: str
    titre: str
    tableau: Tableau
    graphique: Graphique | None = None
    carte: Carte | None = None
    chaleur: Chaleur | None = None
    note: str = ""
    replie: bool = False
    large: bool = False
    liens: Sequence[tuple[str, str, bool]] = ()

    @property
    def intitule(self) -> str:
        """The heading of the card: the drawing says the finding itself."""
        return "" if self.graphique or self.carte or self.chaleur else self.titre


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a file holds: titles above, then each section's table."""

    titre: str
    sous_titre: str
    sections: Sequence[Section]
