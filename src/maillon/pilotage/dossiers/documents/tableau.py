"""The CPAM's own table: the places found in it, what we propose to put there, and the same workbook filled."""

import io
import re
import unicodedata
import zipfile
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from maillon.socle.fichiers.classeurs import ClasseurIllisible, open_classeur

from .chiffres import Chiffre

REPERE = re.compile(r"^\s*\{\{\s*([^{}]{1,80}?)\s*\}\}\s*$")
PLACES_MAX = 500
CELLULES_MAX = 200_000
# What openpyxl does not keep: better refuse than give back a table without its drawings.
PERDUS = ("xl/charts/", "xl/drawings/", "xl/externalLinks/", "xl/pivotTables/", "xl/activeX/", "xl/embeddings/")
MOTS_VIDES = frozenset(
    {"de", "du", "des", "le", "la", "les", "un", "une", "et", "a", "au", "aux", "en", "d", "l", "par"}
)


NOTE = "À confirmer : aucun texte lu n’établit encore ce montant."


class TableauRefuse(ValueError):
    """Why a workbook is not kept as a model, in one French sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure may go: a named cell or a `{{mark}}`. `mots`: what the cells beside it say."""

    nom: str
    feuille: str
    cellule: str
    genre: str
    mots: str = ""


def read_places(contenu: bytes) -> list[Place]:
    """The named cells and marks of a workbook, in the order of its sheets. Raises TableauRefuse."""
    classeur = _open(contenu)
    places = {place.nom: place for place in _named(classeur)}
    for place in _marked(classeur):
        places.setdefault(place.nom, place)
    if not places:
        raise TableauRefuse(
            "Ce classeur n’a ni cellule nommée ni repère « {{…}} » : Maillon ne sait pas où écrire. "
            "Nommez les cellules à remplir (Formules, Définir un nom), ou écrivez-y un repère comme {{plafond}}."
        )
    if len(places) > PLACES_MAX:
        raise TableauRefuse(f"Ce classeur a {len(places)} cellules à remplir ; la limite est de {PLACES_MAX}.")
    return list(places.values())


def _open(contenu: bytes) -> openpyxl.Workbook:
    try:
        with open_classeur(contenu, entier=True, laisse=TableauRefuse) as classeur:
            _check_membres(contenu)
            return classeur
    except ClasseurIllisible as refus:
        raise TableauRefuse(str(refus)) from None


def _check_membres(contenu: bytes) -> None:
    """Refuse what would be lost, or run."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        noms = archive.namelist()
    if any(nom.lower().endswith("vbaproject.bin") for nom in noms):
        raise TableauRefuse("Ce classeur contient des macros. Enregistrez-le en .xlsx, sans macro.")
    if any(nom.startswith(PERDUS) for nom in noms):
        raise TableauRefuse(
            "Ce classeur contient des dessins, des graphiques, des tableaux croisés ou des liens vers d’autres "
            "classeurs, qui seraient perdus. Demandez-en une version sans eux, ou ôtez-les."
        )


def _named(classeur: openpyxl.Workbook) -> list[Place]:
    noms: list[tuple[str, DefinedName]] = list(classeur.defined_names.items())
    for feuille in classeur.worksheets:
        noms += list(feuille.defined_names.items())
    places = []
    for nom, defini in noms:
        cible = _single_cell(classeur, defini)
        if cible is not None and not nom.startswith("_xlnm"):
            feuille, cellule = cible
            places.append(Place(nom, feuille, cellule, "nom", _words_beside(classeur[feuille], cellule)))
    return places


def _single_cell(classeur: openpyxl.Workbook, defini: DefinedName) -> tuple[str, str] | None:
    """The one cell that a name points to; None for a range, a formula or a name that points nowhere."""
    try:
        cibles = list(defini.destinations)
    except (AttributeError, TypeError, ValueError):
        return None
    if len(cibles) != 1:
        return None
    feuille, plage = cibles[0]
    cellule = plage.replace("$", "")
    if feuille not in classeur.sheetnames or not re.fullmatch(r"[A-Z]{1,3}\d{1,7}", cellule):
        return None
    cible = classeur[feuille][cellule]
    # A formula is the CPAM's own: it is never written over.
    return None if isinstance(cible, MergedCell) or cible.data_type == "f" else (feuille, cellule)


def _marked(classeur: openpyxl.Workbook) -> list[Place]:
    places, vues = [], 0
    for feuille in classeur.worksheets:
        for ligne in feuille.iter_rows():
            vues += len(ligne)
            if vues > CELLULES_MAX:
                raise TableauRefuse("Ce classeur est trop grand pour un tableau à remplir. Gardez les feuilles utiles.")
            for cellule in ligne:
                trouve = REPERE.match(cellule.value) if isinstance(cellule.value, str) else None
                if trouve:
                    mots = _words_beside(feuille, cellule.coordinate)
                    places.append(Place(trouve[1], feuille.title, cellule.coordinate, "repère", mots))
    return places


def _words_beside(feuille: Any, adresse: str) -> str:
    """The nearest text to the left and above: what the table itself says of the cell."""
    cellule: Cell = feuille[adresse]
    mots = []
    for dx, dy in ((-1, 0), (0, -1)):
        x, y = cellule.column + dx, cellule.row + dy
        while x >= 1 and y >= 1:
            valeur = feuille.cell(y, x).value
            if isinstance(valeur, str) and not REPERE.match(valeur) and not valeur.startswith("="):
                mots.append(valeur.strip()[:120])
                break
            x, y = x + dx, y + dy
    return " ; ".join(mots)


def propose(places: list[Place], chiffres: list[Chiffre]) -> dict[str, str]:
    """Place's name → figure's code: by the very code, else by words in common; nothing rather than a doubtful guess."""
    codes = {_plain(chiffre.code): chiffre.code for chiffre in chiffres}
    mots_de = {chiffre.code: _words(f"{chiffre.libelle} {chiffre.code}") for chiffre in chiffres}
    trouves = {}
    for place in places:
        code = codes.get(_plain(place.nom)) or _closest(_words(place.nom), mots_de)
        code = code or _closest(_words(f"{place.nom} {place.mots}"), mots_de)
        if code:
            trouves[place.nom] = code
    return trouves


def _closest(mots: frozenset[str], mots_de: dict[str, frozenset[str]]) -> str:
    """The figure whose words are most like; empty when two are as like, or when less than half is shared."""
    notes = sorted(
        ((2 * len(mots & siens) / ((len(mots) + len(siens)) or 1), code) for code, siens in mots_de.items()),
        reverse=True,
    )
    if not notes or notes[0][0] < 0.5 or (len(notes) > 1 and notes[1][0] == notes[0][0]):
        return ""
    return notes[0][1]


def _plain(texte: str) -> str:
    sans = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", sans).strip("_")


def _words(texte: str) -> frozenset[str]:
    """Plain words, without plural nor little words."""
    return frozenset(
        mot[:-1] if len(mot) > 3 and mot.endswith("s") else mot
        for mot in _plain(texte).split("_")
        if mot and mot not in MOTS_VIDES
    )


def fill(
    contenu: bytes, places: list[Place], correspondances: dict[str, str], chiffres: list[Chiffre], *, sceau: str
) -> tuple[bytes, list[str]]:
    """The same workbook with its figures, and in sentences what could not be written or is to be confirmed.

    Styles, formulas, names and every other cell stay as they are. The seal is written in the workbook's properties.
    """
    classeur = _open(contenu)
    valeurs = {chiffre.code: chiffre for chiffre in chiffres}
    manques = []
    for place in places:
        chiffre = valeurs.get(correspondances.get(place.nom, ""))
        if chiffre is None:
            raison = "aucun chiffre choisi" if place.nom not in correspondances else "ce chiffre n’existe plus"
            manques.append(f"« {place.nom} » ({place.feuille}, {place.cellule}) : {raison}.")
            continue
        if chiffre.valeur is None:
            manques.append(f"« {place.nom} » ({place.feuille}, {place.cellule}) : {chiffre.libelle} n’est pas connu.")
            continue
        cellule = classeur[place.feuille][place.cellule]
        _write(cellule, chiffre.valeur)
        if chiffre.a_confirmer:
            cellule.comment = Comment(NOTE, "Maillon")
            manques.append(f"« {place.nom} » ({place.feuille}, {place.cellule}) : montant à confirmer, noté sur place.")
    classeur.properties.description = sceau
    # Formulas are the CPAM's: they are computed when the workbook opens.
    classeur.calculation.fullCalcOnLoad = True
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue(), manques


def _write(cellule: Cell, valeur: str | Decimal | date) -> None:
    """The value in the cell, its style kept; a text never becomes a formula."""
    if isinstance(valeur, Decimal):
        cellule.value = int(valeur) if valeur == valeur.to_integral_value() else float(valeur)
    elif isinstance(valeur, date):
        cellule.value = valeur
    else:
        cellule.value = valeur
        cellule.data_type = "s"


def places_to_json(places: list[Place]) -> list[dict[str, str]]:
    return [asdict(place) for place in places]


def places_of_json(lignes: list[dict[str, str]]) -> list[Place]:
    return [Place(**ligne) for ligne in lignes]
