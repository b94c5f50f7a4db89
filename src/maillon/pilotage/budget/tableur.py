"""Rows of a workbook or of a CSV, read with care, and a workbook written so that it can be read again."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.fichiers.classeurs import ClasseurIllisible, open_classeur
from maillon.socle.ui.listes.exports import DANGEREUX, neutralise

LIGNES_MAX = 5_000
COLONNES_MAX = 40
SEPARATEURS = ";,\t"
Rangee = tuple[int, list[Any]]  # a row, under its number in the file


def read_tableau(nom: str, contenu: bytes) -> tuple[list[str], list[Rangee]]:
    """Heads and rows of the first sheet that holds a table, or of a CSV. Raises SaisieInvalide with what to do."""
    feuilles = _read_xlsx(nom, contenu) if contenu[:2] == b"PK" else [_read_csv(nom, contenu)]
    for lignes in feuilles:
        rangees = [(rang, ligne) for rang, ligne in enumerate(lignes, 1) if _count_remplies(ligne)]
        while rangees and _count_remplies(rangees[0][1]) < 2:
            rangees.pop(0)  # the heading of the page, above the titles
        if len(rangees) >= 2:
            entetes = [str(valeur).strip() if valeur is not None else "" for valeur in rangees[0][1]]
            return entetes, rangees[1:]
    raise SaisieInvalide(f"« {nom} » n’a pas de lignes : la première donne les en-têtes, les suivantes les opérations.")


def _count_remplies(ligne: Sequence[Any]) -> int:
    return sum(valeur not in (None, "") for valeur in ligne)


def _read_xlsx(nom: str, contenu: bytes) -> list[list[list[Any]]]:
    """The rows of each visible sheet."""
    feuilles: list[list[list[Any]]] = []
    try:
        with open_classeur(contenu, laisse=SaisieInvalide) as classeur:
            for feuille in classeur.worksheets:
                if feuille.sheet_state != "visible":
                    continue
                lignes: list[list[Any]] = []
                feuille.reset_dimensions()
                for ligne in feuille.iter_rows(values_only=True, max_col=COLONNES_MAX):
                    _check_nombre(nom, lignes)
                    lignes.append(list(ligne))
                feuilles.append(lignes)
    except ClasseurIllisible as refus:
        raise SaisieInvalide(f"« {nom} » : {refus}") from None
    return feuilles


def _read_csv(nom: str, contenu: bytes) -> list[list[Any]]:
    try:
        texte = contenu.decode("utf-8-sig")
    except UnicodeDecodeError:
        texte = contenu.decode("cp1252", errors="replace")
    tete = texte.splitlines()[0] if texte.strip() else ""
    separateur = max(SEPARATEURS, key=tete.count)
    lignes: list[list[Any]] = []
    try:
        for ligne in csv.reader(io.StringIO(texte, newline=""), delimiter=separateur):
            _check_nombre(nom, lignes)
            lignes.append(list(ligne[:COLONNES_MAX]))
    except csv.Error:
        raise SaisieInvalide(
            f"« {nom} » a une case trop longue ou un guillemet jamais fermé. Enregistrez-le en .xlsx."
        ) from None
    return lignes


def _check_nombre(nom: str, lignes: Sequence[object]) -> None:
    if len(lignes) > LIGNES_MAX:
        raise SaisieInvalide(f"« {nom} » a plus de {LIGNES_MAX} lignes. Déposez-le en parties.")


def read_texte(valeur: Any) -> str:
    """A cell as text; the apostrophe of an export that kept a formula from running is taken away."""
    if valeur is None:
        return ""
    if isinstance(valeur, float) and valeur.is_integer():
        valeur = int(valeur)
    texte = " ".join(str(valeur).split())
    return texte[1:] if texte.startswith("'") and texte[1:].startswith(DANGEREUX) else texte


def read_jour(valeur: Any) -> date | None:
    """A day, from a cell of a workbook or from its text; None when it is not one."""
    if isinstance(valeur, datetime):
        return valeur.date()
    if isinstance(valeur, date):
        return valeur
    for forme in ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"):
        try:
            return datetime.strptime(read_texte(valeur)[:10], forme).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def read_montant(valeur: Any) -> Decimal | None:
    """Euros and cents; None when it is not an amount."""
    if isinstance(valeur, bool):
        return None
    texte = str(valeur) if isinstance(valeur, int | float | Decimal) else read_texte(valeur)
    for signe in (" ", "\u00a0", "\u202f", "€"):
        texte = texte.replace(signe, "")
    if "," in texte:
        texte = texte.replace(".", "").replace(",", ".")
    try:
        montant = Decimal(texte)
    except ArithmeticError:
        return None
    return montant.quantize(Decimal("0.01")) if montant.is_finite() and abs(montant) < 10**10 else None


def write_classeur(titre: str, entetes: Sequence[str], lignes: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet, with typed cells and a fixed head."""
    sortie = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(sortie, options) as classeur:
        feuille = classeur.add_worksheet(titre)
        gras = classeur.add_format({"bold": True, "bottom": 1})
        euros = classeur.add_format({"num_format": '#,##0.00 "€"'})
        jour = classeur.add_format({"num_format": "dd/mm/yyyy"})
        for x, entete in enumerate(entetes):
            feuille.write_string(0, x, entete, gras)
            feuille.set_column(x, x, max(len(entete) + 2, 14))
        for y, ligne in enumerate(lignes, start=1):
            for x, valeur in enumerate(ligne):
                if isinstance(valeur, Decimal):
                    feuille.write_number(y, x, valeur, euros)
                elif isinstance(valeur, date):
                    feuille.write_datetime(y, x, datetime(valeur.year, valeur.month, valeur.day), jour)  # noqa: DTZ001
                elif valeur:
                    feuille.write_string(y, x, neutralise(str(valeur)))
        feuille.freeze_panes(1, 0)
    return sortie.getvalue()
