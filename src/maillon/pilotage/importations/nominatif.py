"""Refusing a file that names people: Maillon takes totals here, never persons. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from maillon.regles.catalogue import fold

from .lecture import Cellule, ImportRefuse, Tableau, write_cell

# Titles that are those of persons, whole.
TITRES = {
    "nom", "noms", "nom prenom", "nom et prenom", "nom de naissance", "nom d usage", "nom usage", "nom patronymique",
    "nom du patient", "nom patient", "nom assure", "nom de l assure", "nom beneficiaire", "nom du beneficiaire",
    "patient", "assure", "adresse", "adresse postale",
}  # fmt: skip
# Words that no table of totals has in a title.
MOTS = {"prenom", "prenoms", "nir", "telephone", "portable", "courriel", "email", "mail", "rpps", "adeli"}
MORCEAUX = (
    "date de naissance",
    "date naissance",
    "ne e le",
    "nee le",
    "securite sociale",
    "numero d assure",
    "matricule",
)
SIGLES = {"ARS", "CPAM", "CNAM", "CPTS", "MSA", "SAS", "ALD", "CCAS", "EPCI", "MSP", "CDS", "CHU", "GCS", "IDE", "DEPT"}
ANS_NAISSANCE = 15  # dates older than this are births, not statistics
ASSEZ = 3  # cells from which a column is taken for what it looks like
_NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})?")
_TELEPHONE = re.compile(r"(?:\+33|0)[1-9]\d{8}")
_COURRIEL = re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_PERSONNE = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý'’-]+ [A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?")

CONSEIL = (
    "Maillon ne prend ici que des totaux : demandez à votre CPAM le tableau agrégé, "
    "ou retirez cette colonne. Le fichier n’a pas été gardé."
)


def refuse_nominatif(tableau: Tableau, *, on: date) -> None:
    """Raise ImportRefuse, naming the column, when a file looks like a list of people."""
    for rang, titre in enumerate(tableau.entetes):
        raison = _read_titre(fold(titre)) or _read_colonne([ligne.cellules[rang] for ligne in tableau.lignes], on)
        if raison:
            raise ImportRefuse(f"La colonne « {titre[:60]} » {raison}. {CONSEIL}")


def _read_titre(nu: str) -> str:
    if nu in TITRES or MOTS & set(nu.split()) or any(morceau in nu for morceau in MORCEAUX):
        return "désigne des personnes"
    return ""


def _read_colonne(cellules: Sequence[Cellule], on: date) -> str:
    naissances = sum(isinstance(c, date) and c.year < on.year - ANS_NAISSANCE for c in cellules)
    if naissances >= ASSEZ:
        return "contient des dates de naissance"
    textes = {write_cell(c) for c in cellules if c is not None and not isinstance(c, date)}
    if any(_is_nir(texte) for texte in textes):
        return "contient des numéros de sécurité sociale"
    if sum(bool(_COURRIEL.search(t) or _TELEPHONE.fullmatch(_dense(t))) for t in textes) >= ASSEZ:
        return "contient des coordonnées de personnes"
    if sum(_is_naissance(texte, on) for texte in textes) >= ASSEZ:
        return "contient des dates de naissance"
    return "contient des noms de personnes" if _looks_like_people(textes) else ""


def _dense(texte: str) -> str:
    return re.sub(r"[\s.\u00a0\u202f-]", "", texte)


def _is_nir(texte: str) -> bool:
    """A French social security number, with a right key when it bears one."""
    nu = _dense(texte).upper()
    if len(nu) not in (13, 15) or not _NIR.fullmatch(nu):
        return False
    if len(nu) == 13:
        return True
    corse = nu[:13].replace("2A", "19").replace("2B", "18")
    return corse.isdecimal() and 97 - int(corse) % 97 == int(nu[13:])


def _is_naissance(texte: str, on: date) -> bool:
    trouve = re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4})", texte)
    return trouve is not None and 1900 <= int(trouve[1]) < on.year - ANS_NAISSANCE


def _looks_like_people(textes: Iterable[str]) -> bool:
    """Most of the distinct texts read « DUPONT Marie » or « Marie DUPONT »."""
    distincts = list(textes)
    if len(distincts) < ASSEZ:
        return False
    noms = sum(_is_personne(texte) for texte in distincts)
    return noms >= ASSEZ and noms * 5 >= len(distincts) * 3


def _is_personne(texte: str) -> bool:
    mots = texte.split()
    if len(mots) != 2 or any(mot in SIGLES for mot in mots):
        return False
    return bool(_PERSONNE.fullmatch(texte) or _PERSONNE.fullmatch(f"{mots[1]} {mots[0]}"))
