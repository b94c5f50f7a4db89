"""Pages as people open them: members, then the CPAM and the ARS."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fabriques.cycle import make_jalon, sign
from fabriques.droits import enter, make_agent, make_cpts, make_membre
from fabriques.pilotage import SIGNATURE, DonneesContratFabrique
from maillon.pilotage.contrats.donnees import DonneesMission
from maillon.pilotage.contrats.enums import StatutMission
from maillon.pilotage.contrats.services import create_contrat
from maillon.pilotage.cycle.declarations import list_alertes, list_alertes_territoire
from maillon.pilotage.cycle.enums import NatureJalon, Partie
from maillon.pilotage.cycle.models import Jalon, Signature
from maillon.pilotage.cycle.services import refresh_suivi
from maillon.pilotage.cycle.tasks import rafraichir
from maillon.socle.contexte import read_cpts, use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, Role, RoleTerritorial
from maillon.socle.horloge import now

N = NatureJalon
PDF = b"%PDF-1.7 contrat"


@pytest.fixture
def coordination(cpts) -> Client:
    return enter(Client(), make_membre(cpts, Role.COORDINATION).compte)


@pytest.fixture
def ars() -> Client:
    return enter(Client(), make_agent(RoleTerritorial.ARS).compte)


def url(nom: str, cpts, *args) -> str:
    return reverse(f"cycle:{nom}", args=[cpts.slug, *args])


def read(reponse) -> str:
    """The text of a page, spaces made plain."""
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


def sign_contrat(cpts, *missions: DonneesMission):
    """A contract signed on 22 December 2023; its year 3 ends in 28 days."""
    missions = missions or (DonneesMission(code="acces"),)
    return create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(missions=list(missions)), by=SYSTEME)


def test_an_empty_life_says_what_to_do_first(cpts, coordination):
    texte = read(coordination.get(url("vie", cpts)))
    assert "En préparation." in texte
    assert "Rien n’est encore enregistré" in texte
    assert "Commencez par la lettre d’intention" in texte


def test_the_page_says_where_each_date_comes_from(cpts, coordination):
    with use_cpts(cpts.pk):
        sign_contrat(cpts)
        make_jalon(cpts, N.LETTRE, date(2022, 5, 3))
    texte = read(coordination.get(url("vie", cpts)))
    assert "Contrat signé vendredi 22 décembre 2023 , date du contrat saisi" in texte
    assert "acte de la CPTS, enregistré ici" in texte
    assert "En retard : accès aux soins : déploiement au plus tard le 22/06/2025, et 1 autre." in texte
    assert "18 mois après la signature du 22/12/2023." in texte
    assert "date proposée" in texte


def test_recording_the_signature_with_its_three_signatories(cpts, coordination):
    adresse = url("ajouter", cpts)
    assert "Contrat signé par les trois parties" in read(coordination.get(adresse))
    champs = {
        "le": "2026-03-02",
        "cpts_nom": "Dominique Lefort",
        "cpts_qualite": "présidence",
        "cpts_le": "2026-02-27",
        "assurance_maladie_nom": "Sacha Morel",
        "assurance_maladie_qualite": "direction de la caisse",
        "ars_nom": "Alix Perrin",
    }
    fichier = SimpleUploadedFile("contrat.pdf", PDF)
    refus = coordination.post(f"{adresse}?nature=aci", {**champs, "document": fichier})
    assert refus.status_code == 422
    assert "Donnez le nom et la qualité, ou ni l’un ni l’autre." in read(refus)
    fichier.seek(0)
    champs["ars_qualite"] = "direction départementale"
    assert coordination.post(f"{adresse}?nature=aci", {**champs, "document": fichier}).status_code == 302
    page = read(coordination.get(url("signataires", cpts)))
    for attendu in ("Dominique Lefort", "Sacha Morel", "Alix Perrin", "le 27/02/2026", "le 02/03/2026", "SHA-256"):
        assert attendu in page
    with use_cpts(cpts.pk):
        assert Signature.objects.count() == 3


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"le": "2027-01-01"}, "Ce jour n’est pas encore passé"),
        ({"le": ""}, "obligatoire"),
        ({"le": "2021-01-01"}, "se dépose après la lettre"),
    ],
)
def test_a_refused_form_says_why_beside_the_field(cpts, coordination, champs, phrase):
    with use_cpts(cpts.pk):
        make_jalon(cpts, N.LETTRE, date(2022, 5, 3))
    refus = coordination.post(url("ajouter", cpts) + "?nature=depot", champs)
    assert refus.status_code == 422
    assert phrase in read(refus)


def test_what_is_already_recorded_is_offered_to_be_opened(cpts, coordination):
    with use_cpts(cpts.pk):
        lettre = make_jalon(cpts, N.LETTRE, date(2022, 5, 3))
    page = coordination.get(url("ajouter", cpts))
    assert url("jalon", cpts, lettre.pk).encode() in page.content
    assert b"?nature=lettre" not in page.content
    assert coordination.post(url("ajouter", cpts), {}).status_code == 422


def test_correcting_keeps_the_first_version_readable(cpts, coordination):
    with use_cpts(cpts.pk):
        lettre = make_jalon(cpts, N.LETTRE, date(2022, 5, 3), note="reçue en double")
    adresse = url("corriger", cpts, lettre.pk)
    assert b'value="2022-05-03"' in coordination.get(adresse).content
    assert coordination.post(adresse, {"le": "2022-05-04"}).status_code == 302
    ancienne = read(coordination.get(url("jalon", cpts, lettre.pk)))
    assert "corrigé depuis" in ancienne
    assert "Voir la dernière version" in ancienne
    assert coordination.post(adresse, {"le": "2022-05-05"}).status_code == 422
    with use_cpts(cpts.pk):
        derniere = Jalon.objects.get(remplace=lettre)
    assert "Versions" in read(coordination.get(url("jalon", cpts, derniere.pk)))


def test_saying_that_it_did_not_happen(cpts, coordination):
    with use_cpts(cpts.pk):
        lettre = make_jalon(cpts, N.LETTRE, date(2022, 5, 3))
    page = coordination.post(url("annuler", cpts, lettre.pk), follow=True)
    assert "n’est plus compté" in read(page)
    encore = coordination.post(url("annuler", cpts, lettre.pk), follow=True)
    assert "a déjà été corrigé" in read(encore)
    assert "n’a pas eu lieu" in read(coordination.get(url("jalon", cpts, lettre.pk)))
    with use_cpts(cpts.pk):
        annulation = Jalon.objects.get(annule=True)
    assert coordination.get(url("corriger", cpts, annulation.pk)).status_code == 404


def test_the_numbers_of_the_association_are_asked_and_checked(cpts, coordination):
    refus = coordination.post(url("numeros", cpts), {"finess": "12"})
    assert refus.status_code == 422
    assert "9 caractères, par exemple 420000123" in read(refus)
    assert coordination.post(url("numeros", cpts), {"finess": "420000123", "rna": "W421234567"}).status_code == 302
    with use_cpts(cpts.pk):
        sign_contrat(cpts)
    assert "W421234567" in read(coordination.get(url("vie", cpts)))


def test_the_board_reads_and_does_not_write(cpts):
    with use_cpts(cpts.pk):
        lettre = make_jalon(cpts, N.LETTRE, date(2022, 5, 3))
    client = enter(Client(), make_membre(cpts, Role.BUREAU).compte)
    assert b"Ajouter un fait" not in client.get(url("vie", cpts)).content
    assert b"Corriger" not in client.get(url("jalon", cpts, lettre.pk)).content
    assert client.get(url("ajouter", cpts)).status_code == 404


def test_the_calendar_file_holds_open_deadlines_and_nobody(cpts, coordination):
    with use_cpts(cpts.pk):
        sign_contrat(cpts)
        make_jalon(cpts, N.ACI, SIGNATURE, signatures=(sign(Partie.ARS, SIGNATURE, nom="Zoé Secret"),))
    reponse = coordination.get(url("agenda", cpts))
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    texte = reponse.content.decode().replace("\r\n ", "")
    assert f"UID:fin.{cpts.pk.hex}@maillon" in texte
    assert "demarrage_acces" not in texte  # met
    assert "Secret" not in texte


def test_a_mission_is_deployed_from_the_contract_page(cpts, coordination):
    with use_cpts(cpts.pk):
        mission = sign_contrat(cpts).missions.get()
    adresse = reverse("pilotage:deployer_mission", args=[cpts.slug, mission.pk])
    assert "Enregistrer le déploiement" in read(coordination.get(reverse("pilotage:contrat", args=[cpts.slug])))
    refus = coordination.post(adresse, {"le": "2023-01-01"})
    assert refus.status_code == 422
    assert "a démarré le 22/12/2023" in read(refus)
    assert coordination.post(adresse, {"le": "2025-06-22"}).status_code == 302
    assert "Mission déployée : Accès aux soins" in read(coordination.get(url("vie", cpts)))


def test_the_page_asks_the_same_number_of_queries_whatever_the_history(
    cpts, coordination, django_assert_max_num_queries
):
    with use_cpts(cpts.pk):
        sign_contrat(cpts)
        make_jalon(cpts, N.ACI, SIGNATURE, signatures=(sign(Partie.ARS, SIGNATURE),))
    with django_assert_max_num_queries(32) as peu:
        coordination.get(url("vie", cpts))
    combien = len(peu)
    with use_cpts(cpts.pk):
        for jour in range(1, 20):
            make_jalon(cpts, N.DIALOGUE, date(2025, 1, jour))
    with django_assert_max_num_queries(combien):
        coordination.get(url("vie", cpts))


# CPAM and ARS ------------------------------------------------------------------------------------------------------


def test_the_ars_reads_the_deadlines_and_the_countdown_of_silence(cpts, ars, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        make_jalon(cpts, N.DEPOT, date(2026, 10, 15), note="note secrète")
    rafraichir.func(cpts_id=str(cpts.pk))
    autre = make_cpts("CPTS signée")
    with use_cpts(autre.pk):
        sign_contrat(autre)
        refresh_suivi(cpts_id=autre.pk)
    adresse = reverse("cycle:territoire")
    with django_assert_max_num_queries(20) as requetes:
        page = ars.get(adresse)
    combien = len(requetes)
    texte = read(page)
    assert "Communautés sans contrat 1" in texte
    assert "validation tacite dans 21 jours, le 15/12/2026" in texte
    assert "secrète" not in texte
    depassees = read(ars.get(adresse, {"etat": "depassee"}))
    assert "Accès aux soins : déploiement au plus tard" in depassees
    assert "2 échéances" in depassees
    assert "Validation du projet" in read(ars.get(adresse, {"mois": "2026-12", "genre": "validation"}))
    csv = ars.get(adresse, {"etat": "depassee", "export": "csv"}).content.decode()
    assert len(csv.strip().splitlines()) == 3
    with use_cpts(autre.pk):
        make_jalon(autre, N.DIALOGUE, date(2026, 3, 2))
        refresh_suivi(cpts_id=autre.pk)
    with django_assert_max_num_queries(combien):
        ars.get(adresse)
    vie = read(ars.get(reverse("cycle:territoire_vie", args=[autre.pk])))
    assert "Dialogue de gestion tenu" in vie
    assert ars.get(reverse("cycle:territoire_agenda")).content.count(b"BEGIN:VEVENT") > 5


def test_an_agent_elsewhere_reads_nothing(cpts):
    with use_cpts(cpts.pk):
        make_jalon(cpts, N.DEPOT, date(2026, 10, 15))
        refresh_suivi(cpts_id=cpts.pk)
    client = enter(Client(), make_agent(RoleTerritorial.ARS, departement="69").compte)
    assert "Aucune échéance" in read(client.get(reverse("cycle:territoire")))
    assert client.get(reverse("cycle:territoire_vie", args=[cpts.pk])).status_code == 404


# Warnings ----------------------------------------------------------------------------------------------------------


def test_deadlines_are_said_in_advance(cpts, django_assert_max_num_queries):
    with use_cpts(cpts.pk):
        assert list_alertes(cpts.pk, SYSTEME, now()) == []
        sign_contrat(cpts, DonneesMission(code="acces"), DonneesMission(code="prevention", statut=StatutMission.PREVUE))
        make_jalon(cpts, N.DOCUMENT, date(2026, 1, 1), libelle="Assurance", jusqu_a=date(2026, 12, 1))
        make_jalon(cpts, N.DOCUMENT, date(2026, 1, 1), libelle="Bail", jusqu_a=date(2027, 2, 1))
        make_jalon(cpts, N.DOCUMENT, date(2026, 1, 1), libelle="Convention", jusqu_a=date(2027, 6, 1))
        refresh_suivi(cpts_id=cpts.pk)
        with django_assert_max_num_queries(2):
            alertes = list_alertes(cpts.pk, SYSTEME, now())
    dites = {alerte.phrase.replace("\u00a0", " "): alerte.urgente for alerte in alertes}
    assert dites["Accès aux soins : déploiement au plus tard, échéance dépassée de 520 jours."] is True
    assert dites["Plus que quelques jours. Assurance : fin de validité dans 7 jours, le 01/12/2026."] is True
    assert dites["Bail : fin de validité dans 69 jours, le 01/02/2027."] is False
    assert not [phrase for phrase in dites if "Convention" in phrase or "Anniversaire" in phrase]


def test_the_home_of_an_agent_says_the_nearest_and_counts_the_rest(cpts):
    with use_cpts(cpts.pk):
        for jour in range(1, 9):
            make_jalon(cpts, N.DOCUMENT, date(2026, 1, 1), libelle=f"Bail {jour}", jusqu_a=date(2026, 12, jour))
        refresh_suivi(cpts_id=cpts.pk)
    acteur = Acteur(Genre.AGENT, roles=frozenset({RoleTerritorial.ARS}), cpts_lues=frozenset({cpts.pk}))
    with read_cpts([cpts.pk], acteur="agent"):
        alertes = list_alertes_territoire(acteur, now())
    assert alertes[0].phrase.replace("\u00a0", " ").startswith("CPTS d’essai : Plus que quelques jours. Bail 1")
    assert alertes[-1].nombre == 3
    assert len(alertes) == 6
    client = enter(Client(), make_agent(RoleTerritorial.ARS).compte)
    assert "3 autres échéances" in read(client.get(reverse("accueil_territoire")))
