"""From a duty said held to its euros: declared, approved by two people, transferred, in the budget and the
indicator."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import expect

from fabriques.paiements import IBAN
from maillon.pilotage.contrats.models import Indicateur
from maillon.pilotage.contrats.services.fiches import complete_fiche
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today
from navigateur.parcours import Personne
from navigateur.pilotage import read_euros
from navigateur.test_parcours_pilotage import go
from navigateur.test_parcours_repartition import press

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
MISSION, INDICATEUR = "Accès aux soins", "snp-creneaux"
# Six hours held by a doctor, all paid, at the demonstration's own rate of duty: 55 € an hour.
DU = Decimal(330)


def count_heures(cpts: Cpts) -> str:
    """The contract's indicator of unscheduled care counts hours of duty; returns what it is called."""
    with use_cpts(cpts.pk):
        indicateur = Indicateur.objects.get(code=INDICATEUR)
        complete_fiche(
            indicateur=indicateur,
            definition=indicateur.definition,
            preuve_demandee=indicateur.preuve_demandee,
            periodicite=indicateur.periodicite,
            code_declare="gardes.heures_tenues",
            by=SYSTEME,
        )
        return str(indicateur.libelle)


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


def transfer(coordination: Personne, slug: str, ligne: str, album: Path | None) -> None:
    """The run, its file for the bank, and what the line says once it is paid."""
    page = coordination.open(f"/c/{slug}/pilotage/indemnites/paiements/nouveau/")
    # The demonstration leaves a run half prepared: it is the one to finish, or to cancel.
    press(coordination, "Annuler cette campagne", "Annuler la campagne")
    coordination.open(f"/c/{slug}/pilotage/indemnites/paiements/nouveau/")
    page.get_by_label("Payer ce qui est approuvé jusqu’au").fill(today().isoformat())
    page.get_by_label("Virements à exécuter le").fill((today() + timedelta(days=1)).isoformat())
    coordination.click("button", "Rassembler")
    press(coordination, "Produire le fichier de virements", "Produire")
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Fichier SEPA").click()
    ordre = ET.parse(telechargement.value.path()).getroot()  # noqa: S314 - written by Maillon
    assert sum(Decimal(montant.text or "0") for montant in ordre.iter(f"{PAIN}InstdAmt")) >= DU, "hers, and others'"
    press(coordination, "Tout est payé", "Noter payés")
    coordination.photograph(album, "21-payee")
    expect(coordination.open(ligne).locator(".tete")).to_contain_text("payée")


def read_paye(coordination: Personne) -> Decimal:
    """What the budget says is paid of the mission's compensations."""
    go(coordination, "Budget")
    coordination.click("link", MISSION, dans="section[aria-labelledby=enveloppes]")
    ligne = coordination.page.get_by_role("row").filter(has_text="Indemnités et rémunérations")
    if not ligne.count():
        return Decimal(0)
    return read_euros(ligne.locator("[data-libelle='Payé']").inner_text())


def expect_hours(coordination: Personne, libelle: str, album: Path | None) -> None:
    """Behind the figure of the contract, the duty and its hours; nobody is named."""
    page = coordination.page
    go(coordination, "L’année")
    coordination.click("link", libelle)
    actes = page.get_by_role("table", name="Actes et justificatifs")
    expect(actes).to_contain_text(re.compile(r"tenue, 6\sh"))
    expect(actes).not_to_contain_text("Chavanne")
    coordination.photograph(album, "22-indicateur")
