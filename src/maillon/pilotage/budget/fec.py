"""The file of accounting entries in the eighteen columns of article A. 47 A-1 of the livre des procédures fiscales.

Pure. One entry a payment: the account of the category against the bank. Tabs, decimal comma, dates AAAAMMJJ.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .comptes import Compte

COLONNES = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
FORMULES = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Paiement:
    """Money that moved on the bank account; `montant` is positive when it came in. `cle` names the other account."""

    le: date
    valide_le: date
    reference: str
    libelle: str
    cle: str
    montant: Decimal


def build_lignes(paiements: Iterable[Paiement], plan: Mapping[str, Compte]) -> list[list[str]]:
    """Two lines a payment, whose debit and credit are equal; entries are numbered without gap, by date."""
    lignes = []
    ordonnes = sorted(paiements, key=lambda p: (p.le, p.reference))
    for numero, paiement in enumerate((p for p in ordonnes if p.montant), start=1):
        entre = paiement.montant > 0
        autre, banque = plan[paiement.cle], plan["banque"]
        # Money in: the bank is debited. Money out: the other account is.
        for compte, debite in ((autre, not entre), (banque, entre)):
            lignes.append(_ligne(numero, paiement, compte, abs(paiement.montant), debite=debite))
    return lignes


def _ligne(numero: int, paiement: Paiement, compte: Compte, montant: Decimal, *, debite: bool) -> list[str]:
    return [
        "BQ",
        "Banque",
        str(numero),
        _jour(paiement.le),
        compte.numero,
        _texte(compte.libelle),
        "",
        "",
        _texte(paiement.reference),
        _jour(paiement.le),
        _texte(paiement.libelle),
        _montant(montant if debite else Decimal(0)),
        _montant(Decimal(0) if debite else montant),
        "",
        "",
        _jour(paiement.valide_le),
        "",
        "",
    ]


def write_fec(lignes: Sequence[Sequence[str]]) -> bytes:
    """The file: a head, then the lines, separated by tabs, in UTF-8."""
    return "".join("\t".join(ligne) + "\r\n" for ligne in (COLONNES, *lignes)).encode("utf-8")


def name_fec(identifiant: str, cloture: date) -> str:
    """`123456789FEC20261231.txt`."""
    return f"{identifiant}FEC{_jour(cloture)}.txt"


def _jour(le: date) -> str:
    return f"{le:%Y%m%d}"


def _montant(montant: Decimal) -> str:
    return f"{montant:.2f}".replace(".", ",")


def _texte(texte: str) -> str:
    """One line without tab; a text that a spreadsheet would read as a formula gets an apostrophe in front."""
    propre = " ".join(texte.split())
    return "'" + propre if propre.startswith(FORMULES) else propre
