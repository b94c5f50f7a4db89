"""The desk by mouse and by keyboard: what is ticked is not opened, and Enter never records half a request."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from navigateur.conftest import BUREAU
from navigateur.parcours import Personne

GUICHET = "/c/grand-saint-etienne/acces/medecin-traitant/"
Ouvrir = Callable[..., Personne]


def test_a_mouse_ticks_requests_and_enter_goes_on(ouvrir: Ouvrir) -> None:
    secretaire = ouvrir(BUREAU)
    page = secretaire.enter("Solène Sahin")
    secretaire.open(GUICHET)
    for rang in (0, 2):
        page.get_by_role("checkbox", name="Choisir").nth(rang).click()
    page.get_by_role("button", name="Traiter les demandes cochées").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 demandes choisies")
    secretaire.open(f"{GUICHET}nouvelle/")
    page.get_by_label("Commune").fill("Planfoy")
    page.get_by_label("Commune").press("Enter")
    expect(page.get_by_role("checkbox", name="Une affection de longue durée")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
