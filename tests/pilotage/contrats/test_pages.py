"""Pages as people open them: who sees what, what a form refuses, what a figure opens onto."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent, make_membre
from fabriques.pilotage import (
    DECLARE,
    DonneesContratFabrique,
    create_acte,
    make_contrat_ald,
)
from maillon.pilotage.contrats import actes
from maillon.pilotage.contrats.models import Constat, Contrat, Preuve, ReleveActe
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.services import attach_preuve, create_contrat
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial


@pytest.fixture
def membre(cpts):
    """Sign in a member of the community with a role, and a mission if any."""

    def build(role: Role, mission: str = "") -> Client:
        return enter(Client(), make_membre(cpts, role, mission=mission).compte)

    return build


@pytest.fixture
def agent():
    def build(departement: str, role: RoleTerritorial = RoleTerritorial.CPAM) -> Client:
        return enter(Client(), make_agent(role, departement=departement).compte)

    return build


@pytest.fixture
def contrat(cpts):
    with use_cpts(cpts.pk):
        contrat = make_contrat_ald(cpts)
        for jour in range(4):
            create_acte(cpts.pk, date(2026, 10, 1), jours=jour, commune="Planfoy")
        create_acte(cpts.pk, date(2026, 8, 1), commune="Planfoy")
        refresh_releve(cpts_id=cpts.pk)
    return contrat


def url(nom: str, cpts, contrat=None, code: str = "ald") -> str:
    if contrat is None:
        return reverse(f"pilotage:{nom}", args=[cpts.slug])
    with use_cpts(cpts.pk):
        return reverse(f"pilotage:{nom}", args=[cpts.slug, contrat.indicateurs.get(code=code).pk])


def read(reponse) -> str:
    """The text of a page, spaces made plain."""
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&#x27;", "'").replace("&nbsp;", " "))


def test_the_year_says_what_is_at_stake(cpts, contrat, membre):
    texte = read(membre(Role.COORDINATION).get(url("annee", cpts)))
    assert "Votre année 3 finit dans 28 jours." in texte
    assert "encore 1 patient en ALD pour 3 000 € de plus" in texte
    assert "105 au 1er septembre" in texte


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.BUREAU, Role.REFERENT_MISSION])
def test_those_who_read_the_money_cannot_write(cpts, contrat, membre, role):
    client = membre(role)
    assert client.get(url("contrat", cpts)).status_code == 200
    page = client.get(url("indicateur", cpts, contrat))
    assert page.status_code == 200
    assert b"Enregistrer une valeur" not in page.content
    assert client.post(url("ajouter_constat", cpts, contrat), {}).status_code == 404
    assert client.get(url("nouveau", cpts)).status_code == 404


def test_a_professional_sees_the_indicators_of_own_missions(cpts, contrat, membre):
    sien, autre = membre(Role.PROFESSIONNEL, "acces"), membre(Role.PROFESSIONNEL, "prevention")
    assert "Patients en ALD" in read(sien.get(url("annee", cpts)))
    assert sien.get(url("indicateur", cpts, contrat)).status_code == 200
    assert "Aucun indicateur pour l’instant" in read(autre.get(url("annee", cpts)))
    assert autre.get(url("indicateur", cpts, contrat)).status_code == 404
    assert sien.get(url("contrat", cpts)).status_code == 404


def test_a_partner_sees_nothing(cpts, contrat, membre):
    assert membre(Role.PARTENAIRE).get(url("annee", cpts)).status_code == 404


def test_a_figure_opens_onto_its_acts(cpts, contrat, membre):
    page = membre(Role.COORDINATION).get(url("indicateur", cpts, contrat))
    texte = read(page)
    assert "Dernière valeur constatée (105 au 01/09/2026) moins 4 actes enregistrés" in texte
    assert page.content.count(b'href="/compte/?acte=') == 4
    assert "1 acte plus ancien de l’année est déjà dans la valeur constatée" in texte


def test_a_discreet_list_shows_neither_day_nor_commune_to_who_may_not_open_it(cpts, contrat, membre, monkeypatch):
    """The president may be the doctor of the patient placed that day in that commune."""
    monkeypatch.setattr(
        "maillon.pilotage.contrats.registre.may_open", lambda acteur, url: acteur.has_role(Role.COORDINATION)
    )
    lecteurs = {role: membre(role) for role in (Role.PRESIDENT, Role.BUREAU, Role.COORDINATION)}
    adresse = url("indicateur", cpts, contrat)
    assert b"Planfoy" in lecteurs[Role.PRESIDENT].get(adresse).content
    monkeypatch.setattr(actes, "collect", lambda kind: iter((replace(DECLARE, discret=True),)))
    for role, lecteur in lecteurs.items():
        page = lecteur.get(adresse)
        dates = [montre.jour for montre in page.context["actes"]]
        assert (b"Planfoy" in page.content, all(dates), len(dates)) == (role is Role.COORDINATION,) * 2 + (4,)


def test_the_coordinator_records_a_certified_value_with_its_document(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    donnees = {
        "valeur": "98,5",
        "le": "2026-11-20",
        "qui": "certifie",
        "certifie_par": "CPAM",
        "source": "courrier",
        "document": SimpleUploadedFile("courrier.pdf", b"%PDF-1.7"),
    }
    assert client.post(url("ajouter_constat", cpts, contrat), donnees).status_code == 302
    with use_cpts(cpts.pk):
        constat = Constat.objects.get(le=date(2026, 11, 20))
        assert (constat.valeur, constat.certifie_par, constat.document.nom) == (Decimal("98.5"), "CPAM", "courrier.pdf")
        fichier = constat.document_id
    telecharge = client.get(reverse("fichiers_telecharger", args=[cpts.slug, fichier]))
    assert telecharge.content == b"%PDF-1.7"
    assert "sandbox" in telecharge["Content-Security-Policy"]


def test_a_declared_value_of_a_computed_indicator_says_that_the_forecast_stays(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    assert "Maillon calcule cet indicateur" in client.get(url("indicateur", cpts, contrat)).content.decode()
    donnees = {"valeur": "98", "le": "2026-11-20", "qui": "declare", "source": "tableau de bord"}
    page = client.post(url("ajouter_constat", cpts, contrat), donnees, follow=True).content.decode()
    assert "La valeur déclarée est gardée. La prévision vient toujours de vos actes." in page


def test_evidence_opens_for_those_of_its_mission(cpts, contrat, membre):
    with use_cpts(cpts.pk):
        preuve = attach_preuve(
            indicateur=contrat.indicateurs.get(code="ald"), libelle="Suivi", le=date(2026, 9, 1), nom="a.pdf",
            contenu=b"%PDF-1.7", by=SYSTEME,
        )  # fmt: skip
    adresse = reverse("fichiers_telecharger", args=[cpts.slug, preuve.fichier_id])
    assert membre(Role.PROFESSIONNEL, "acces").get(adresse).status_code == 200
    assert membre(Role.BUREAU).get(adresse).status_code == 200
    assert membre(Role.PROFESSIONNEL, "prevention").get(adresse).status_code == 404


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"valeur": "beaucoup"}, "Saisissez un nombre"),
        ({"valeur": "-3"}, "supérieure ou égale à 0"),
        ({"le": "2027-01-01"}, "n’est pas encore passé"),
        ({"qui": "certifie", "certifie_par": ""}, "Dites qui a certifié"),
        ({"document": SimpleUploadedFile("page.pdf", b"<html>")}, "n’est pas d’un type accepté"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_written(cpts, contrat, membre, change, phrase):
    donnees = {"valeur": "98", "le": "2026-11-20", "qui": "declare", "source": "tableau"} | change
    reponse = membre(Role.COORDINATION).post(url("ajouter_constat", cpts, contrat), donnees)
    assert reponse.status_code == 422
    assert phrase in read(reponse)
    with use_cpts(cpts.pk):
        assert Constat.objects.count() == 1


def test_a_document_is_joined_once_even_when_posted_twice(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    for _ in range(2):
        donnees = {
            "libelle": "Annuaire",
            "genre": "liste",
            "fait_le": "2026-11-02",
            "fichiers": SimpleUploadedFile("a.pdf", b"%PDF-1.7"),
        }
        assert client.post(url("ajouter_preuve", cpts, contrat, "annuaire"), donnees).status_code == 302
    with use_cpts(cpts.pk):
        assert Preuve.objects.count() == 1
    assert "Annuaire" in read(client.get(url("indicateur", cpts, contrat, "annuaire")))


FICHIER = """
signature: 2023-12-22
population: 97000
missions: [acces, prevention, crise]
indicateurs:
  - {code: annuaire, libelle: Annuaire, mission: acces, genre: livrable, paliers: [{seuil: 1, montant: MONTANT}]}
"""


def test_a_contract_is_entered_from_its_file(cpts, membre):
    client = membre(Role.COORDINATION)
    assert "Aucun contrat n’est encore saisi" in read(client.get(url("annee", cpts)))
    refus = client.post(url("nouveau", cpts), {"texte": FICHIER.replace("MONTANT", "34000")})
    assert refus.status_code == 422
    assert "totalisent 34 000 € pour une enveloppe variable de 35 000 €" in read(refus)
    fichier = SimpleUploadedFile("contrat.yaml", FICHIER.replace("MONTANT", "35000").encode())
    assert client.post(url("nouveau", cpts), {"fichier": fichier}).status_code == 302
    page = client.get(url("contrat", cpts))
    assert page.status_code == 200
    with use_cpts(cpts.pk):
        statuts = dict(Contrat.objects.get().missions.values_list("mission", "statut"))
    assert statuts == {"acces": "demarree", "prevention": "prevue", "crise": "demarree"}
    encore = client.post(url("nouveau", cpts), {"texte": FICHIER.replace("MONTANT", "35000")})
    assert "déjà un contrat en vigueur" in read(encore)


@pytest.mark.parametrize("texte", ["", "signature: [", "a: b", "signature: 2023-12-22\nmissions: [x]"])
def test_a_bad_contract_file_is_refused(cpts, membre, texte):
    assert membre(Role.COORDINATION).post(url("nouveau", cpts), {"texte": texte}).status_code == 422


def test_the_start_of_a_mission_is_recorded_or_refused(cpts, membre):
    client = membre(Role.COORDINATION)
    client.post(url("nouveau", cpts), {"texte": FICHIER.replace("MONTANT", "35000")})
    with use_cpts(cpts.pk):
        mission = Contrat.objects.get().missions.get(mission="prevention")
    adresse = reverse("pilotage:demarrer_mission", args=[cpts.slug, mission.pk])
    refus = client.post(adresse, {"le": "2024-05-01"})
    assert refus.status_code == 422
    assert "enveloppe variable de 17 500 €" in read(refus)


@pytest.mark.parametrize("annee", ["0", "4", "x", "-1"])
def test_a_year_that_has_not_begun_does_not_exist(cpts, contrat, membre, annee):
    client = membre(Role.COORDINATION)
    assert client.get(url("annee", cpts), {"annee": annee}).status_code == 404
    assert client.get(url("indicateur", cpts, contrat), {"annee": annee}).status_code == 404


def test_past_years_stay_readable(cpts, contrat, membre):
    texte = read(membre(Role.COORDINATION).get(url("annee", cpts), {"annee": "2"}))
    assert "Votre année 2 est finie depuis le 22/12/2025." in texte
    assert "Perdu" in texte


def test_cpam_and_ars_read_down_to_pseudonymous_acts(cpts, contrat, agent):
    for role in (RoleTerritorial.CPAM, RoleTerritorial.ARS):
        client = agent("42", role)
        assert cpts.nom in read(client.get(reverse("portefeuille:contrats")))
        page = read(client.get(reverse("portefeuille:contrat", args=[contrat.pk])))
        assert "200 000 €" in page
        with use_cpts(cpts.pk):
            ald = contrat.indicateurs.get(code="ald").pk
            counted = ReleveActe.objects.filter(compte=True).count()
        texte = read(client.get(reverse("portefeuille:indicateur", args=[contrat.pk, ald])))
        assert f"{counted} actes comptés" in texte
        assert counted == 4
        assert "Planfoy" not in texte
        assert client.get(url("annee", cpts)).status_code == 404


def test_agents_read_how_sure_each_amount_is(cpts, agent):
    """A contract of size 2: its amounts are recalled, not read in a text, and every total built on them says so."""
    with use_cpts(cpts.pk):
        contrat = create_contrat(cpts_id=cpts.pk, donnees=DonneesContratFabrique(population=51800), by=SYSTEME)
        refresh_releve(cpts_id=cpts.pk)
    client = agent("42")
    page = client.get(reverse("portefeuille:contrat", args=[contrat.pk]))
    assert [chiffre.certitude for chiffre in page.context["chiffres"]] == ["à confirmer"] * 3
    accueil = client.get(reverse("accueil_territoire")).context["chiffres"]
    assert [chiffre.certitude for chiffre in accueil if chiffre.unite == "€"] == ["à confirmer"] * 3


def test_the_neighbour_and_the_regulator_see_nothing(cpts, contrat, agent):
    voisin = agent("69")
    assert cpts.nom not in read(voisin.get(reverse("portefeuille:contrats")))
    assert voisin.get(reverse("portefeuille:contrat", args=[contrat.pk])).status_code == 404
    regulateur = agent("42", RoleTerritorial.REGULATEUR)
    assert regulateur.get(reverse("portefeuille:contrats")).status_code == 404


def test_pages_ask_the_same_number_of_queries_whatever_the_acts(cpts, contrat, membre, django_assert_max_num_queries):
    client = membre(Role.COORDINATION)
    adresses = [url("annee", cpts), url("indicateur", cpts, contrat)]
    for adresse in adresses:
        client.get(adresse)
    with use_cpts(cpts.pk):
        for jour in range(60):
            create_acte(cpts.pk, date(2026, 9, 2), jours=jour)
        refresh_releve(cpts_id=cpts.pk)
    for adresse in adresses:
        with django_assert_max_num_queries(32):
            assert client.get(adresse).status_code == 200
