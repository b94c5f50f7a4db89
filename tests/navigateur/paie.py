"""From a duty said held to the bank: declared, approved by two people, in a file of transfers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import expect

from fabriques.paiements import IBAN
from maillon.socle.horloge import today
from navigateur.parcours import Personne
from navigateur.test_parcours_repartition import press

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def declare(coordination: Personne, medecin: Personne, slug: str, libelle: str, album: Path | None) -> str:
    """What the duty proves is proposed; the doctor confirms it on the telephone, says the year, gives an account.
    Returns the address of the line."""
    coordination.open(f"/c/{slug}/pilotage/indemnites/")
    coordination.click("button", "Relever les présences")
    page = medecin.open(f"/c/{slug}/mes-indemnites/")
    medecin.photograph(album, "17-proposee")
    medecin.click("button", f"Confirmer {libelle}")
    page.get_by_label("Non", exact=False).first.check()
    medecin.click("button", "Enregistrer")
    medecin.click("link", "Mon compte bancaire")
    page.get_by_label("Titulaire du compte").fill("Hélène Chavanne")
    page.get_by_label("IBAN").fill(IBAN)
    medecin.click("button", "Enregistrer")
    medecin.open(f"/c/{slug}/mes-indemnites/")
    medecin.photograph(album, "18-declaree")
    return page.locator("main").get_by_role("link", name=libelle).first.get_attribute("href") or ""


def approve(coordination: Personne, bureau: Personne, ligne: str, album: Path | None) -> None:
    """The coordination checks and cannot approve; somebody of the board does."""
    page = coordination.open(ligne)
    coordination.click("button", "Vérifier")
    coordination.photograph(album, "19-verifiee")
    expect(page.get_by_role("button", name="Approuver")).to_have_count(0)
    bureau.open(ligne)
    press(bureau, "Approuver", "Approuver")
    bureau.photograph(album, "20-approuvee")


def transfer(coordination: Personne, slug: str) -> None:
    """The run, and its file for the bank."""
    page = coordination.open(f"/c/{slug}/pilotage/indemnites/paiements/nouveau/")
    page.get_by_label("Payer ce qui est approuvé jusqu’au").fill(today().isoformat())
    page.get_by_label("Virements à exécuter le").fill((today() + timedelta(days=1)).isoformat())
    coordination.click("button", "Rassembler")
    press(coordination, "Produire le fichier de virements", "Produire")
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Fichier SEPA").click()
    ordre = ET.parse(telechargement.value.path()).getroot()  # noqa: S314 - written by Maillon
    assert ordre.tag == f"{PAIN}Document"
