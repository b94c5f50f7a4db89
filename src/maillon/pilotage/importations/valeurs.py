"""Numbers and days as the files of the Assurance Maladie write them. Pure."""

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum

from maillon.regles.catalogue import fold

from .lecture import Cellule, write_cell

MOIS = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre"]
MOIS += ["novembre", "decembre"]
_SECRETS = {"s", "ss", "s s", "secret", "secret statistique", "secret stat", "nd", "n d", "ns", "n s", "confidentiel"}
_JOUR = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_ANNEE_MOIS = re.compile(r"^(\d{4})[-/ ]?(\d{2})$")
_MOIS_ANNEE = re.compile(r"^(\d{1,2})[-/ ](\d{4})$")
_PARTIE = re.compile(r"^(?:(\d{4}) ?([ts])([1-4])|([ts]) ?([1-4]) ?(\d{4}))$")


class Secret(Enum):
    """A figure too small to be told: unknown, and above all not zero."""

    STATISTIQUE = "secret statistique"


SECRET = Secret.STATISTIQUE


class Illisible(ValueError):
    """What a cell holds instead of a number or a day, in words."""


def read_nombre(cellule: Cellule) -> Decimal | Secret:
    """« 69,9 % », « 1 234 », « 1.234,5 » as a number; « < 11 », « secret statistique » as SECRET."""
    if isinstance(cellule, Decimal):
        return _finite(cellule)
    if cellule is None:
        raise Illisible("la valeur manque (ou vient d’une formule sans résultat enregistré)")
    if isinstance(cellule, date):
        raise Illisible("une date se trouve à la place de la valeur")
    if re.fullmatch(r"(<|≤|moins de)\s*\d+", cellule.lower()) or fold(cellule) in _SECRETS:
        return SECRET
    nu = re.sub(r"[\s\u00a0\u202f%]", "", cellule)
    if "," in nu and "." in nu:
        milliers = "." if nu.rindex(",") > nu.rindex(".") else ","
        nu = nu.replace(milliers, "")
    elif re.fullmatch(r"-?\d{1,3}(\.\d{3}){2,}", nu):
        nu = nu.replace(".", "")
    nu = nu.replace(",", ".")
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?", nu):
        raise Illisible(f"« {cellule[:40]} » n’est pas un nombre")
    return _finite(Decimal(nu))


def _finite(nombre: Decimal) -> Decimal:
    try:
        arrondi = nombre.quantize(Decimal("0.0001"))
    except InvalidOperation:
        raise Illisible("ce nombre est trop grand") from None
    if not arrondi.is_finite() or abs(arrondi) >= 10**10:
        raise Illisible("ce nombre est trop grand")
    return arrondi


def read_jour(cellule: Cellule) -> date:
    """The day that a value describes: a day, or the last one of a month, quarter, half-year, year or interval."""
    if isinstance(cellule, date):
        return cellule
    if cellule is None:
        raise Illisible("la date manque")
    texte = write_cell(cellule)
    try:
        jours = [date(int(a), int(m), int(j)) for j, m, a in _JOUR.findall(texte)]
        jours += [date(int(a), int(m), int(j)) for a, m, j in _ISO.findall(texte)]
        return max(jours) if jours else _read_periode(fold(texte), texte)
    except ValueError:
        raise Illisible(f"« {texte[:40]} » n’est pas une date ni une période") from None


def _read_periode(nu: str, texte: str) -> date:
    mots = nu.split()
    if re.fullmatch(r"\d{4}", nu):
        return date(int(nu), 12, 31)
    if len(mots) == 2 and mots[0] in MOIS and mots[1].isdecimal():
        return _end_of_month(int(mots[1]), MOIS.index(mots[0]) + 1)
    if trouve := _PARTIE.match(nu.replace("trimestre", "t").replace("semestre", "s")):
        annee = int(trouve[1] or trouve[6])
        taille = 3 if (trouve[2] or trouve[4]) == "t" else 6
        rang = int(trouve[3] or trouve[5])
        return _end_of_month(annee, rang * taille)
    if trouve := _ANNEE_MOIS.match(nu):
        return _end_of_month(int(trouve[1]), int(trouve[2]))
    if trouve := _MOIS_ANNEE.match(nu):
        return _end_of_month(int(trouve[2]), int(trouve[1]))
    raise ValueError(texte)


def _end_of_month(annee: int, mois: int) -> date:
    if not 1 <= mois <= 12 or not 2000 <= annee <= 2100:
        raise ValueError(mois)
    return date(annee, mois, monthrange(annee, mois)[1])
