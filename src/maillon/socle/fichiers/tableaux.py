"""Reading a table sent as CSV or XLSX: bounded, streamed, never executed. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from openpyxl import Workbook

from .classeurs import ClasseurIllisible, open_classeur
from .fusions import Fusion, TropDeFusions, find_depth, list_fusions, spread

TITRES_DANS = 20  # rows among which the titles are looked for
SEPARATEURS = (";", "\t", ",")
TEXTE_MAX = 300
FUSIONNE = "Ce classeur a trop de cellules fusionnées pour être une liste : défusionnez-les, puis redéposez-le."

Cellule = str | Decimal | date | None


class TableauIllisible(ValueError):
    """Why a file is not read as a table, in one French sentence that says what to do."""


class TableauVide(TableauIllisible):
    """Nothing to read here: no titles, or no row under them."""


@dataclass(frozen=True, slots=True)
class Limites:
    """How large a table may be, and what is said of one that is larger."""

    lignes: int
    cellules: int
    trop_de_lignes: str
    trop_de_cellules: str
    trop_de_colonnes: str
    colonnes: int = 60


@dataclass(frozen=True, slots=True)
class Ligne:
    """A row as it is numbered in the file, titles included."""

    numero: int
    cellules: tuple[Cellule, ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    """The titles and the rows under them; `feuilles` names the sheets of a workbook."""

    entetes: tuple[str, ...]
    lignes: tuple[Ligne, ...]
    feuille: str = ""
    feuilles: tuple[str, ...] = ()

    def column(self, nom: str) -> int | None:
        """Rank of a column; None when this file does not have it."""
        return self.entetes.index(nom) if nom in self.entetes else None


def read_tableau(contenu: bytes, *, limites: Limites, feuille: str = "", apercu: int | None = None) -> Tableau:
    """The table of a CSV or XLSX content; only its first rows when `apercu` says how many.

    Raises TableauIllisible for anything else, or for one that is too large.
    """
    if contenu.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableauIllisible("Ce classeur est à l’ancien format .xls. Ouvrez-le et enregistrez-le en .xlsx.")
    if contenu.startswith(b"PK\x03\x04"):
        return _read_xlsx(contenu, feuille, limites, apercu)
    return _build(_read_csv(_decode(contenu), limites), limites, apercu)


def _decode(contenu: bytes) -> str:
    """UTF-8 with or without mark, else Windows-1252; nothing that is not text."""
    for codage in ("utf-8-sig", "cp1252"):
        try:
            texte = contenu.decode(codage)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TableauIllisible("Ce fichier n’est pas du texte lisible. Enregistrez-le en CSV (UTF-8) ou en .xlsx.")
    if "\x00" in texte:
        raise TableauIllisible("Ce fichier n’est pas du texte lisible. Enregistrez-le en CSV (UTF-8) ou en .xlsx.")
    return texte


def _read_csv(texte: str, limites: Limites) -> Iterator[tuple[Cellule, ...]]:
    separateur = max(SEPARATEURS, key=lambda s: _count_columns(texte, s))
    lecteur = csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    try:
        for rangee in lecteur:
            yield tuple(_plain(cellule) for cellule in rangee[: limites.colonnes + 1])
    except csv.Error:
        raise TableauIllisible(
            f"La ligne {lecteur.line_num} de ce fichier ne se lit pas comme un tableau. "
            "Ouvrez-le dans un tableur et enregistrez-le en .xlsx."
        ) from None


def _count_columns(texte: str, separateur: str) -> int:
    """Cells that a separator makes of the first rows."""
    try:
        rangees = list(islice(csv.reader(io.StringIO(texte, newline=""), delimiter=separateur), TITRES_DANS))
    except csv.Error:
        return 0
    return max((len(rangee) for rangee in rangees), default=0)


def _read_xlsx(contenu: bytes, feuille: str, limites: Limites, apercu: int | None) -> Tableau:
    """The sheet asked for, else the first that holds a table. Formulas are not computed: the value they had is read."""
    try:
        with open_classeur(contenu, laisse=TableauIllisible) as classeur:
            noms = tuple(f.title for f in classeur.worksheets if f.sheet_state == "visible")
            nom, tableau = _read_feuilles(classeur, [feuille] if feuille in noms else noms, limites, apercu)
    except ClasseurIllisible as refus:
        raise TableauIllisible(str(refus)) from None
    return Tableau(tableau.entetes, tableau.lignes, nom, noms)


def _read_feuilles(
    classeur: Workbook, noms: Sequence[str], limites: Limites, apercu: int | None
) -> tuple[str, Tableau]:
    """A cover page or an empty sheet before the list is passed over; when all are empty, the first says why."""
    refus: TableauVide | None = None
    for nom in noms:
        page = classeur[nom]
        page.reset_dimensions()
        rangees = page.iter_rows(max_col=limites.colonnes + 1)
        try:
            fusions = list_fusions(page)
            lues = (tuple(_read_cell(c) for c in rangee) for rangee in rangees)
            return nom, _build(spread(lues, fusions), limites, apercu, fusions)
        except TropDeFusions:
            raise TableauIllisible(FUSIONNE) from None
        except TableauVide as vide:
            refus = refus or vide
    raise refus or TableauIllisible("Ce classeur n’a aucune feuille visible.")


def _read_cell(cellule: Any) -> Cellule:
    valeur = cellule.value
    if isinstance(valeur, float | int) and not isinstance(valeur, bool):
        nombre = Decimal(str(valeur))
        return nombre * 100 if "%" in (cellule.number_format or "") else nombre
    return _plain(valeur)


def _plain(valeur: Any) -> Cellule:
    if isinstance(valeur, datetime):
        return valeur.date()
    if isinstance(valeur, date):
        return valeur
    texte = "" if valeur is None else " ".join(str(valeur).split())
    return texte[:TEXTE_MAX] or None


def _build(
    rangees: Iterable[tuple[Cellule, ...]], limites: Limites, apercu: int | None, fusions: Sequence[Fusion] = ()
) -> Tableau:
    """The first row of several texts holds the titles, over several rows when some are merged so; what comes before is
    the heading of the page."""
    entetes: tuple[str, ...] = ()
    titres: list[tuple[Cellule, ...]] = []
    fin_titres = 0
    lignes: list[Ligne] = []
    cellules = 0
    for numero, rangee in enumerate(rangees, 1):
        if numero > limites.lignes:
            raise TableauIllisible(limites.trop_de_lignes)
        if not any(c is not None for c in rangee):
            continue
        if not entetes or numero <= fin_titres:
            if not entetes:
                fin_titres = min(find_depth(fusions, numero), numero + TITRES_DANS)
            titres = [*titres, rangee] if entetes else [rangee]
            entetes = _read_entetes(_stack(titres), limites)
            if not entetes and numero >= TITRES_DANS:
                break
            continue
        cellules += len(entetes)
        if cellules > limites.cellules:
            raise TableauIllisible(limites.trop_de_cellules)
        propre = rangee[: len(entetes)]
        lignes.append(Ligne(numero, propre + (None,) * (len(entetes) - len(propre))))
        if len(lignes) == apercu:
            break
    if not entetes:
        raise TableauVide("Aucune ligne de titres : le tableau doit avoir au moins deux colonnes titrées.")
    if not lignes:
        raise TableauVide("Ce tableau n’a aucune ligne sous ses titres.")
    return Tableau(entetes, tuple(lignes))


def _stack(rangees: Sequence[tuple[Cellule, ...]]) -> tuple[Cellule, ...]:
    """Titles of several rows as one: « Coordonnées » over « Téléphone » is « Coordonnées Téléphone »."""
    if len(rangees) == 1:
        return rangees[0]
    colonnes = zip(*rangees, strict=True)
    return tuple(" ".join(dict.fromkeys(write_cell(c) for c in cases if c is not None)) or None for cases in colonnes)


def _read_entetes(rangee: Sequence[Cellule], limites: Limites) -> tuple[str, ...]:
    """Distinct titles; empty when this row holds none."""
    dernier = max((rang for rang, c in enumerate(rangee) if c is not None), default=-1)
    utiles = rangee[: dernier + 1]
    if sum(isinstance(c, str) for c in utiles) < 2:
        return ()
    if len(utiles) > limites.colonnes:
        raise TableauIllisible(limites.trop_de_colonnes)
    titres: list[str] = []
    for rang, cellule in enumerate(utiles, 1):
        base = f"colonne {rang}" if cellule is None else write_cell(cellule)
        titre, copie = base, 2
        while titre in titres:
            titre, copie = f"{base} ({copie})", copie + 1
        titres.append(titre)
    return tuple(titres)


def write_cell(cellule: Cellule) -> str:
    """A cell as text, for a title, a label or a preview."""
    if cellule is None:
        return ""
    if isinstance(cellule, date):
        return f"{cellule:%d/%m/%Y}"
    return f"{cellule.normalize():f}" if isinstance(cellule, Decimal) else cellule
