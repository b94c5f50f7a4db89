"""Statements of a bank: CAMT.053 of several versions, CSV as banks export it, and files that are refused whole."""

from datetime import date
from decimal import Decimal

import pytest

from maillon.pilotage.indemnites.releves_banque import Mouvement, read_releve
from maillon.regles.erreurs import SaisieInvalide


def camt(entrees: str, version: str = "02", entete: str = "") -> bytes:
    espace = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    corps = f"<BkToCstmrStmt><Stmt>{entrees}</Stmt></BkToCstmrStmt>"
    return f'<?xml version="1.0"?>{entete}<Document xmlns="{espace}">{corps}</Document>'.encode()


def entree(montant: str, details: str, *, sens: str = "DBIT") -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{montant}</Amt><CdtDbtInd>{sens}</CdtDbtInd><BookgDt><Dt>2026-11-30</Dt></BookgDt>'
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def detail(reference: str, montant: str, reste: str = "") -> str:
    return f'<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy="EUR">{montant}</Amt>{reste}</TxDtls>'


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_grouped_debit_gives_its_transfers(version):
    lus = read_releve(camt(entree("150.00", detail("C1-1", "120.00") + detail("C1-2", "30.00")), version))
    assert [(m.reference, m.montant, m.le) for m in lus] == [
        ("C1-1", Decimal("120.00"), date(2026, 11, 30)),
        ("C1-2", Decimal("30.00"), date(2026, 11, 30)),
    ]


def test_a_returned_transfer_says_why():
    retour = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
    (lu,) = read_releve(camt(entree("30.00", detail("C1-2", "30.00", retour), sens="CRDT")))
    assert (lu.montant, lu.rejet) == (Decimal("-30.00"), "compte clos")


def test_a_csv_of_a_bank_is_read():
    texte = (
        "Date;Libellé;Débit euros;Crédit euros\n"
        "30/11/2026;VIR FERRAND MAEL C1-1;1 120,50;\n"
        "29/11/2026;ACI CPAM;;5 000,00\n"
    )
    assert read_releve(texte.encode("cp1252")) == (
        Mouvement(date(2026, 11, 30), Decimal("1120.50"), "VIR FERRAND MAEL C1-1"),
        Mouvement(date(2026, 11, 29), Decimal("-5000.00"), "ACI CPAM"),
    )


ENTITE = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
BOMBE = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("contenu", "phrase"),
    [
        (camt(entree("1", detail("&e;", "1")), entete=ENTITE), "déclarations|abîmé"),
        (camt(entree("1", detail("&b;", "1")), entete=BOMBE), "déclarations|abîmé"),
        (camt(entree("1", detail("x", "1")))[:-30], "abîmé"),
        (camt(entree("un", detail("x", "un"))), "lisible"),
        (b"<html><body>503</body></html>", "CAMT.053"),
        (b"Nom;Prenom\nA;B\n", "colonnes"),
        (b"Date;Libelle;Debit\nhier;X;12\n", "Ligne 2"),
        (b"Date;Libelle;Debit\n30/11/2026;X;=1+1\n", "montant"),
        (b"Date;Libelle;Debit\n30/11/2026;X;NaN\n", "montant"),
        (b"\x00\x01\x02", "texte lisible"),
        (b"<" + b"a" * (11 * 1024 * 1024), "10 Mo"),
    ],
    ids=["entity", "bomb", "cut", "amount", "html", "columns", "date", "formula", "not a number", "binary", "large"],
)
def test_a_bad_file_is_refused_with_a_sentence(contenu, phrase):
    with pytest.raises(SaisieInvalide, match=phrase):
        read_releve(contenu)
