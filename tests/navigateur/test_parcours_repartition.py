"""The waiting list shared out at once, from a patient's form on a telephone to the contract's figure: form, desk,
assignment reviewed and sent, the doctor's link, the patient's link, the first appointment."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from maillon.communaute.sollicitations.selectors import find_courriels
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today
from navigateur.conftest import BUREAU, TELEPHONE
from navigateur.parcours import Personne
from navigateur.test_parcours_principal import CANARIS, COURRIEL, NOM, SLUG, file_request, measure_ald

Ouvrir = Callable[..., Personne]
GUICHET = f"/c/{SLUG}/acces/medecin-traitant/"


def read_mail(personne: Personne, adresse: str, sujet: str, lien: str) -> None:
    """Open the latest mail of this subject in the demonstration's inbox, and follow its link."""
    page = personne.open("/demo/courriels/")
    page.get_by_label("Adresse du destinataire").fill(adresse)
    personne.click("button", "Chercher")
    personne.click("link", re.compile(sujet))
    texte = page.locator("main").inner_text()
    assert not any(canari in texte for canari in CANARIS if canari != COURRIEL)
    personne.click("link", re.compile(lien))


def qualify(guichet: Personne, demande: Demande) -> None:
    guichet.open(f"{GUICHET}{demande.pk}/")
    expect(guichet.page.get_by_role("heading", name=re.compile(NOM, re.I))).to_be_visible()
    guichet.click("button", "Enregistrer la situation")


def press(guichet: Personne, bouton: str | re.Pattern[str], oui: str) -> None:
    """Press a button that asks first, and say yes."""
    page = guichet.page
    page.locator("main").get_by_role("button", name=bouton).first.click()
    with page.expect_navigation():
        page.get_by_role("dialog").get_by_role("button", name=oui, exact=True).click()
    guichet.look()


def share_out(guichet: Personne, reference: str, work: Callable[[], None], album: Path | None) -> None:
    """Drop the run of the demonstration, compute another, read the line of this request, keep it, send everything."""
    page = guichet.open(f"{GUICHET}repartition/")
    guichet.click("link", "L’ouvrir")
    press(guichet, "Abandonner", "Abandonner")
    guichet.open(f"{GUICHET}repartition/")
    guichet.click("button", "Calculer")
    run = page.url
    work()
    recherche = page.get_by_label(re.compile("référence", re.I)).first
    expect(recherche).to_be_visible(timeout=20_000)  # the page follows the computation, then shows its lines
    guichet.look()
    recherche.fill(reference)
    expect(page.locator("#liste-compte")).to_contain_text("1 demande")
    guichet.photograph(album, "01-relire")
    ligne = page.get_by_role("link", name=reference).get_attribute("href")
    assert ligne
    guichet.open(ligne)
    guichet.photograph(album, "02-ligne")
    guichet.click("button", re.compile("^Garder"))
    guichet.open(run)
    press(guichet, re.compile("^Envoyer"), "Envoyer")
    work()
    expect(page.get_by_text(re.compile("demandes sont parties")).first).to_be_visible(timeout=20_000)
    guichet.look()
    guichet.photograph(album, "03-envoyee")


def accept_by_link(medecin: Personne, adresse: str, lien: str, album: Path | None) -> None:
    """The doctor may have been written to for several people: the mail opened is the one of this request."""
    page = medecin.open("/demo/courriels/")
    page.get_by_label("Adresse du destinataire").fill(adresse)
    medecin.click("button", "Chercher")
    assert page.locator("main").get_by_role("link", name=re.compile("cherche un médecin traitant")).count()
    medecin.open(lien)
    texte = page.locator("main").inner_text()
    assert not any(canari in texte for canari in CANARIS)
    assert not re.search(r"C2S|AME\b|complémentaire santé", texte)
    medecin.photograph(album, "04-lien-medecin")
    medecin.click("button", "Je prends cette personne")
    expect(page.get_by_text("Merci, c’est réservé pour vous")).to_be_visible()


def test_from_a_form_to_a_first_appointment_by_an_assignment(ouvrir: Ouvrir, demo_base, serveur_demo, album):
    cpts = Cpts.objects.get(slug=SLUG)
    a_confirmer, possible = measure_ald(cpts)

    patient, guichet = ouvrir(TELEPHONE), ouvrir(BUREAU)
    reference = file_request(patient, None)
    with use_cpts(cpts.pk):
        demande = Demande.objects.get(reference=reference)
    guichet.enter("Claire Fournel")
    qualify(guichet, demande)
    share_out(guichet, reference, serveur_demo.work, album)

    with use_cpts(cpts.pk):
        asked = demande.sollicitations.select_related("professionnel").get(etat="envoyee")
        adresse = find_courriels([asked.professionnel_id], cpts_id=cpts.pk)[asked.professionnel_id]
        texte = Message.objects.get(objet_id=asked.pk).texte
    assert not any(canari in texte for canari in CANARIS)
    [lien] = re.findall(r"/l/[\w-]+/sollicitation/", texte)
    medecin = ouvrir(TELEPHONE)
    accept_by_link(medecin, adresse, lien, album)
    read_mail(patient, COURRIEL, "Votre demande a avancé", "^http.*reponse")
    patient.click("button", "Oui, je veux bien")
    expect(patient.page.get_by_text("C’est noté : vous avez un médecin")).to_be_visible()

    page = guichet.open(f"{GUICHET}{demande.pk}/")
    page.get_by_label("Premier rendez-vous le").fill(today().isoformat())
    guichet.click("button", "Noter ce jour")
    guichet.photograph(album, "05-rendez-vous")
    serveur_demo.work()

    with use_cpts(cpts.pk):
        demande.refresh_from_db()
    assert (demande.etat, demande.premier_rdv_le, demande.medecin_id) == (Etat.PLACEE, today(), asked.professionnel_id)
    assert measure_ald(cpts) == (a_confirmer + 3000, possible - 3000)
    guichet.open(f"/c/{SLUG}/pilotage/")
    guichet.click("link", "Patients en ALD sans médecin traitant")
    actes = page.get_by_role("table", name="Actes et justificatifs")
    guichet.photograph(album, "06-indicateur")
    with page.expect_navigation():
        actes.get_by_role("row").last.get_by_role("link").first.click()
    expect(page).to_have_title(re.compile(reference))
