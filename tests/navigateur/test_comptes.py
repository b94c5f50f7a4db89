"""A guest's first day in real Chromium, under the strict policy: password, application, passkey alone."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from fabriques.droits import PHRASE, make_compte, make_cpts, make_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.notifications import INVITATION
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now
from navigateur.parcours import AXE


def check_axe(page: Page) -> None:
    """No accessibility violation on this page."""
    page.evaluate(AXE)
    found = page.evaluate("async () => (await axe.run()).violations.map(v => v.id + ' ' + v.nodes[0].html)")
    assert found == [], page.url


def plug_key(page: Page) -> None:
    """A security key that answers by itself, as a telephone unlocked by its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_guest_enrols_and_comes_back_with_a_passkey(serveur, page: Page, largeur: dict) -> None:
    page.set_viewport_size(largeur)
    cpts = make_cpts("CPTS d’essai", fictive=True)
    membre = make_membre(cpts, Role.COORDINATION, compte=make_compte())
    with use_cpts(cpts.pk):
        jeton = create_lien(but=INVITATION, cpts_id=cpts.pk, objet_id=membre.pk, expire_le=now() + timedelta(days=1))
    page.goto(f"{serveur.url}/l/{jeton}/invitation/")
    check_axe(page)
    for field in page.get_by_label("mot de passe").all():
        field.fill(PHRASE)
    page.get_by_role("button", name="Ouvrir mon compte").click()
    expect(page.get_by_role("heading", name="Mes seconds facteurs")).to_be_visible()
    check_axe(page)

    page.get_by_role("link", name="Ajouter une application").click()
    check_axe(page)
    drawn = page.locator("main img").evaluate("image => image.complete && image.naturalWidth > 50")
    assert drawn, "the drawing to scan is shown under the policy"
    secret = page.get_by_label("Clé à recopier").input_value()
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    page.get_by_label("Code affiché").fill(code)
    page.get_by_role("button", name="Activer").click()
    if "reauthenticate" in page.url:
        page.get_by_label("Mot de passe").fill(PHRASE)
        page.get_by_role("button", name="Confirmer").click()

    plug_key(page)
    page.goto(f"{serveur.url}/compte/2fa/webauthn/add/")
    check_axe(page)
    page.get_by_label("Me connecter avec elle seule").check()
    page.get_by_role("button", name="Présenter la clé").click()
    page.wait_for_url(lambda url: "/webauthn/add" not in url)
    page.goto(f"{serveur.url}/compte/2fa/webauthn/")
    expect(page.get_by_text("Clé d’accès")).to_be_visible()
    check_axe(page)

    page.goto(f"{serveur.url}/compte/logout/")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_role("heading", name="Se connecter")).to_be_visible()
    check_axe(page)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(lambda url: "/compte/login" not in url)
    for path in (f"/c/{cpts.slug}/communaute/acces/", f"/c/{cpts.slug}/communaute/acces/inviter/", "/compte/"):
        page.goto(f"{serveur.url}{path}")
        check_axe(page)
    page.goto(f"{serveur.url}/c/{cpts.slug}/communaute/acces/{membre.pk}/")
    check_axe(page)
