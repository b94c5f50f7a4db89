"""Steering from end to end: a contract entered, a tier reached, a period sealed, a pack checked offline, a dialogue
where the CPAM contests one indicator, signed minutes; and the same euros on every page and in every document."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Locator, expect

from maillon.socle.horloge import today
from navigateur.conftest import BUREAU, TELEPHONE, Ouvrir
from navigateur.parcours import Personne
from navigateur.pilotage import (
    ALD,
    ANNEXE,
    COORDINATRICE,
    FORUM,
    NOM,
    SIGNE_LE,
    SLUG,
    DeuxLargeurs,
    Euros,
    Paquet,
    hash_of,
    join,
    make_communaute,
    read_euros,
    read_export,
    read_row,
)
from serveurs import Demonstration

ANNEE = f"/c/{SLUG}/pilotage/"
MOTIF = "Nos fichiers donnent 112 patients à cette date."
CONTRAT_SIGNE, FORUM_TENU, LISTE, COMPTE_RENDU = "contrat signé", "forum tenu", "liste relue", "compte rendu signé"
ENSEMBLE = re.compile("Total de la part variable")


def test_from_the_signed_contract_to_the_signed_minutes(ouvrir: Ouvrir, demo_base, serveur_demo, album, tmp_path):
    make_communaute()
    odile = ouvrir(BUREAU, genre=DeuxLargeurs)
    odile.enter(COORDINATRICE)
    enter_contrat(odile, album)
    run_missions(odile, album)
    assert read_annee(odile, album, "06-annee-avant") == Euros(Decimal(0), Decimal(0))
    reach_tiers(odile, album)
    atteint = Euros(Decimal(0), Decimal(11_000))
    assert read_annee(odile, album, "09-annee-apres") == atteint

    empreinte = freeze(odile, album)
    paquet = make_pack(odile, serveur_demo, album, tmp_path)
    expect_pack(paquet, empreinte, atteint)
    send_pack(odile)
    odile.page.set_viewport_size(TELEPHONE)
    prepare_and_transmit(odile, empreinte, album)
    serveur_demo.work()

    francoise = ouvrir(BUREAU)
    francoise.enter("Françoise Villard")
    assert read_portefeuille(francoise) == atteint
    adresses = give_opinions(francoise, empreinte, album)
    expect_pack(download_pack(francoise, tmp_path / "recu"), empreinte, atteint)
    adresses.append(francoise.page.url)
    answer(odile, album)
    francoise.open(adresses[0])
    expect(francoise.page.locator("main")).to_contain_text("Document joint")
    sign_and_close(odile, album)
    serveur_demo.work()

    # The accepted value is certain, the contested one still waits; everywhere.
    attendu = Euros(Decimal(5_000), Decimal(6_000))
    assert read_annee(odile, album, "24-annee-constatee") == attendu
    assert read_row(odile.page, FORUM) == Euros(Decimal(5_000), Decimal(0))
    assert read_row(odile.page, ALD) == Euros(Decimal(0), Decimal(6_000))
    assert read_portefeuille(francoise, album) == attendu
    francoise.click("link", NOM)
    assert read_row(francoise.page, FORUM) == Euros(Decimal(5_000), Decimal(0))
    assert read_row(francoise.page, ALD) == Euros(Decimal(0), Decimal(6_000))
    olivier = ouvrir(TELEPHONE)
    olivier.enter("Olivier Prévost")
    expect_nothing(olivier, [*adresses, francoise.page.url])


def go(personne: Personne, entree: str) -> None:
    """By the menu, wherever the screen puts it."""
    liens = personne.page.locator("nav").get_by_role("link", name=entree, exact=True)
    lien = liens.locator("visible=true")
    if not lien.count():
        personne.page.locator(".barre-bas summary").click()
    with personne.page.expect_navigation():
        lien.first.click()
    personne.look()


def enter_contrat(odile: Personne, album: Path | None) -> None:
    """The five steps of the guided form, the annexe pasted, the signed document joined."""
    page = odile.page
    go(odile, "L’année")
    odile.photograph(album, "01-sans-contrat")
    odile.click("link", "Saisir le contrat")
    odile.click("link", "Commencer")
    page.get_by_label("Contrat signé le").fill(SIGNE_LE.isoformat())
    page.get_by_label("Population du territoire").fill("97 000")
    page.get_by_label("Signé pour la communauté par").fill("Odile Barjon, coordinatrice")
    join(page.get_by_label("Contrat signé", exact=False).and_(page.locator("[type=file]")), "aci.pdf", CONTRAT_SIGNE)
    odile.click("button", "Continuer")
    for nom, montant in (("Accès aux soins", "14 000"), ("Prévention", "8 500")):
        mission = page.get_by_role("region", name=nom)
        mission.get_by_label("Où en est-elle ?").select_option("demarree" if nom == "Prévention" else "prevue")
        if nom == "Prévention":
            mission.get_by_label("Démarrée le").fill(SIGNE_LE.isoformat())
        mission.get_by_text("Mon contrat écrit d’autres montants").click()
        mission.get_by_label(re.compile("variable")).fill(montant)
    odile.photograph(album, "02-missions")
    odile.click("button", "Continuer")
    page.get_by_label("Le tableau copié").fill(ANNEXE)
    odile.click("button", "Lire le tableau")
    odile.photograph(album, "03-annexe-lue")
    # Maillon offers to count this stock from its own acts; this community keeps its dashboard.
    ald = page.locator("details.saisie-ligne").filter(has_text=ALD)
    expect(ald).to_contain_text("proposé")
    ald.locator("summary").first.click()
    ald.get_by_label("Calculé par Maillon").select_option("")
    expect(page.locator("details.saisie-ligne").filter(has_text="à corriger")).to_have_count(0)
    odile.click("button", "Continuer")
    odile.click("button", re.compile("^Continuer$"))
    odile.click("button", re.compile("Continuer et vérifier|^Continuer$"))
    odile.photograph(album, "04-verifier")
    odile.click("button", "Enregistrer le contrat")
    expect(page.get_by_role("heading", level=1)).to_have_text("Année 1 du contrat")


def run_missions(odile: Personne, album: Path | None) -> None:
    """One starts, the other is deployed."""
    page = odile.page
    odile.click("link", "Le contrat")
    expect(page.locator("main")).to_contain_text(hash_of(CONTRAT_SIGNE))
    for geste, nom, champ in (
        ("Enregistrer le démarrage", "Accès", "Démarrée le"),
        ("Enregistrer le déploiement", "Prévention", "Déployée le"),
    ):
        ligne = page.get_by_role("row").filter(has_text=nom)
        ligne.get_by_text(geste).click()
        ligne.get_by_label(champ).fill((SIGNE_LE + timedelta(days=90)).isoformat())
        with page.expect_navigation():
            ligne.get_by_role("button", name="Enregistrer").click()
        odile.look()
        expect(page.get_by_role("row").filter(has_text=nom).get_by_text(geste)).to_have_count(0)
    odile.photograph(album, "05-contrat")


def read_annee(odile: Personne, album: Path | None, image: str) -> Euros:
    """The total of the year page: its figures and its table agree."""
    odile.open(ANNEE)
    odile.photograph(album, image)
    lu = read_row(odile.page, ENSEMBLE)
    chiffres = odile.page.locator(".chiffre")
    for nom, montant in (("Constaté", lu.constate), ("À confirmer", lu.a_confirmer)):
        assert read_chiffre(chiffres.filter(has_text=nom).first, nom) == montant
    return lu


def read_chiffre(chiffre: Locator, nom: str) -> Decimal:
    return read_euros(chiffre.inner_text().replace(nom, "", 1))


def reach_tiers(odile: Personne, album: Path | None) -> None:
    """A declared stock under a tier, a deliverable done and its evidence."""
    page = odile.page
    for indicateur, valeur in ((ALD, "98"), (FORUM, "1")):
        odile.open(ANNEE)
        odile.click("link", indicateur)
        page.get_by_text("Enregistrer une valeur").click()
        page.get_by_label("Valeur", exact=True).fill(valeur)
        page.get_by_label("D’où vient-elle ?").fill("tableau de bord de la communauté")
        odile.click("button", "Enregistrer la valeur")
    odile.photograph(album, "07-indicateur")
    page.get_by_text("Joindre", exact=False).first.click()
    join(page.get_by_label("Documents", exact=False).and_(page.locator("[type=file]")), "forum.pdf", FORUM_TENU)
    page.get_by_label("Ce que le document montre").fill("Forum de prévention tenu")
    page.get_by_label("Date du fait").fill(today().isoformat())
    odile.click("button", re.compile("^(Joindre|Ajouter|Enregistrer)"), dans="section[aria-labelledby=justificatifs]")
    expect(page.locator("main")).to_contain_text("Forum de prévention tenu")
    odile.photograph(album, "08-justificatif")


def freeze(odile: Personne, album: Path | None) -> str:
    """The period is sealed; its hash is shown."""
    page = odile.page
    go(odile, "Dossiers")
    go(odile, "Périodes arrêtées")
    odile.photograph(album, "10-arretes")
    odile.click("link", "Arrêté intermédiaire")
    page.get_by_label("Pourquoi arrêter cette période ?").fill("Dialogue de gestion")
    odile.photograph(album, "11-arreter")
    odile.click("button", "Arrêter la période")
    odile.photograph(album, "12-arrete")
    return page.get_by_role("region", name="Empreinte").locator(".empreinte").first.inner_text()


def make_pack(odile: Personne, serveur: Demonstration, album: Path | None, tmp_path: Path) -> Paquet:
    """Asked for, awaited, downloaded."""
    page = odile.page
    go(odile, "Dossiers")
    odile.photograph(album, "13-dossiers")
    odile.click("button", "Préparer le dossier")
    odile.photograph(album, "14-en-preparation")
    serveur.work()
    expect(page.get_by_role("link", name="Tout télécharger")).to_be_visible(timeout=15_000)
    odile.look()
    odile.photograph(album, "15-dossier")
    return unfold(odile, "Tout télécharger", tmp_path / "paquet")


def unfold(personne: Personne, lien: str, lieu: Path) -> Paquet:
    with personne.page.expect_download() as telechargement:
        personne.page.get_by_role("link", name=lien).click()
    assert telechargement.value.suggested_filename.endswith(".zip")
    return Paquet.unfold(Path(telechargement.value.path()), lieu)


def send_pack(odile: Personne) -> None:
    """To the CPAM and the ARS, after a question that says it is for good."""
    odile.page.get_by_role("button", name="Transmettre").click()
    expect(odile.page.get_by_role("dialog")).to_contain_text("ne se reprend pas")
    odile.click("button", "Transmettre", dans="dialog")


def download_pack(agent: Personne, lieu: Path) -> Paquet:
    """From the dialogue's page, the pack that the CPAM received."""
    agent.click("link", re.compile("Dossier de l’année"), dans="section[aria-labelledby=dossiers]")
    return unfold(agent, "Tout le dossier et ses justificatifs", lieu)


def expect_pack(paquet: Paquet, empreinte: str, attendu: Euros) -> None:
    """It verifies offline, bears the seal, and says what the page says."""
    paquet.check()
    assert paquet.empreinte == empreinte
    assert paquet.read_classeur("Ensemble") == attendu
    textes = paquet.read_pdfs()
    assert textes
    for nom, texte in textes.items():
        assert empreinte in texte.replace(" ", ""), nom
    dossier = next(texte for nom, texte in textes.items() if "dossier" in nom)
    assert "11 000 €" in dossier
    preuves = [chemin.read_bytes() for chemin in paquet.lieu.glob("justificatifs/*/*")]
    assert len(preuves) == 1


def prepare_and_transmit(odile: Personne, empreinte: str, album: Path | None) -> None:
    """On a telephone: the checklist, the appointment, then the figures are given."""
    page = odile.page
    go(odile, "Dossiers")
    go(odile, "Dialogues de gestion")
    odile.photograph(album, "16-dialogues")
    odile.click("link", "Préparer un dialogue")
    odile.click("button", "Commencer")
    odile.photograph(album, "17-preparer")
    page.get_by_label("Prévu le").fill(today().isoformat())
    page.get_by_label("Lieu").fill("CPAM de la Loire")
    odile.click("button", "Enregistrer")
    page.get_by_role("button", name="Transmettre").click()
    boite = page.get_by_role("dialog")
    expect(boite).to_contain_text(re.compile(r"11\s000\s€ à confirmer"))
    odile.look()
    odile.click("button", "Transmettre", dans="dialog")
    odile.photograph(album, "18-transmis")
    expect(page.get_by_role("region", name="Le rendez-vous").locator(".empreinte")).to_have_text(empreinte)


def read_portefeuille(agent: Personne, album: Path | None = None) -> Euros:
    """The CPAM's list, on the screen and saved."""
    page = agent.open("/territoire/contrats/")
    agent.photograph(album, "25-portefeuille")
    page.get_by_text("Exporter", exact=True).click()
    with page.expect_download() as telechargement:
        page.locator("#liste-exports").get_by_text("Texte (CSV)").click()
    page.get_by_text("Exporter", exact=True).click()
    lu = read_export(Path(telechargement.value.path()).read_text(encoding="utf-8-sig"), NOM)
    ligne = page.get_by_role("row").filter(has_text=NOM)
    for nom, montant in (("Constaté", lu.constate), ("À confirmer", lu.a_confirmer)):
        assert read_euros(ligne.locator(f"[data-libelle='{nom}']").inner_text()) == montant
    return lu


def give_opinions(agent: Personne, empreinte: str, album: Path | None) -> list[str]:
    """The CPAM reads the evidence's hash, accepts one value, contests the other; returns what it opened."""
    page = agent.page
    go(agent, "Dialogues")
    agent.click("link", NOM)
    dialogue = page.url
    expect(page.locator("main")).to_contain_text(empreinte)
    agent.photograph(album, "19-dialogue-cpam")
    forum, ald = (page.locator(".point").filter(has_text=nom) for nom in (FORUM, ALD))
    forum.locator("summary").first.click()
    forum.get_by_role("link", name="Voir les actes et les justificatifs").click()
    expect(page.locator("main")).to_contain_text(hash_of(FORUM_TENU))
    agent.look()
    agent.photograph(album, "20-justificatif-cpam")
    indicateur = page.url
    agent.click("link", "Son point du dialogue")
    forum.get_by_role("button", name=re.compile("Accepter")).click()
    expect(forum).to_contain_text("CPAM : accepte")
    ald.get_by_text("Contester ou questionner").click()
    ald.get_by_label("Pourquoi ?").fill(MOTIF)
    ald.get_by_label("Valeur que vous retenez").fill("112")
    ald.get_by_role("button", name="Contester", exact=True).click()
    expect(ald).to_contain_text("CPAM : conteste")
    agent.look()
    agent.photograph(album, "21-avis")
    return [dialogue, indicateur]


def answer(odile: Personne, album: Path | None) -> None:
    """The coordinator answers with a document."""
    page = odile.page
    go(odile, "Dossiers")
    go(odile, "Dialogues de gestion")
    odile.click("link", re.compile("^Dialogue de mi-année"))
    ald = page.locator(".point").filter(has_text=ALD)
    expect(ald).to_contain_text(MOTIF)
    ald.get_by_text("Répondre", exact=True).first.click()
    ald.get_by_label("Votre réponse").fill("La liste relue donne 98 : elle est jointe, sans aucun nom.")
    join(ald.locator("[type=file]"), "liste.pdf", LISTE)
    ald.get_by_label("Ce document ne nomme").check()
    odile.look()
    with page.expect_navigation():
        ald.get_by_role("button", name="Répondre").click()
    odile.look()
    odile.photograph(album, "22-reponse")
    expect(page.locator(".point").filter(has_text=ALD)).to_contain_text(hash_of(LISTE)[:16])


def sign_and_close(odile: Personne, album: Path | None) -> None:
    """A decision, the meeting, the minutes signed on paper and kept, the closing that says its euros."""
    page = odile.page
    page.get_by_text("Ajouter une décision").click()
    page.get_by_label("Ce qui est décidé").fill("Rapprocher les deux listes d’ALD")
    odile.click("button", "Ajouter la décision")
    page.get_by_label("Tenu le").fill(today().isoformat())
    odile.click("button", "Enregistrer", dans="section[aria-labelledby=tenu]")
    odile.click("link", re.compile("Compte rendu|Déposer le compte rendu"))
    desaccord = re.compile(f"98 patients pour la communauté.*112 patients pour la CPAM. {MOTIF}")
    expect(page.get_by_label("Points de désaccord")).to_have_value(desaccord)
    odile.click("button", "Enregistrer le texte")
    join(page.get_by_label("Compte rendu signé (PDF)"), "compte-rendu.pdf", COMPTE_RENDU)
    for partie in ("la communauté", "la CPAM"):
        page.get_by_label(f"Signé par {partie} le").fill(today().isoformat())
    odile.photograph(album, "23-compte-rendu")
    odile.click("button", "Garder le document signé")
    expect(page.locator(".tete")).to_contain_text("compte rendu signé")
    expect(page.locator("main")).to_contain_text(re.compile(r"Constaté 0\s€ → 5\s000\s€"))
    page.get_by_role("button", name="Clore le dialogue").first.click()
    odile.look()
    odile.photograph(album, "23b-clore")
    odile.click("button", "Clore le dialogue", dans="dialog")
    expect(page.locator("main")).to_contain_text(hash_of(COMPTE_RENDU))


def expect_nothing(agent: Personne, adresses: list[str]) -> None:
    """The CPAM of another département: neither in its lists nor at the addresses."""
    page = agent.open("/territoire/contrats/")
    expect(page.locator("main")).not_to_contain_text(NOM)
    agent.open("/territoire/dialogues/")
    expect(page.locator("main")).not_to_contain_text(NOM)
    for adresse in adresses:
        assert page.request.get(adresse).status == 404, adresse
