"""The guided entry of a contract in a real browser: every step looked at by axe-core, filled by the keyboard, kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from navigateur.parcours import Personne, Traces

BASE = "/c/grand-saint-etienne/pilotage/contrat/saisie/"
ANNEXE = (
    "Indicateur\tSocle\tMontant\tObjectif\tMontant\nMission prévention\n"
    "Dépistage du cancer du sein\t69,70 %\t1 000 €\t75 %\t8 000 €\n"
    "Participants aux actions\t10\t2 000 €\t20\t11 500 €\nForum annuel\t10 actes 20 soirées\t500 €\t\t\n"
)


@pytest.fixture
def coordinatrice(browser: Browser, browser_context_args: dict, serveur_demo, largeur: dict) -> Iterator[Personne]:
    traces = Traces()
    contexte = browser.new_context(**{**browser_context_args, "viewport": largeur, "reduced_motion": "reduce"})
    contexte.set_default_timeout(15_000)
    yield Personne(contexte, serveur_demo.url, traces)
    contexte.close()
    assert traces.erreurs == []


def test_the_five_steps_are_filled_and_the_draft_is_kept(coordinatrice: Personne) -> None:
    page = coordinatrice.enter("Claire Fournel")
    coordinatrice.open(BASE)
    coordinatrice.click("link", "Commencer")
    page.get_by_label("Contrat signé le").fill("2023-12-22")
    page.get_by_label("Population du territoire").fill("97 000")
    page.get_by_label("Population du territoire").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Les missions")
    coordinatrice.look()
    prevention = page.get_by_role("region", name="Prévention")
    prevention.get_by_label("Où en est-elle ?").select_option("demarree")
    prevention.get_by_label("Démarrée le").fill("2024-06-22")
    coordinatrice.click("button", "Continuer")
    page.get_by_label("Le tableau copié").fill(ANNEXE)
    coordinatrice.click("button", "Lire le tableau")
    lignes = page.locator("details.saisie-ligne")
    expect(lignes.nth(0)).to_contain_text("8 000 €")
    expect(lignes.nth(2)).to_contain_text("à corriger")
    lignes.nth(2).get_by_label("Retirer cet indicateur").check()
    coordinatrice.click("button", "Continuer")
    coordinatrice.click("button", "Proposer les versements attendus")
    expect(page.get_by_label("Montant").first).to_have_value(re.compile(r"75\s000"))
    coordinatrice.click("button", re.compile("^Continuer$"))
    page.get_by_label("Dépistage du cancer du sein").fill("68,5 %")
    page.get_by_label("Dépistage du cancer du sein").press("Enter")
    expect(page.get_by_role("link", name="Résultats de l’année 1")).to_contain_text("1")
    coordinatrice.open(f"{BASE}verifier/")
    expect(page.get_by_role("alert")).to_contain_text("il y a en trop 2 000 €")
    coordinatrice.open(BASE)
    coordinatrice.click("link", "Les indicateurs")
    page.get_by_role("button", name="Abandonner la saisie").click()
    expect(page.get_by_role("dialog")).to_contain_text("Rien n’a encore été enregistré")
    with page.expect_navigation():
        page.get_by_role("button", name="Abandonner et effacer").click()
    coordinatrice.open(BASE)
    expect(page.get_by_role("link", name="Commencer")).to_be_visible()
