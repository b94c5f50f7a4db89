"""CSV, XLSX and PDF of a list: exactly the rows and columns selected on screen, safe to open in a spreadsheet."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from django.utils import timezone

from maillon.socle import horloge

from .. import typographie
from .modele import Colonne, Liste

DANGEREUX = ("=", "+", "-", "@", "\t", "\r")
GABARIT = Path(__file__).parent / "liste.typ"
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def neutralise(texte: str) -> str:
    """A text that a spreadsheet would read as a formula gets an apostrophe in front (OWASP, CSV injection)."""
    return "'" + texte if texte.startswith(DANGEREUX) else texte


def _local(valeur: Any) -> Any:
    if isinstance(valeur, datetime) and timezone.is_aware(valeur):
        return timezone.localtime(valeur).replace(tzinfo=None)
    return valeur


def _iso(valeur: Any) -> str:
    """A cell of a CSV: ISO dates, decimal comma, neutralised text."""
    valeur = _local(valeur)
    if valeur is None:
        return ""
    if isinstance(valeur, datetime):
        return valeur.isoformat(sep=" ", timespec="minutes")
    if isinstance(valeur, date):
        return valeur.isoformat()
    if isinstance(valeur, int | float | Decimal):
        return str(valeur).replace(".", ",")
    return neutralise(str(valeur))


def write_csv(liste: Liste) -> bytes:
    """UTF-8 with a byte order mark and semicolons: what French spreadsheets open without asking."""
    entetes, lignes = liste.build_table()
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";")
    plume.writerow([neutralise(e) for e in entetes])
    plume.writerows([_iso(v) for v in ligne] for ligne in lignes)
    return sortie.getvalue().encode("utf-8-sig")


def write_xlsx(liste: Liste) -> bytes:
    """A workbook with typed cells, filter arrows and a fixed head; texts are never read as formulas."""
    entetes, lignes = liste.build_table()
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        feuille = classeur.add_worksheet(
            (liste.export_nom or "liste").translate(str.maketrans("", "", "[]:*?/\\"))[:31]
        )
        gras = classeur.add_format({"bold": True, "bottom": 1})
        formats = {
            "euros": classeur.add_format({"num_format": '#,##0.00 "€"'}),
            "date": classeur.add_format({"num_format": "dd/mm/yyyy"}),
            "date_heure": classeur.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        for x, entete in enumerate(entetes):
            feuille.write_string(0, x, neutralise(entete), gras)
        largeurs = [len(e) for e in entetes]
        for y, ligne in enumerate(lignes, start=1):
            for x, valeur in enumerate(_local(v) for v in ligne):
                largeurs[x] = max(largeurs[x], min(len(_iso(valeur)), 60))
                if valeur is None:
                    continue
                if isinstance(valeur, datetime):
                    feuille.write_datetime(y, x, valeur, formats["date_heure"])
                elif isinstance(valeur, date):
                    feuille.write_datetime(y, x, valeur, formats["date"])
                elif isinstance(valeur, int | float | Decimal):
                    feuille.write_number(y, x, valeur, formats.get(liste.colonnes_visibles[x].genre))
                else:
                    feuille.write_string(y, x, neutralise(str(valeur)))
        for x, largeur in enumerate(largeurs):
            feuille.set_column(x, x, largeur + 2)
        feuille.freeze_panes(1, 0)
        if lignes:
            feuille.autofilter(0, 0, len(lignes), len(entetes) - 1)
    return sortie.getvalue()


def write_pdf(liste: Liste) -> bytes:
    """A tagged PDF, A4, landscape beyond five columns; the data go to typst as JSON, never as markup."""
    entetes, lignes = liste.build_table()
    colonnes: list[Colonne] = liste.colonnes_visibles
    donnees = {
        "titre": liste.titre,
        "criteres": " ; ".join(liste.criteres),
        "compte": typographie.compter(len(lignes), *liste.objet),
        "date": typographie.format_date_heure(horloge.now()),
        "paysage": len(entetes) > 5,
        "entetes": entetes,
        "nombres": [c.is_nombre for c in colonnes],
        "lignes": [[c.show(v) for c, v in zip(colonnes, ligne, strict=True)] for ligne in lignes],
    }
    pdf: bytes = typst.compile(
        GABARIT.read_bytes(),
        sys_inputs={"donnees": json.dumps(donnees, ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    return pdf


ECRIVAINS = {"csv": write_csv, "xlsx": write_xlsx, "pdf": write_pdf}
