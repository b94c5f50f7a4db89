"""The sections as CSV, XLSX or PDF: the same tables as the screen, in the same order."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import typst
import xlsxwriter

from maillon.socle.horloge import now
from maillon.socle.ui.listes.exports import neutralise
from maillon.socle.ui.typographie import format_date_heure

from .tableaux import Contenu, Tableau, Valeur, show

GABARIT = Path(__file__).parent / "sections.typ"


def export_sections(contenu: Contenu, format_export: str) -> bytes:
    """The file of this format; KeyError for an unknown one."""
    return ECRIVAINS[format_export](contenu)


def _plain(valeur: Valeur) -> str | int | float:
    """A cell of a file: the figure as the screen rounds it, or a text that no spreadsheet runs."""
    if valeur is None:
        return ""
    return neutralise(valeur) if isinstance(valeur, str) else round(valeur, 1)


def _write_csv(contenu: Contenu) -> bytes:
    """UTF-8 with a byte order mark and semicolons; a blank line between sections."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";")
    plume.writerow([neutralise(contenu.titre)])
    plume.writerow([neutralise(contenu.sous_titre)])
    for section in contenu.sections:
        plume.writerow([])
        plume.writerow([neutralise(section.titre)])
        plume.writerow([neutralise(tete) for tete in section.tableau.entetes])
        for ligne in section.tableau.lignes:
            valeurs = [_plain(v) for v in ligne]
            plume.writerow([v if isinstance(v, str) else str(v).replace(".", ",") for v in valeurs])
    return sortie.getvalue().encode("utf-8-sig")


def _write_xlsx(contenu: Contenu) -> bytes:
    """A sheet a section."""
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        gras = classeur.add_format({"bold": True, "bottom": 1})
        for section in contenu.sections:
            feuille = classeur.add_worksheet(section.cle[:31])
            feuille.write_string(0, 0, neutralise(section.titre))
            feuille.write_string(1, 0, neutralise(contenu.sous_titre))
            for x, tete in enumerate(section.tableau.entetes):
                feuille.write_string(3, x, neutralise(tete), gras)
            for y, ligne in enumerate(section.tableau.lignes, start=4):
                for x, valeur in enumerate(_plain(v) for v in ligne):
                    feuille.write(y, x, valeur)
            feuille.set_column(0, 0, 42)
            feuille.set_column(1, 8, 18)
    return sortie.getvalue()


def _write_pdf(contenu: Contenu) -> bytes:
    """A tagged PDF, A4; the data go to typst as JSON, never as markup."""
    donnees = {
        "titre": contenu.titre,
        "sous_titre": contenu.sous_titre,
        "date": format_date_heure(now()),
        "sections": [{"titre": s.titre, "note": s.note, **_table(s.tableau)} for s in contenu.sections],
    }
    pdf: bytes = typst.compile(
        GABARIT.read_bytes(),
        sys_inputs={"donnees": json.dumps(donnees, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    return pdf


def _table(tableau: Tableau) -> dict[str, list[str] | list[list[str]]]:
    return {"entetes": list(tableau.entetes), "lignes": [[show(v) for v in ligne] for ligne in tableau.lignes]}


ECRIVAINS: dict[str, Callable[[Contenu], bytes]] = {"csv": _write_csv, "xlsx": _write_xlsx, "pdf": _write_pdf}
