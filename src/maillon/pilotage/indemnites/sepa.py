"""The file of transfers sent to the bank: ISO 20022 pain.001, checked against its schema. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import sepaxml
from lxml import etree
from sepaxml import SepaTransfer
from stdnum import bic as stdnum_bic
from stdnum import iban as stdnum_iban

from maillon.regles.erreurs import SaisieInvalide

# The version that French banks take since the SEPA rulebook of 2023.
SCHEMA = "pain.001.001.09"
CENTS = 100


@dataclass(frozen=True, slots=True)
class Debite:
    """The community's account."""

    nom: str
    iban: str
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Ordre:
    """One transfer. `reference` comes back in the bank's statement (EndToEndId); `montant` in euros."""

    reference: str
    beneficiaire: str
    iban: str
    montant: Decimal
    libelle: str
    bic: str = ""


def check_iban(texte: str) -> str:
    """The IBAN without spaces. Raises SaisieInvalide when its key does not agree."""
    compact = stdnum_iban.compact(texte)
    if not stdnum_iban.is_valid(compact):
        raise SaisieInvalide("Cet IBAN ne passe pas sa clé de contrôle\u00a0: recopiez-le depuis le RIB.")
    return compact


def check_bic(texte: str) -> str:
    """The BIC in capitals, or nothing. Raises SaisieInvalide for an impossible one."""
    compact = texte.replace(" ", "").upper()
    if compact and not stdnum_bic.is_valid(compact):
        raise SaisieInvalide("Un BIC a 8 ou 11 caractères, par exemple CRLYFRPP. Il est facultatif.")
    return compact


class _Fichier(SepaTransfer):
    """The library's file under a message number of ours, by which the bank recognises one sent twice."""

    def __init__(self, config: dict[str, Any], message_id: str) -> None:
        self._message_id = message_id
        super().__init__(config, schema=SCHEMA, clean=True)

    def _create_header(self) -> None:
        self.msg_id = self._message_id
        super()._create_header()


def build_pain001(*, message_id: str, debite: Debite, ordres: list[Ordre], execution_le: date) -> bytes:
    """The pain.001 file of these transfers, valid against the ISO schema that the library ships.

    Raises SaisieInvalide without any transfer.
    """
    if not ordres:
        raise SaisieInvalide("Aucun virement à envoyer\u00a0: il n’y a rien à payer, ou il manque des IBAN.")
    # One debit a transfer on the statement: a single one for all would match none of them.
    config = {"name": debite.nom, "IBAN": debite.iban, "batch": False, "currency": "EUR"}
    if debite.bic:
        config["BIC"] = debite.bic
    fichier = _Fichier(config, message_id)
    for ordre in ordres:
        paiement = {
            "name": ordre.beneficiaire,
            "IBAN": ordre.iban,
            "amount": int(ordre.montant * CENTS),
            "execution_date": execution_le,
            "description": ordre.libelle,
            "endtoend_id": ordre.reference,
        }
        if ordre.bic:
            paiement["BIC"] = ordre.bic
        fichier.add_payment(paiement)
    # Checked by lxml: the library's own check takes a second and a half to read the schema, each time.
    contenu: bytes = fichier.export(validate=False)
    _load_schema().assertValid(etree.fromstring(contenu))
    return contenu


@cache
def _load_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"))
