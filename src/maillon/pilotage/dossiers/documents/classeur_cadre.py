"""What the sheets of the workbook share: formats, heads, cells written safely."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from maillon.socle.ui.listes.exports import neutralise

from .mots import say_sceau

BAISSE, HAUSSE = "à la baisse", "à la hausse"
TITRES = 3  # rows above the heads of columns: title, seal, empty


class Formats(NamedTuple):
    titre: Format
    discret: Format
    tete: Format
    texte: Format
    euros: Format
    total: Format
    total_texte: Format
    nombre: Format
    date: Format
    saisie: Format
    saisie_euros: Format


class Place(NamedTuple):
    """Where an indicator and its tiers lie: rows as the spreadsheet counts them, from 1."""

    indicateur: int
    premier: int
    dernier: int


def build_formats(classeur: xlsxwriter.Workbook) -> Formats:
    euros = '#,##0.00 "€"'
    saisie = {"bg_color": "#FFF6E5", "border": 1, "border_color": "#D9C7A5"}
    return Formats(
        titre=classeur.add_format({"bold": True, "font_size": 14, "font_color": "#0B5C5A"}),
        discret=classeur.add_format({"font_color": "#55615F"}),
        tete=classeur.add_format(
            {"bold": True, "bottom": 2, "text_wrap": True, "valign": "top", "bg_color": "#EEF3F2"}
        ),
        texte=classeur.add_format({"text_wrap": True, "valign": "top"}),
        euros=classeur.add_format({"num_format": euros, "valign": "top"}),
        total=classeur.add_format({"num_format": euros, "bold": True, "top": 1}),
        total_texte=classeur.add_format({"bold": True, "top": 1}),
        nombre=classeur.add_format({"num_format": "#,##0.####", "valign": "top"}),
        date=classeur.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "align": "left"}),
        saisie=classeur.add_format({"num_format": "#,##0.####", "valign": "top", **saisie}),
        saisie_euros=classeur.add_format({"num_format": euros, "valign": "top", **saisie}),
    )


def list_indicateurs(matiere: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each indicator with its mission, in the order of the contract."""
    return [(mission, i) for mission in matiere["chiffres"]["missions"] for i in mission["indicateurs"]]


def place_indicateurs(matiere: dict[str, Any]) -> dict[str, Place]:
    places, ligne = {}, TITRES + 2
    for rang, (_, indicateur) in enumerate(list_indicateurs(matiere)):
        nombre = len(indicateur["paliers"])
        places[indicateur["id"]] = Place(TITRES + 2 + rang, ligne, ligne + nombre - 1)
        ligne += nombre
    return places


def row_of_close(matiere: dict[str, Any]) -> int:
    """Row of the cell of Synthèse that says whether the year is closed."""
    return TITRES + 4 + len(matiere["chiffres"]["missions"])


def write_head(
    feuille: Worksheet, titre: str, matiere: dict[str, Any], colonnes: list[tuple[str, int]], f: Formats
) -> None:
    """Title, seal, heads of columns with their widths; the heads stay in sight."""
    feuille.write_string(0, 0, titre, f.titre)
    feuille.write_string(1, 0, neutralise(f"{matiere['communaute']['nom']}. {say_sceau(matiere)}"), f.discret)
    for x, (nom, largeur) in enumerate(colonnes):
        feuille.write_string(TITRES, x, nom, f.tete)
        feuille.set_column(x, x, largeur)
    feuille.freeze_panes(TITRES + 1, 1)


def set_page(feuille: Worksheet, matiere: dict[str, Any]) -> None:
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(TITRES)
    feuille.set_footer(f"&L&8{say_sceau(matiere).replace('&', '&&')}&R&8&P / &N")
    feuille.hide_gridlines(2)


def write_text(feuille: Worksheet, y: int, x: int, texte: str, forme: Format) -> None:
    feuille.write_string(y, x, neutralise(texte), forme)


def write_number(feuille: Worksheet, y: int, x: int, valeur: str | None, forme: Format) -> None:
    if valeur is None:
        feuille.write_blank(y, x, None, forme)
    else:
        feuille.write_number(y, x, float(Decimal(valeur)), forme)


def write_date(feuille: Worksheet, y: int, x: int, iso: str | None, forme: Format) -> None:
    if iso:
        feuille.write_datetime(y, x, date.fromisoformat(iso), forme)


def write_formula(feuille: Worksheet, y: int, x: int, formule: str, forme: Format, valeur: Decimal | str) -> None:
    """A formula with the figure it gives, so that a reader that does not compute shows ours."""
    feuille.write_formula(y, x, formule, forme, float(valeur) if isinstance(valeur, Decimal) else valeur)
