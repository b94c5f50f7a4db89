"""The main job, from a patient's form to the euros that the coordinator, the CPAM and the ARS see; and nothing about
the patient where nothing should be."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import Browser, expect

from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.pilotage.contrats.models import Indicateur, Releve, ReleveActe
from maillon.pilotage.contrats.selectors import find_ligne, resume_annee
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today
from maillon.socle.journal.models import Ecriture, Entree
from navigateur.parcours import Personne, Traces

SLUG = "grand-saint-etienne"
PRENOM, NOM = "Ysaline", "Xertigny-Wozniakowski"
COURRIEL = "boite-7413@example.org"
TELEPHONE_PATIENT = "06 39 98 74 13"
CANARIS = (COURRIEL, "Ysaline", "Xertigny", "Wozniakowski", "XERTIGNY", "0639987413", TELEPHONE_PATIENT)
MEDECIN = "Hélène Chavanne"

Ouvrir = Callable[..., Personne]


@pytest.fixture
def traces() -> Traces:
    return Traces()


@pytest.fixture
def ouvrir(
    browser: Browser, browser_context_args: dict, serveur_demo, traces: Traces, largeur: dict, monkeypatch
) -> Iterator[Ouvrir]:
    """A new person at a screen of the tested width, or on a telephone; the console must stay silent for all of them."""
    # Playwright keeps an event loop in this thread, and Django takes that for an asynchronous view.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    contextes = []

    def make(*, telephone: bool = False) -> Personne:
        ecran = browser_context_args["viewport"] if telephone else largeur
        contexte = browser.new_context(**{**browser_context_args, "viewport": ecran, "reduced_motion": "reduce"})
        contexte.set_default_timeout(15_000)
        contextes.append(contexte)
        return Personne(contexte, serveur_demo.url, traces)

    yield make
    for contexte in contextes:
        contexte.close()
    assert traces.erreurs == []


@pytest.fixture
def album(largeur: dict) -> Path | None:
    """Where pictures go when somebody wants to look at the pages (MAILLON_CAPTURES=directory)."""
    if not (dossier := os.environ.get("MAILLON_CAPTURES")):
        return None
    chemin = Path(dossier) / str(largeur["width"])
    chemin.mkdir(parents=True, exist_ok=True)
    return chemin


def measure_ald(cpts: Cpts) -> tuple[Decimal, Decimal]:
    """Euros of the ALD indicator: à confirmer, encore possible."""
    with use_cpts(cpts.pk):
        resume = resume_annee(cpts.pk, today())
        assert resume is not None
        ligne = find_ligne(resume.annee, Indicateur.objects.get(code="mt-ald"))
        return ligne.montants.a_confirmer, ligne.montants.encore_possible


def file_request(patient: Personne, album: Path | None) -> str:
    """The public form, step by step; returns the reference shown at the end."""
    page = patient.open(f"/p/{SLUG}/")
    patient.photograph(album, "01-page-publique")
    patient.click("link", "Je fais une demande")
    page.get_by_label("Pour moi").check()
    page.get_by_label("Commune où habite cette personne").select_option(label="Saint-Étienne (42000, 42100, 42230)")
    patient.click("button", "Continuer")
    page.get_by_label("Prénom", exact=True).fill(PRENOM)
    page.get_by_label("Nom", exact=True).fill(NOM)
    page.get_by_label("Année de naissance").fill("1958")
    page.get_by_label("Téléphone").fill(TELEPHONE_PATIENT)
    page.get_by_label("Adresse électronique").fill(COURRIEL)
    patient.photograph(album, "02-formulaire")
    patient.click("button", "Continuer")
    page.get_by_label(re.compile("longue durée")).check()
    patient.click("button", "Continuer")
    expect(page.get_by_text(NOM)).to_be_visible()
    page.get_by_label(re.compile("je suis d’accord")).check()
    patient.photograph(album, "03-accord")
    patient.click("button", "Envoyer ma demande")
    expect(page.get_by_role("heading", name="C’est fait : nous avons votre demande")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^[2-9A-Z]{5}-[2-9A-Z]{5}$"))).to_be_visible()
    patient.photograph(album, "04-suivi")
    found = re.search(r"MT-\d{4}-\d{5}", page.locator("main").inner_text())
    assert found
    return found[0]


def qualify_and_propose(guichet: Personne, reference: str, album: Path | None) -> None:
    page = guichet.page
    guichet.open(f"/c/{SLUG}/")
    guichet.photograph(album, "05-accueil-guichet")
    guichet.click("link", re.compile("^(Médecin traitant|Demandes)$"), dans="nav:visible")
    if (partout := page.locator("#recherche-cadre")).is_visible():
        partout.fill(NOM)
        with page.expect_navigation():
            partout.press("Enter")
        guichet.look()
        expect(page.locator("main").get_by_role("link", name=re.compile(reference))).to_be_visible()
        page.go_back()
    search_by_name(guichet, reference)
    guichet.photograph(album, "06-liste")
    adresse = page.get_by_role("link", name=reference).get_attribute("href")
    assert adresse
    guichet.open(adresse)
    expect(page.get_by_role("heading", name=re.compile(NOM, re.I))).to_be_visible()
    expect(page.get_by_label(re.compile("longue durée"))).to_be_checked()
    guichet.click("button", "Enregistrer la situation")
    for autres in page.get_by_text(re.compile("autres médecins")).all():
        autres.click()
    page.get_by_role("checkbox", name=re.compile(MEDECIN)).check()
    guichet.photograph(album, "07-demande")
    guichet.click("button", "Proposer aux médecins cochés")
    expect(page.get_by_text(re.compile("éponses attendues avant")).first).to_be_visible()
    guichet.photograph(album, "08-proposee")


def search_by_name(guichet: Personne, reference: str) -> None:
    """The rare name, typed in the list, then kept along a filter, a sort and an export; never in the address."""
    page = guichet.page
    page.get_by_label("Nom, téléphone ou référence").fill(NOM)
    expect(page.locator("#liste-compte")).to_have_text(f"1 demande, « {NOM} »")
    guichet.look()
    etat = page.get_by_role("combobox", name="État", include_hidden=True)
    if not etat.is_visible():
        page.get_by_role("button", name="Filtrer").click()
    etat.select_option("deposee")
    expect(page).to_have_url(re.compile(r"\?etat=deposee$"))
    if page.locator("#tri-commune").is_visible():
        page.locator("#tri-commune").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"\?etat=deposee&tri=commune$|tri=commune&etat=deposee$"))
        expect(page.locator("#tri-commune")).to_be_focused()
    expect(page.get_by_role("link", name=reference)).to_be_visible()
    expect(page.locator("#liste-compte")).to_contain_text("1 demande")
    page.get_by_text("Exporter", exact=True).click()
    with page.expect_download() as telechargement:
        page.get_by_role("button", name="Texte (CSV)").click()
    export = Path(telechargement.value.path()).read_text(encoding="utf-8-sig")
    assert reference in export
    assert len(export.splitlines()) == 2
    assert not any(canari in telechargement.value.suggested_filename for canari in CANARIS)
    page.get_by_text("Exporter", exact=True).click()
    guichet.look()


def offer_places(medecin: Personne) -> None:
    page = medecin.open(f"/c/{SLUG}/acces/mes-places/")
    page.get_by_role("spinbutton", name="Maintenant").fill("5")
    medecin.click("button", re.compile("Enregistrer"))


def accept(medecin: Personne, proposition_id: UUID, album: Path | None) -> None:
    """In one touch from the home page of a telephone."""
    page = medecin.open(f"/c/{SLUG}/")
    medecin.photograph(album, "09-accueil-medecin")
    expect(page.get_by_role("heading", name=re.compile("attend(ent)? votre réponse"))).to_be_visible()
    # The demonstration may hold another proposal that looks the same: nothing in it tells who the person is.
    carte = page.get_by_role("article").filter(has=page.locator(f"#so-{proposition_id}"))
    expect(carte).to_contain_text("41 à 70 ans, Saint-Étienne")
    expect(carte).to_contain_text("Affection de longue durée")
    texte = page.locator("main").inner_text()
    assert not any(canari in texte for canari in CANARIS)
    assert not re.search(r"C2S|AME\b|complémentaire santé", texte)
    with page.expect_navigation():
        carte.get_by_role("button", name="Je prends cette personne").click()
    medecin.look()
    medecin.photograph(album, "10-acceptee")


def say_yes(patient: Personne, album: Path | None) -> None:
    """The patient opens the mail received, and follows its link."""
    page = patient.open("/demo/courriels/")
    page.get_by_label("Adresse du destinataire").fill(COURRIEL)
    patient.click("button", "Chercher")
    patient.click("link", re.compile("Votre demande a avancé"))
    patient.photograph(album, "12-courriel")
    patient.click("link", re.compile("^http.*reponse"))
    expect(page.get_by_role("heading", name=re.compile(MEDECIN))).to_be_visible()
    patient.photograph(album, "13-reponse")
    patient.click("button", "Oui, je veux bien")
    expect(page.get_by_text("C’est noté : vous avez un médecin")).to_be_visible()


def test_from_a_patients_form_to_the_euros_of_the_year(ouvrir: Ouvrir, demo_base, serveur_demo, traces, largeur, album):
    cpts = Cpts.objects.get(slug=SLUG)
    a_confirmer, possible = measure_ald(cpts)
    bureau = largeur["width"] > 1000

    coordinatrice = ouvrir()
    page = coordinatrice.enter("Claire Fournel")
    expect(page.get_by_text(re.compile("encore 1 patient en ALD")).first).to_be_visible()
    coordinatrice.photograph(album, "00-accueil-coordination")

    medecin = ouvrir(telephone=True)
    medecin.enter(MEDECIN)
    offer_places(medecin)
    patient = ouvrir()
    reference = file_request(patient, album)
    guichet = ouvrir()
    (guichet.sign_in if bureau else guichet.enter)("Mehdi Rivoire")
    qualify_and_propose(guichet, reference, album)
    with use_cpts(cpts.pk):
        proposition = Demande.objects.get(reference=reference).sollicitations.get()
    accept(medecin, proposition.pk, album)
    say_yes(patient, album)
    serveur_demo.work()

    with use_cpts(cpts.pk):
        demande = Demande.objects.get(reference=reference)
    assert demande.etat == Etat.PLACEE
    assert measure_ald(cpts) == (a_confirmer + 3000, possible - 3000)

    see_the_euros(coordinatrice, reference, album)
    for nom in ("Françoise Villard", "Anaïs Renaud"):
        agent = ouvrir()
        agent.enter(nom)
        see_as_agent(agent, demande, album)

    expect_no_canary(cpts, traces, serveur_demo.journal)


def see_the_euros(coordinatrice: Personne, reference: str, album: Path | None) -> None:
    """The home page, the year, the indicator that crossed its tier, and the act behind it."""
    page = coordinatrice.open(f"/c/{SLUG}/")
    expect(page.get_by_text(re.compile("encore 1 patient en ALD"))).to_have_count(0)
    coordinatrice.photograph(album, "14-accueil-apres")
    coordinatrice.open(f"/c/{SLUG}/pilotage/")
    coordinatrice.photograph(album, "15-annee")
    coordinatrice.click("link", "Patients en ALD sans médecin traitant")
    coordinatrice.photograph(album, "16-indicateur")
    expect(page.get_by_role("row").filter(has_text="9 000")).to_contain_text("prévu, à confirmer")
    actes = page.get_by_role("table", name="Actes et justificatifs")
    with page.expect_navigation():
        actes.get_by_role("row").last.get_by_role("link").first.click()
    expect(page).to_have_title(re.compile(reference))
    coordinatrice.look()


def see_as_agent(agent: Personne, demande: Demande, album: Path | None) -> None:
    """The territory, the contract, the indicator, the pseudonymous act and the hash of its evidence."""
    page = agent.open("/territoire/")
    agent.photograph(album, "17-territoire")
    agent.open("/territoire/contrats/")
    agent.photograph(album, "18-contrats")
    agent.click("link", "CPTS Grand Saint-Étienne")
    agent.photograph(album, "19-contrat")
    agent.click("link", "Patients en ALD sans médecin traitant")
    agent.photograph(album, "20-indicateur-agent")
    texte = page.locator("body").inner_text()
    # The hash shown is the indicator's own: whoever holds the evidence makes it again from its SHA-256.
    assert hashlib.sha256(f"mt-ald|{demande.empreinte}".encode()).hexdigest()[:16] in texte
    assert demande.empreinte[:16] not in texte
    assert demande.reference not in texte
    assert not any(canari in page.content() for canari in CANARIS)


def expect_no_canary(cpts: Cpts, traces: Traces, journal: Path) -> None:
    """The patient's name and number are nowhere but in the encrypted identity."""
    with use_cpts(cpts.pk), connection.cursor() as cursor:
        courriels = [f"{m.sujet} {m.texte}" for m in Message.objects.all()]
        releves = [str(row) for model in (Releve, ReleveActe) for row in model.objects.values_list()]
        evenements = [str(row) for row in Entree.objects.values_list("details", flat=True)]
        ecritures = [str(row) for row in Ecriture.objects.values_list("valeurs", flat=True)]
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        taches = [ligne for (ligne,) in cursor.fetchall()]
    assert len(taches) > 3
    places = {
        "courriels": courriels,
        "adresses visitées": traces.adresses,
        "titres": traces.titres,
        "journal du serveur": journal.read_text(encoding="utf-8").splitlines(),
        "arguments des tâches": taches,
        "relevés": releves,
        "événements": evenements,
        "écritures": ecritures,
    }
    for lieu, textes in places.items():
        assert textes, f"rien à fouiller : {lieu}"
        trouves = [texte[:200] for texte in textes if any(canari in texte for canari in CANARIS)]
        assert trouves == [], lieu
