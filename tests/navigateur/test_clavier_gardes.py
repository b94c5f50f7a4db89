"""Rosters without a mouse: where the ring is, what the arrows do, where the focus comes back to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from playwright.sync_api import Page, TimeoutError, expect

from maillon.communaute.gardes.enums import VIVANTES, EtatTableau
from maillon.communaute.gardes.models import Participant, Poste, Tableau, Voeu
from maillon.communaute.gardes.services import LIEN_VOEUX
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now
from maillon.socle.ui.typographie import format_date
from navigateur.conftest import BUREAU, TELEPHONE
from navigateur.parcours import Personne
from navigateur.test_parcours_principal import SLUG

Ouvrir = Callable[..., Personne]
GARDES = f"/c/{SLUG}/gardes/"
# What is focused, in words: its label, or what it shows.
NOM = """() => {
  const e = document.activeElement, l = e.labels && e.labels[0];
  return (e.getAttribute('aria-label') || e.textContent || (l && l.textContent) || '').trim().replace(/\\s+/g, ' ');
}"""
# Whether it is on the screen, under nothing, and something shows that it is focused.
VU = """() => {
  const e = document.activeElement, l = e.labels && e.labels[0];
  if (e === document.body) return true;
  const r = (e.matches('.btn-check') ? l : e).getBoundingClientRect();
  const at = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
  const ring = (x, p) => {
    const s = getComputedStyle(x, p);
    return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 1;
  };
  const field = e.matches('.form-control, .form-select, .form-check-input') && getComputedStyle(e).boxShadow !== 'none';
  const seen = !!at && (e.contains(at) || at.contains(e) || (!!l && l.contains(at)));
  return seen && (field || ring(e) || ring(e, '::after') || (!!l && ring(l)));
}"""


def step(page: Page, touche: str = "Tab") -> str:
    """One key; what is then focused must be seen, and marked."""
    page.keyboard.press(touche)
    nom = str(page.evaluate(NOM))
    try:
        page.wait_for_function(VU, timeout=3_000)
    except TimeoutError as erreur:
        raise AssertionError(f"rien ne montre que « {nom[:60]} » a le focus") from erreur
    return nom


def reach(page: Page, nom: str | re.Pattern[str], *, en: int = 20) -> int:
    """Tab until something of this name; returns how many times."""
    for fois in range(1, en + 1):
        if re.search(nom, step(page)):
            return fois
    raise AssertionError(f"{nom} n’est pas atteint en {en} tabulations")


def follow(page: Page, touche: str = "Enter") -> None:
    """A key that opens another page."""
    with page.expect_navigation():
        page.keyboard.press(touche)
    page.wait_for_load_state()


def skip(page: Page) -> None:
    """The first stop of every page goes past the menu."""
    reach(page, "Aller au contenu", en=1)
    page.keyboard.press("Enter")


def find_open(cpts: Cpts) -> tuple[UUID, Poste]:
    """The published roster, and a shift that nobody holds."""
    with use_cpts(cpts.pk):
        rows = Poste.objects.filter(tableau__etat=EtatTableau.PUBLIE, debut__gt=now() + timedelta(hours=2))
        poste = rows.exclude(gardes__etat__in=VIVANTES).earliest("debut")
        return poste.tableau_id, poste


def walk_grid(page: Page, tableau_id: UUID, poste: Poste) -> None:
    """The grid is one stop; the arrows move in it, and who comes back from a shift is where they were."""
    page.goto(page.url.split("/c/")[0] + f"{GARDES}{tableau_id}/")
    skip(page)
    reach(page, "14 h – 20 h|8 h – 14 h", en=12)
    assert page.locator(".gardes-case > a[tabindex='0']").count() == 1
    step(page, "Home")
    premier = page.locator(".gardes-case > a").first
    expect(premier).to_be_focused()
    step(page, "ArrowRight")
    expect(page.locator(".gardes-case > a").nth(1)).to_be_focused()
    colonne = page.locator(".gardes-grille tbody tr").nth(1).locator("td").nth(1)
    step(page, "ArrowDown")
    expect(colonne.locator("a").first).to_be_focused()
    voulu = page.locator(f"[id='p-{poste.pk}']")
    for _ in range(page.locator(".gardes-case > a").count()):
        if voulu.evaluate("e => e === document.activeElement"):
            break
        step(page, "ArrowRight")
    follow(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(format_date(poste.jour).capitalize())


def open_and_close(page: Page) -> None:
    """A dialogue takes the focus, keeps it, and gives it back; the way back leads to the same place of the grid."""
    skip(page)
    reach(page, "Revenir au tableau")
    reach(page, "Appeler des volontaires")
    page.keyboard.press("Enter")
    dialogue = page.get_by_role("dialog")
    expect(dialogue.get_by_role("button", name="Revenir")).to_be_focused()
    assert step(page) == "Appeler"
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Appeler des volontaires")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    follow(page)
    expect(page.locator(".gardes-case > a:focus")).to_contain_text("à pourvoir")


def give_by_hand(page: Page) -> None:
    """What was done is said first, with its undo, two stops from the top."""
    follow(page)
    skip(page)
    reach(page, "^Donner", en=8)
    follow(page)
    expect(page.get_by_role("status")).to_contain_text("est de garde")
    assert reach(page, "^Annuler") == 2
    follow(page)
    expect(page.get_by_role("status")).to_contain_text("n’a plus cette garde")


def say_days(page: Page, lien: str, participant: Participant, cpts: Cpts) -> None:
    """A word by the arrows, days by the arrows, then send: five stops in all."""
    page.goto(lien)
    skip(page)
    reach(page, "Je ne peux pas", en=3)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("J’aimerais")).to_be_checked()
    premier = step(page)
    assert premier.startswith(format_date(participant.tableau.debut).replace("\u00a0", " "))
    step(page, "ArrowRight")
    step(page, "ArrowDown")
    page.keyboard.press("Space")
    choisi = str(page.evaluate(NOM))
    assert "j’aimerais" in choisi
    assert reach(page, "Montrer mon nom|Enregistrer", en=2) == 1
    reach(page, "Enregistrer", en=2)
    follow(page)
    expect(page.get_by_role("status")).to_contain_text("Merci")
    with use_cpts(cpts.pk):
        dits = Voeu.objects.filter(participant=participant, choix="souhaite").values_list("jour", flat=True)
        assert any(choisi.startswith(format_date(jour).replace("\u00a0", " ")) for jour in dits)


def test_a_roster_is_built_and_said_without_a_mouse(ouvrir: Ouvrir) -> None:
    cpts = Cpts.objects.get(slug=SLUG)
    tableau_id, poste = find_open(cpts)
    coordination = ouvrir(BUREAU)
    page = coordination.enter("Claire Fournel")
    walk_grid(page, tableau_id, poste)
    open_and_close(page)
    give_by_hand(page)
    with use_cpts(cpts.pk):
        voeux = Tableau.objects.filter(etat=EtatTableau.VOEUX).earliest("debut")
        participant = voeux.participants.select_related("tableau").exclude(voeux__isnull=False).first()
        jeton = create_lien(
            but=LIEN_VOEUX, cpts_id=cpts.pk, objet_id=participant.pk, expire_le=now() + timedelta(days=2)
        )
    medecin = ouvrir(TELEPHONE)
    say_days(medecin.page, f"{medecin.racine}/l/{jeton}/gardes/voeux/", participant, cpts)
