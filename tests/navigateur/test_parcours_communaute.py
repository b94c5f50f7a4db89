"""The community from end to end: a list taken over, an invitation, a meeting signed on a telephone, its pay approved by
two people and transferred; and the same euros in the budget, the same meeting in the indicator."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from django.urls import reverse
from playwright.sync_api import Page, expect

from fabriques.droits import SECRET, make_compte, make_cpts, make_membre
from fabriques.paiements import IBAN, IBAN_CPTS
from fabriques.personnes import PersonneFabrique
from fabriques.pilotage import DonneesContratFabrique, DonneesIndicateurFabrique, palier
from maillon.communaute.reunions.codes import make_code
from maillon.communaute.reunions.models import Reunion
from maillon.pilotage.contrats.enums import Nature
from maillon.pilotage.contrats.services import create_contrat
from maillon.socle.comptes.services import enrol_totp
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today
from maillon.socle.ui.qr import draw_qr
from navigateur.conftest import BUREAU, TELEPHONE, Ouvrir
from navigateur.parcours import Personne
from navigateur.pilotage import SIGNE_LE, read_euros
from navigateur.test_parcours_pilotage import go
from serveurs import Demonstration

SLUG, NOM = "essai-du-furan", "CPTS d’essai du Furan"
LISTE = Path(__file__).parents[1] / "communaute/reprise/membres.csv"
COORDINATRICE, TRESORIER, VOISINE = "Odile Barjon", "Thierry Vacheron", "Paule Seytre"
# Of the list: an independent nurse without account, and a salaried partner who is not a member.
INFIRMIERE, COURRIEL = "Dominique Martin", "dominique.martin@example.org"
REUNION, INDICATEUR, MISSION = "Parcours insuffisance cardiaque", "Réunions de parcours tenues", "Accès aux soins"
PALIER, SEANCE = Decimal(10_000), Decimal(60)
PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def make_communaute() -> Cpts:
    """A contract that counts the meetings attached to it; a coordinator, a treasurer, a member who stays outside."""
    cpts = make_cpts(NOM, slug=SLUG, fictive=True)
    for nom_complet, role in (
        (COORDINATRICE, Role.COORDINATION), (TRESORIER, Role.BUREAU), (VOISINE, Role.PROFESSIONNEL),
    ):  # fmt: skip
        prenom, nom = nom_complet.split()
        compte = make_compte(prenom=prenom, nom=nom, email=f"{prenom}.{nom}@example.org".lower(), fictif=True)
        enrol_totp(compte=compte, secret=SECRET)
        membre = make_membre(cpts, role, compte=compte)
        with use_cpts(cpts.pk):
            PersonneFabrique(cpts=cpts, membre=membre, prenom=prenom, nom=nom, courriel=compte.email)
    indicateurs = [
        DonneesIndicateurFabrique(
            code="reunions", libelle=INDICATEUR, nature=Nature.COMPTE, sens="hausse", unite="réunion",
            code_declare="reunions.tenues", paliers=[palier(1, str(PALIER))],
        ),
        DonneesIndicateurFabrique(code="annuaire", paliers=[palier(1, 25_000)]),
    ]  # fmt: skip
    with use_cpts(cpts.pk):
        donnees = DonneesContratFabrique(signe_le=SIGNE_LE, indicateurs=indicateurs)
        create_contrat(cpts_id=cpts.pk, donnees=donnees, by=SYSTEME)
    return cpts


def test_from_a_list_to_the_euros_of_a_meeting(ouvrir: Ouvrir, demo_base, serveur_demo, album, tmp_path):
    cpts = make_communaute()
    odile = ouvrir(BUREAU)
    odile.enter(COORDINATRICE)
    take_over(odile, serveur_demo, album)
    set_money(odile, album)
    prepare(odile, album)
    serveur_demo.work()
    dominique = ouvrir(TELEPHONE)
    answer(dominique, album)

    let_time_pass(cpts)
    sign(dominique, show_code(odile, cpts, album), album)
    close(odile, album)
    serveur_demo.work()
    collect(odile, album)
    confirm(dominique, album)
    paule = ouvrir(TELEPHONE)
    paule.enter(VOISINE)
    check_and_approve(odile, ouvrir, album)
    reference = issue(odile, album)
    settle(odile, reference, tmp_path, album)

    expect_in_budget(odile, album)
    expect_in_indicator(odile, album)
    expect_nothing(paule, odile)


def agree(personne: Personne, bouton: str | re.Pattern[str], album: Path | None, image: str) -> Page:
    """Press the button that asks, then say yes to its question."""
    personne.page.locator("main").get_by_role("button", name=bouton).first.click()
    expect(personne.page.get_by_role("dialog")).to_be_visible()
    personne.look()
    personne.photograph(album, image)
    with personne.page.expect_navigation():
        personne.page.get_by_role("dialog").locator("[type=submit]").click()
    return personne.look()


def open_row(personne: Personne, nom: str | re.Pattern[str]) -> Page:
    """The page of a row, which a desk would first show beside the list."""
    adresse = personne.page.locator("main").get_by_role("link", name=nom).first.get_attribute("href")
    assert adresse
    return personne.open(adresse)


def take_over(odile: Personne, serveur: Demonstration, album: Path | None) -> None:
    """The coordinator's own spreadsheet: read, shown, then written in one go."""
    page = odile.page
    odile.open(f"/c/{SLUG}/communaute/reprise/")
    odile.photograph(album, "01-listes")
    odile.click("link", "Reprendre une liste")
    page.get_by_label("Votre liste").set_input_files(LISTE)
    odile.click("button", "Lire la liste")
    odile.photograph(album, "02-colonnes")
    odile.click("button", "Voir ce que la liste changerait")
    expect(page.get_by_role("row").filter(has_text="Dominique MARTIN").first).to_contain_text("à ajouter")
    odile.photograph(album, "03-verifier")
    agree(odile, re.compile("Enregistrer"), album, "04-enregistrer")
    serveur.work()
    page.reload()
    odile.look()
    odile.photograph(album, "05-enregistree")
    odile.open(f"/c/{SLUG}/communaute/membres/")
    expect(page.locator("main")).to_contain_text(re.compile("Martin", re.I))
    odile.photograph(album, "06-membres")


def set_money(odile: Personne, album: Path | None) -> None:
    """What a session is worth, by the bureau's decision; the accounts that pay and receive."""
    page = odile.page
    go(odile, "Indemnités")
    odile.photograph(album, "07-indemnites")
    odile.click("link", "Tarifs")
    odile.click("link", "Décider un tarif")
    page.get_by_label("Payé", exact=True).select_option("seance")
    page.get_by_label("Montant, en euros").fill("60")
    page.get_by_label("À partir du").fill(SIGNE_LE.isoformat())
    page.get_by_label("Décidé le").fill(SIGNE_LE.isoformat())
    odile.photograph(album, "08-tarif")
    odile.click("button", re.compile("Enregistrer|Décider"))
    odile.photograph(album, "09-tarifs")
    odile.click("link", "Paiements")
    odile.click("link", "L’indiquer")
    page.get_by_label("Titulaire du compte").fill(NOM)
    page.get_by_label("IBAN").fill(IBAN_CPTS)
    odile.click("button", "Enregistrer")


def prepare(odile: Personne, album: Path | None) -> None:
    """A meeting of the group that the list named, attached to the indicator; the invitations leave."""
    page = odile.page
    go(odile, "Réunions")
    odile.click("link", "Préparer une réunion")
    page.get_by_label("Titre").fill(REUNION)
    page.get_by_label("Groupe", exact=True).select_option(label="Parcours")
    page.get_by_label("Date", exact=True).fill((today() + timedelta(days=7)).isoformat())
    page.get_by_label("Heure").fill("19:30")
    page.get_by_label("Durée").select_option("60")
    page.get_by_label("Lieu").fill("Maison de santé du Furan")
    page.get_by_label("Indicateur du contrat").select_option(label=INDICATEUR)
    odile.photograph(album, "10-reunion")
    odile.click("button", "Créer la réunion")
    odile.photograph(album, "11-reunion-creee")
    odile.click("link", re.compile("Inviter|Convoquer|Envoyer"))
    odile.photograph(album, "12-inviter")
    odile.click("button", "Envoyer l’invitation")
    expect(page.locator("main")).to_contain_text("2 personnes invitées")
    odile.photograph(album, "13-invitee")


def open_mail(personne: Personne, sujet: str | re.Pattern[str], lien: re.Pattern[str]) -> Page:
    """The newest mail of this subject, then the link in it."""
    personne.open("/demo/courriels/")
    personne.page.get_by_label("Adresse du destinataire").fill(COURRIEL)
    personne.click("button", "Chercher")
    personne.click("link", sujet)
    return personne.click("link", lien)


def answer(dominique: Personne, album: Path | None) -> None:
    """Without account, by the link of the invitation."""
    page = open_mail(dominique, "Invitation à une réunion", re.compile("^http.*reunion"))
    dominique.photograph(album, "14-repondre")
    dominique.click("button", re.compile("^Je viens|^Oui"))
    dominique.photograph(album, "15-repondu")
    expect(page.locator("main")).to_contain_text(REUNION)


def let_time_pass(cpts: Cpts) -> None:
    """The evening has come: the meeting began ninety minutes ago and has just ended."""
    debut = now() - timedelta(minutes=90)
    with use_cpts(cpts.pk):
        Reunion.objects.filter(cpts=cpts).update(debut=debut, fin=debut + timedelta(hours=1))


def show_code(odile: Personne, cpts: Cpts, album: Path | None) -> str:
    """The address that the telephone's camera reads on the wall: the drawing is that of this very address."""
    page = odile.page
    go(odile, "Réunions")
    open_row(odile, REUNION)
    odile.click("link", "Les présences")
    odile.photograph(album, "16-presences")
    odile.click("link", re.compile("Afficher|Projeter"))
    odile.photograph(album, "17-code")
    with use_cpts(cpts.pk):
        reunion = Reunion.objects.get(cpts=cpts)
    moments = (now(), now() - timedelta(minutes=2))
    adresses = [
        odile.racine + reverse("reunions:presence_code", args=[SLUG, make_code(reunion.pk, m)]) for m in moments
    ]
    trace = page.locator("#code svg path").last.get_attribute("d")
    assert trace
    return next(adresse for adresse in adresses if f'd="{trace}"' in draw_qr(adresse))


def sign(dominique: Personne, adresse: str, album: Path | None) -> None:
    """On a telephone without account: a name, an address, one touch."""
    page = dominique.open(adresse)
    dominique.photograph(album, "18-qui")
    page.get_by_label("Votre nom").fill("Martin Dominique")
    page.get_by_label("Votre courriel").fill(COURRIEL)
    dominique.click("button", "Je suis présent")
    expect(page.locator("main")).to_contain_text("Votre présence est enregistrée")
    dominique.photograph(album, "19-present")


def close(odile: Personne, album: Path | None) -> None:
    """The attendance is frozen; the minutes are next."""
    page = odile.page
    odile.click("link", "Revenir aux présences", dans="body")
    expect(page.locator("#liste-presences")).to_contain_text("code QR scanné")
    odile.photograph(album, "20-a-clore")
    agree(odile, "Clore la réunion", album, "21-clore")
    expect(page.locator("main")).to_contain_text("Commencer le compte rendu")
    odile.photograph(album, "22-close")


def collect(odile: Personne, album: Path | None) -> None:
    """What attendance proves is proposed to the person, who has no account: a link leaves."""
    page = odile.page
    go(odile, "Indemnités")
    odile.click("button", "Relever les présences")
    odile.photograph(album, "23-proposee")
    odile.click("link", "Personnes")
    open_row(odile, re.compile(INFIRMIERE, re.I))
    odile.photograph(album, "24-personne")
    agree(odile, "Envoyer un lien", album, "25-lien")
    odile.click("link", "Compte bancaire")
    page.get_by_label("Titulaire du compte").fill(INFIRMIERE)
    page.get_by_label("IBAN").fill(IBAN)
    odile.click("button", "Enregistrer")


def confirm(dominique: Personne, album: Path | None) -> None:
    """On the telephone, from the mail: the attendance is confirmed, the question of the year answered."""
    page = open_mail(dominique, "Déclarez vos participations", re.compile("^http.*indemnites"))
    expect(page.locator("main")).to_contain_text("1 présence à confirmer")
    expect(page.locator("main")).to_contain_text(re.compile(r"60\s€"))
    dominique.photograph(album, "26-confirmer")
    dominique.click("button", "Confirmer")
    page.get_by_label("Non", exact=False).first.check()
    dominique.click("button", "Répondre")
    expect(page.locator("main")).to_contain_text("à vérifier")
    dominique.photograph(album, "27-confirmee")


def check_and_approve(odile: Personne, ouvrir: Ouvrir, album: Path | None) -> None:
    """The coordination checks and cannot approve; the bureau approves, on a telephone."""
    go(odile, "Indemnités")
    odile.photograph(album, "28-a-verifier")
    odile.click("button", "Vérifier ce qui est coché")
    expect(odile.page.locator("body")).to_contain_text(re.compile(r"1\sligne vérifiée, pour 60\s€"))
    expect(odile.page.get_by_role("button", name="Approuver")).to_have_count(0)
    thierry = ouvrir(TELEPHONE)
    thierry.enter(TRESORIER)
    thierry.photograph(album, "29-accueil-bureau")
    go(thierry, "Indemnités")
    thierry.photograph(album, "30-a-approuver")
    agree(thierry, "Approuver ce qui est coché", album, "31-approuver")
    expect(thierry.page.locator("body")).to_contain_text(re.compile(r"1\sligne approuvée, pour 60\s€"))


def issue(odile: Personne, album: Path | None) -> str:
    """The run and its file of transfers; returns the reference of the only one."""
    page = odile.page
    go(odile, "Indemnités")
    odile.click("link", "Paiements")
    expect(page.locator("main")).to_contain_text(re.compile(r"60\s€ approuvés attendent"))
    odile.click("link", "Préparer un paiement")
    page.get_by_label("Payer ce qui est approuvé jusqu’au").fill(today().isoformat())
    page.get_by_label("Virements à exécuter le").fill((today() + timedelta(days=1)).isoformat())
    odile.photograph(album, "32-preparer")
    odile.click("button", "Rassembler")
    odile.photograph(album, "33-campagne")
    agree(odile, "Produire le fichier de virements", album, "34-produire")
    odile.photograph(album, "35-produit")
    with page.expect_download() as telechargement:
        page.get_by_role("link", name="Fichier SEPA").click()
    ordre = ET.parse(telechargement.value.path()).getroot()  # noqa: S314 - written by Maillon
    assert ordre.tag == f"{PAIN}Document"
    assert [m.text for m in ordre.iter(f"{PAIN}InstdAmt")] == ["60.00"]
    assert {i.text for i in ordre.iter(f"{PAIN}IBAN")} == {IBAN, IBAN_CPTS}
    return next(ordre.iter(f"{PAIN}EndToEndId")).text or ""


def settle(odile: Personne, reference: str, tmp_path: Path, album: Path | None) -> None:
    """The bank's own list says what was transferred."""
    page = odile.page
    releve = tmp_path / "releve.csv"
    releve.write_text(
        f"Date;Libellé;Débit euros;Crédit euros\n{today():%d/%m/%Y};VIR MARTIN DOMINIQUE {reference};60,00;\n"
        f"{today():%d/%m/%Y};ACI CPAM DE LA LOIRE;;5 000,00\n",
        encoding="cp1252",
    )
    odile.click("link", "Relevé de la banque")
    page.get_by_label("Relevé de la banque").set_input_files(releve)
    odile.click("button", "Lire le relevé")
    bilan = page.get_by_role("region", name="Ce que dit ce relevé")
    expect(bilan).to_contain_text("payé")
    expect(bilan).to_contain_text("1 opération ne vient pas de Maillon")
    odile.photograph(album, "36-releve")
    odile.click("link", INFIRMIERE)
    expect(page.locator(".tete")).to_contain_text("soldée")
    odile.photograph(album, "37-soldee")


def expect_in_budget(odile: Personne, album: Path | None) -> None:
    """The 60 euros are spent, in the mission of the meeting and nowhere else."""
    page = odile.page
    go(odile, "Budget")
    odile.photograph(album, "38-budget")
    expect(page.locator("main")).to_contain_text(re.compile(r"60\s€ sont payés et 0\s€ engagés"))
    odile.click("link", MISSION, dans="section[aria-labelledby=enveloppes]")
    odile.photograph(album, "39-enveloppe")
    ligne = page.get_by_role("row").filter(has_text="Indemnités et rémunérations")
    assert read_euros(ligne.locator("[data-libelle='Payé']").inner_text()) == SEANCE
    assert read_euros(ligne.locator("[data-libelle='Engagé']").inner_text()) == 0


def expect_in_indicator(odile: Personne, album: Path | None) -> None:
    """The meeting reached the tier; behind the figure, the meeting itself."""
    page = odile.page
    go(odile, "L’année")
    row = page.get_by_role("row").filter(has_text=INDICATEUR).last
    assert read_euros(row.locator("[data-libelle='À confirmer']").inner_text()) == PALIER
    odile.photograph(album, "40-annee")
    odile.click("link", INDICATEUR)
    odile.photograph(album, "41-indicateur")
    actes = page.get_by_role("table", name="Actes et justificatifs")
    expect(actes).to_contain_text("tenue, 1 présent")
    with page.expect_navigation():
        actes.get_by_role("row").last.get_by_role("link").first.click()
    odile.look()
    expect(page.get_by_role("heading", level=1)).to_have_text(REUNION)


def expect_nothing(paule: Personne, odile: Personne) -> None:
    """A member of the same community sees neither the meeting of others nor their pay."""
    page = paule.open(f"/c/{SLUG}/mes-indemnites/")
    expect(page.locator("main")).not_to_contain_text(REUNION)
    paule.open(f"/c/{SLUG}/reunions/")
    expect(page.locator("main")).not_to_contain_text(REUNION)
    for chemin in (f"/c/{SLUG}/pilotage/indemnites/", f"/c/{SLUG}/pilotage/indemnites/paiements/", odile.page.url):
        adresse = chemin if chemin.startswith("http") else paule.racine + chemin
        assert page.request.get(adresse).status in (403, 404), adresse
