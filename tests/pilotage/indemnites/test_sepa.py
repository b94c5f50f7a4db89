"""The file of transfers: valid against the ISO schema, and the same money as asked."""

import re
from datetime import date
from decimal import Decimal

import pytest

from maillon.pilotage.indemnites.sepa import Debite, Ordre, build_pain001, check_bic, check_iban
from maillon.regles.erreurs import SaisieInvalide

IBAN = "FR7630006000011234567890189"
DEBITE = Debite("CPTS d’essai, association", "FR1420041010050500013M02606", "PSSTFRPPLYO")


def test_the_file_holds_every_transfer_and_their_sum():
    ordres = [
        Ordre("C1-1", "Maël Ferrand-Lévêque", IBAN, Decimal("120.00"), "Indemnités d’octobre"),
        Ordre("C1-2", "Zoé O’Brien", IBAN, Decimal("0.05"), "Frais", bic="AGRIFRPP"),
    ]
    xml = build_pain001(message_id="C1", debite=DEBITE, ordres=ordres, execution_le=date(2026, 11, 30)).decode()
    assert "pain.001.001.09" in xml
    assert re.findall(r"<EndToEndId>(.*?)</EndToEndId>", xml) == ["C1-1", "C1-2"]
    assert "<CtrlSum>120.05</CtrlSum>" in xml
    assert "<MsgId>C1</MsgId>" in xml
    assert "Mael Ferrand-Leveque" in xml, "les banques ne lisent que l’alphabet latin de base"


def test_nothing_to_pay_is_said():
    with pytest.raises(SaisieInvalide, match="rien à payer"):
        build_pain001(message_id="C1", debite=DEBITE, ordres=[], execution_le=date(2026, 11, 30))


def test_an_account_number_is_checked_by_its_key():
    assert check_iban("FR76 3000 6000 0112 3456 7890 189") == IBAN
    for wrong in ("FR7630006000011234567890188", "", "FR76", "=1+1"):
        with pytest.raises(SaisieInvalide, match="clé de contrôle"):
            check_iban(wrong)
    assert check_bic(" agrifrpp ") == "AGRIFRPP"
    assert check_bic("") == ""
    with pytest.raises(SaisieInvalide):
        check_bic("123")
