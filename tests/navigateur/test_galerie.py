"""The components in a real browser: accessibility, reflow, and the behaviours that need script."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from navigateur.parcours import AXE

PAGES = (
    "galerie/?annonces=1",
    "galerie/liste/0/",
    "galerie/liste/30/?q=s",
    "galerie/liste/3000/",
    "galerie/fiche/3/",
    "galerie/formulaire/",
    "galerie/compte/",
    "galerie/public/",
)


def find_violations(page: Page, *rules: str) -> list[str]:
    """What axe-core reproaches to the page, by these rules or all (run by the debugger, so that the CSP stays)."""
    page.evaluate(AXE + ";0")
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    resultats = page.evaluate("options => axe.run(document, options)", options)
    return [f"{v['id']} : {v['nodes'][0]['html'][:200]}" for v in resultats["violations"]]


def test_no_accessibility_violation_in_either_theme(serveur_vide, page: Page, largeur):
    page.set_viewport_size(largeur)
    page.emulate_media(reduced_motion="reduce")
    for adresse in PAGES:
        page.emulate_media(color_scheme="light")
        page.goto(f"{serveur_vide.url}/{adresse}")
        assert find_violations(page) == [], adresse
        page.emulate_media(color_scheme="dark")
        page.reload()  # else colours are on their way; a theme changes nothing but them
        assert find_violations(page, "color-contrast") == [], f"{adresse}, dark"
        page.set_viewport_size({"width": 320, "height": 640})
        debord = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert debord <= 0, f"{adresse} does not reflow"
        page.set_viewport_size(largeur)


def test_a_list_filters_while_one_types_and_keeps_focus_and_address(serveur_vide, page: Page):
    page.goto(f"{serveur_vide.url}/galerie/liste/3000/")
    page.get_by_label("Référence, commune ou personne").press_sequentially("talaud")
    expect(page.locator("#liste-compte")).to_contain_text("500 demandes")
    expect(page.locator("#liste-q")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?q=talaud$"))
    page.get_by_role("button", name="Filtrer").click()
    page.locator("#filtre-etat").select_option("close")
    expect(page.locator("#liste-compte")).to_contain_text("200 demandes")
    expect(page.locator("#liste-exports a").first).to_have_attribute(
        "href", re.compile("q=talaud&etat=close&export=csv")
    )


def test_a_row_opens_beside_its_list_and_gives_focus_back(serveur_vide, page: Page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{serveur_vide.url}/galerie/liste/30/")
    lien = page.locator("#liste .lien-ligne").first
    reference = lien.inner_text()
    lien.click()
    expect(page.locator("#panneau h1")).to_contain_text(reference)
    expect(page.locator("#panneau-corps")).to_be_focused()
    assert find_violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#panneau")).to_be_hidden()
    expect(page.locator("#liste .lien-ligne").first).to_be_focused()


def test_on_a_telephone_a_row_is_a_page(serveur_vide, page: Page):
    page.goto(f"{serveur_vide.url}/galerie/liste/30/")
    page.locator("#liste .lien-ligne").first.click()
    expect(page).to_have_url(re.compile("/galerie/fiche/"))


def test_forms_dialogs_and_theme(serveur_vide, page: Page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{serveur_vide.url}/galerie/formulaire/")
    page.get_by_role("button", name="Continuer").click()
    expect(page.locator(".resume-erreurs")).to_be_focused()
    assert find_violations(page) == []
    page.locator(".resume-erreurs a").first.click()
    expect(page.locator("#id_nom")).to_be_focused()

    page.goto(f"{serveur_vide.url}/galerie/")
    page.get_by_role("button", name="Noter son accord").click()
    dialogue = page.get_by_role("dialog", name="Clore cette demande ?")
    expect(dialogue).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialogue).to_be_hidden()

    page.locator(".barre-actions summary").last.click()
    page.get_by_role("button", name="Sombre").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
