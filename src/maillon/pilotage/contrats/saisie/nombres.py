"""Numbers, euros and dates as people write them in French tables. Pure; an unreadable text raises Illisible."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

ESPACES = " \u00a0\u202f\u2009\u2007"
# Thousands by groups of three, or plain digits; decimals after a comma or a point. At most 12 digits: euros, people.
NOMBRE = rf"(?:\d{{1,3}}(?:[{ESPACES}]\d{{3}})+(?!\d)|\d{{1,12}})(?:[.,]\d{{1,6}})?(?!\d)"
EURO = r"(?:k\s?€|€|euros?\b|eur\b)"
MOTS = {
    "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11,
    "douze": 12, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "cent": 100,
}  # fmt: skip
_MOTS = re.compile(rf"\b({'|'.join(MOTS)})\b", re.IGNORECASE)
_SEUL = re.compile(rf"\s*(?P<moins>[-−–]?)\s*(?P<nombre>{NOMBRE})\s*(?P<suite>%|{EURO}|pts?\b|points?\b)?\s*", re.I)


class Illisible(ValueError):
    """Why a text is not read, in one French sentence."""


def clean(texte: str) -> str:
    """One line, one kind of space, no invisible character; arrows and dashes of one kind each."""
    texte = unicodedata.normalize("NFC", texte)
    texte = "".join(
        " " if c in ESPACES or c in "\t\r\v\f" else c
        for c in texte
        if c == "\n" or c.isprintable() or c in ESPACES + "\t\r\v\f"
    )
    texte = re.sub(r"-{1,3}>|={1,3}>|⇒|➔|➜|►|⟶", "→", texte)
    return re.sub(r"[‒–—−‑]", "-", texte).strip()


def fold(texte: str) -> str:
    """Lower case without accents nor punctuation: what words are compared with."""
    plat = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("’", "'")).casefold()
    plat = "".join(c for c in plat if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^a-z0-9%€+<>=-]+", " ", plat).split())


def spell_out(texte: str) -> str:
    """« deux soirées » → « 2 soirées »."""
    return _MOTS.sub(lambda trouve: str(MOTS[trouve[1].casefold()]), texte)


def to_decimal(ecrit: str, *, euros: bool = False) -> Decimal:
    """Decimal of a text that matches NOMBRE. « 3.000 » is thousands in euros, and refused elsewhere as ambiguous."""
    brut = re.sub(rf"[{ESPACES}]", "", ecrit)
    if re.fullmatch(r"\d{1,3}\.\d{3}", brut):
        if not euros:
            raise Illisible(
                f"« {brut} » se lit de deux façons : écrivez {brut.replace('.', ' ')} ou {brut.replace('.', ',')}."
            )
        brut = brut.replace(".", "")
    return Decimal(brut.replace(",", "."))


def read_nombre(texte: str, *, nom: str = "ce nombre") -> Decimal | None:
    """A number with its unit sign (%, points); None for an empty text."""
    return _read(texte, nom, euros=False)


def read_euros(texte: str, *, nom: str = "ce montant") -> Decimal | None:
    """Euros to the cent, never negative; None for an empty text."""
    montant = _read(texte, nom, euros=True)
    if montant is None:
        return None
    if montant < 0:
        raise Illisible(f"« {texte.strip()[:40]} » est négatif : donnez un montant positif.")
    if montant != round(montant, 2):
        raise Illisible(f"« {texte.strip()[:40]} » va au-delà du centime.")
    return montant


def _read(texte: str, nom: str, *, euros: bool) -> Decimal | None:
    propre = clean(texte)
    if fold(propre) in ("", "-", "nc", "so", "sans objet", "n a", "na"):
        return None
    trouve = _SEUL.fullmatch(propre.replace("\n", " "))
    if trouve is None:
        exemple = "1 000 ou 1 000,50" if euros else "219 ou 69,70"
        raise Illisible(f"« {propre[:40]} » n’est pas un nombre : pour {nom}, écrivez par exemple {exemple}.")
    valeur = to_decimal(trouve["nombre"], euros=euros or "€" in (trouve["suite"] or ""))
    if (trouve["suite"] or "").casefold().startswith("k"):
        valeur *= 1000
    return -valeur if trouve["moins"] else valeur


_MOIS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)


def read_date(texte: str) -> date | None:
    """A day: 22/12/2023, 2023-12-22, 22.12.2023 or 22 décembre 2023; None for an empty text."""
    plat = fold(texte)
    if not plat:
        return None
    if trouve := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00 00(?: 00)?)?", plat):
        annee, mois, jour = (int(n) for n in trouve.groups())
    elif trouve := re.fullmatch(r"(\d{1,2})[ -](\d{1,2})[ -](\d{4})", plat):
        jour, mois, annee = (int(n) for n in trouve.groups())
    elif (trouve := re.fullmatch(r"(?:le )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})", plat)) and trouve[2] in _MOIS:
        jour, mois, annee = int(trouve[1]), _MOIS.index(trouve[2]) + 1, int(trouve[3])
    else:
        raise Illisible(f"« {texte.strip()[:40]} » n’est pas une date : écrivez par exemple 22/12/2023.")
    try:
        return date(annee, mois, jour)
    except ValueError:
        raise Illisible(f"« {texte.strip()[:40]} » n’existe pas au calendrier.") from None
