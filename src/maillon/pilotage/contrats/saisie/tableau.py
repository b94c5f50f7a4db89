"""A pasted text, a CSV or an Excel file as rows of cells. Size first: what is too big is refused before being read."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from maillon.socle.fichiers.classeurs import ClasseurIllisible, open_classeur
from maillon.socle.fichiers.contenu import detect_type
from maillon.socle.fichiers.enums import TypeFichier

LIGNES_MAX = 500
COLONNES_MAX = 40
CASE_MAX = 2_000
TEXTE_MAX = 200_000  # bytes
CLASSEUR_MAX = 2_000_000
FEUILLES_MAX = 10
Tableau = list[list[str]]


class TableauRefuse(ValueError):
    """Why a table is not read, in one French sentence that says what to do."""


def read_texte(texte: str) -> Tableau:
    """A pasted table: by tabs (Excel, Word), semicolons, bars, or columns aligned by spaces."""
    if len(texte.encode("utf-8", "replace")) > TEXTE_MAX:
        raise TableauRefuse(
            "Ce texte dépasse 200 ko. Collez seulement le tableau des indicateurs, mission par mission."
        )
    texte = texte.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    lignes = [ligne for ligne in texte.split("\n") if ligne.strip()]
    if not lignes:
        raise TableauRefuse("Il n’y a rien à lire : copiez le tableau de votre annexe, puis collez-le ici.")
    if "\t" in texte:
        return _bound(_read_csv(texte, "\t"))
    if lignes[0].count("|") > 1:
        return _bound(
            [c.strip() for c in ligne.strip().strip("|").split("|")] for ligne in lignes if set(ligne) - set("|-+: ")
        )
    if _is_semicolons(lignes):
        return _bound(_read_csv(texte, ";"))
    return _bound(_split_aligned(ligne) for ligne in lignes)


def read_fichier_tableau(nom: str, contenu: bytes) -> Tableau:
    """A CSV, text or XLSX file, by its content."""
    if len(contenu) > CLASSEUR_MAX:
        raise TableauRefuse(f"« {nom} » dépasse 2 Mo. Gardez dans un fichier à part la seule feuille des indicateurs.")
    type_fichier = detect_type(contenu)
    if type_fichier is TypeFichier.XLSX:
        return _read_classeur(nom, contenu)
    if type_fichier is not TypeFichier.TXT and not contenu.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableauRefuse(
            f"« {nom} » n’est ni un tableau Excel (.xlsx) ni un CSV. "
            "Enregistrez-le sous l’un de ces formats, ou copiez-collez le tableau."
        )
    return read_texte(_decode(contenu))


def _decode(contenu: bytes) -> str:
    codages = ("utf-16", "cp1252") if contenu[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for codage in codages:
        try:
            return contenu.decode(codage)
        except UnicodeDecodeError:
            continue
    return contenu.decode("latin-1")


def _is_semicolons(lignes: list[str]) -> bool:
    """Every line has them, and they are not those of tiers written « seuil : montant ; seuil : montant »."""
    if any(";" not in ligne for ligne in lignes[:1]):
        return False
    premieres = lignes[0].split(";")
    return not any(re.search(r"[:→=]|->", case) for case in premieres) or all(
        ligne.count(";") == len(premieres) - 1 for ligne in lignes
    )


def _split_aligned(ligne: str) -> list[str]:
    """Columns set apart by two spaces or more; else « libellé : paliers »."""
    cases = re.split(r"[ \u00a0]{2,}", ligne.strip())
    if len(cases) == 1 and re.search(r"\d", ligne):
        libelle, deux_points, suite = ligne.strip().partition(":")
        if deux_points and re.search(r"\d", suite):
            return [libelle.strip(), suite.strip()]
    return cases


def _read_csv(texte: str, separateur: str) -> Iterable[list[str]]:
    try:
        yield from csv.reader(io.StringIO(texte, newline=""), delimiter=separateur)
    except csv.Error:
        raise TableauRefuse(
            "Ce tableau a une case trop longue ou un guillemet jamais fermé. Copiez de nouveau le tableau seul."
        ) from None


def _bound(lignes: Iterable[Iterable[str]]) -> Tableau:
    """Rows that say something, of one width, within bounds."""
    gardees: Tableau = []
    for ligne in lignes:
        cases = [str(case).strip() for case in ligne]
        if not any(cases):
            continue
        if len(gardees) == LIGNES_MAX:
            raise TableauRefuse(
                f"Ce tableau a plus de {LIGNES_MAX} lignes. Collez-le en plusieurs fois, mission par mission."
            )
        while cases and not cases[-1]:
            cases.pop()
        if len(cases) > COLONNES_MAX:
            raise TableauRefuse(
                f"Ce tableau a plus de {COLONNES_MAX} colonnes. Gardez celles des indicateurs et des paliers."
            )
        if any(len(case) > CASE_MAX for case in cases):
            raise TableauRefuse(
                f"La ligne {len(gardees) + 1} a une case de plus de {CASE_MAX} caractères : "
                "ce n’est sans doute pas le tableau des indicateurs."
            )
        gardees.append(cases)
    if not gardees:
        raise TableauRefuse("Ce tableau est vide : copiez celui de votre annexe, avec sa ligne de titres.")
    largeur = max(len(ligne) for ligne in gardees)
    return [ligne + [""] * (largeur - len(ligne)) for ligne in gardees]


def _read_classeur(nom: str, contenu: bytes) -> Tableau:
    """The sheet with the most text among the first ones; formulas by their last computed value."""
    try:
        with open_classeur(contenu) as classeur:
            feuilles = [_read_feuille(feuille) for feuille in classeur.worksheets[:FEUILLES_MAX]]
    except ClasseurIllisible as refus:
        raise TableauRefuse(f"« {nom} » : {refus} Ou copiez-collez le tableau.") from None
    pleines = [feuille for feuille in feuilles if any(any(ligne) for ligne in feuille)]
    if not pleines:
        raise TableauRefuse(f"« {nom} » n’a aucune feuille remplie.")
    return _bound(max(pleines, key=lambda feuille: sum(len(case) > 3 for ligne in feuille for case in ligne)))


def _read_feuille(feuille: Any) -> Tableau:
    lignes = feuille.iter_rows(max_row=LIGNES_MAX * 3, max_col=COLONNES_MAX + 1)
    return [[_show(case.value, case.number_format) for case in ligne] for ligne in lignes]


def _show(valeur: object, masque: str | None) -> str:
    """A cell as a person would read it: « 69,7 % », « 3000 € », « 22/12/2023 »."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, int | float | Decimal):
        nombre = Decimal(str(valeur))
        if not nombre.is_finite():
            return ""
        suffixe = " %" if "%" in (masque or "") else " €" if "€" in (masque or "") else ""
        nombre = round(nombre * 100, 4) if suffixe == " %" else round(nombre, 4)
        texte = f"{nombre:f}"
        texte = texte.rstrip("0").rstrip(".") if "." in texte else texte
        return texte.replace(".", ",") + suffixe
    if isinstance(valeur, datetime | date):
        return f"{valeur:%d/%m/%Y}"
    return str(valeur)
