"""Sealing from the pages; the same seal for members, CPAM and ARS; and what it must never hold."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent, make_membre
from fabriques.pilotage import create_acte, make_contrat_ald
from maillon.pilotage.arretes import selectors
from maillon.pilotage.arretes.commands import groupe
from maillon.pilotage.arretes.contenu import serialise
from maillon.pilotage.arretes.models import Arrete
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.arretes.tasks import publier_chaque_nuit
from maillon.pilotage.contrats.donnees import DonneesPreuve, Piece
from maillon.pilotage.contrats.models import Releve
from maillon.pilotage.contrats.releves import refresh_releve
from maillon.pilotage.contrats.services import attach_documents, record_constat
from maillon.socle.contexte import Contexte, read_cpts, use_contexte, use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import at

APRES = datetime(2027, 1, 5, 12, tzinfo=UTC)
CANARI = "Zéphyrine Canari"


@pytest.fixture(autouse=True)
def _after_the_anniversary(_horloge):
    with at(APRES):
        yield


@pytest.fixture
def contrat(cpts):
    with use_cpts(cpts.pk):
        contrat = make_contrat_ald(cpts)
        for _ in range(3):
            create_acte(cpts.pk, date(2026, 10, 1), commune="Planfoy")
        refresh_releve(cpts_id=cpts.pk)
    return contrat


@pytest.fixture
def arrete(cpts, contrat):
    with use_cpts(cpts.pk):
        return freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Évaluation")


@pytest.fixture
def membre(cpts):
    def build(role: Role, mission: str = "") -> Client:
        return enter(Client(), make_membre(cpts, role, mission=mission).compte)

    return build


@pytest.fixture
def agent():
    def build(departement: str) -> Client:
        return enter(Client(), make_agent(RoleTerritorial.CPAM, departement=departement).compte)

    return build


def url(nom: str, *cles) -> str:
    return reverse(f"arretes:{nom}", args=cles)


def read(reponse) -> str:
    texte = re.sub(r"<[^>]+>", " ", reponse.content.decode())
    return re.sub(r"\s+", " ", texte.replace("&nbsp;", " "))


def certify(cpts, contrat, valeur=50):
    with use_cpts(cpts.pk):
        record_constat(
            indicateur=contrat.indicateurs.get(code="ald"),
            valeur=Decimal(valeur),
            le=date(2026, 12, 20),
            by=SYSTEME,
            source="courrier",
            certifie_par="CPAM",
        )


def test_a_year_is_sealed_then_told_with_its_differences(cpts, contrat, membre):
    client = membre(Role.COORDINATION)
    assert "finie, à arrêter" in read(client.get(url("arretes", cpts.slug)))
    assert client.post(url("nouveau", cpts.slug) + "?annee=3", {"motif": ""}).status_code == 422
    page = client.post(url("nouveau", cpts.slug) + "?annee=3", {"motif": "Évaluation"}, follow=True)
    assert "L’année 3 est arrêtée." in read(page)
    assert "Rien : recalculée aujourd’hui, la période donne les mêmes chiffres" in read(page)
    with use_cpts(cpts.pk):
        arrete = Arrete.objects.get()
    assert arrete.empreinte in page.content.decode()
    annee = reverse("pilotage:annee", args=[cpts.slug]) + "?annee=3"
    assert "rien n’a changé depuis" in read(client.get(annee))
    certify(cpts, contrat)
    texte = read(client.get(annee))
    assert "Année 3 arrêtée le 5 janvier" in texte
    assert "3 écarts" in texte
    assert texte.index("Euros constatés : 3 000 € → 9 000 €.") < texte.index("Recalculée avec les données")
    # The sealed figures come first, and stay what they were.
    assert texte.index("Constaté 3 000 €") < texte.index("Constaté 9 000 €")
    detail = read(client.get(url("arrete", cpts.slug, arrete.pk)))
    assert "Constaté 3 000 €" in detail
    assert "Valeur constatée : 105 au 01/09/2026 → 50 au 20/12/2026." in detail


def test_the_indicator_of_a_sealed_year_says_what_was_sealed(cpts, contrat, arrete, membre):
    certify(cpts, contrat)
    with use_cpts(cpts.pk):
        ald = contrat.indicateurs.get(code="ald").pk
    adresse = reverse("pilotage:indicateur", args=[cpts.slug, ald]) + "?annee=3"
    texte = read(membre(Role.PRESIDENT).get(adresse))
    assert "Arrêté le 5 janvier" in texte
    assert "105 patients en ALD" in texte
    assert "Valeur constatée : 105 au 01/09/2026 → 50 au 20/12/2026." in texte
    sien = read(membre(Role.PROFESSIONNEL, "acces").get(adresse))
    assert "Valeur constatée : 105" in sien
    assert "Ouvrir l’arrêté" not in sien


def test_the_file_gives_the_hash_by_sha256sum(cpts, arrete, membre, agent):
    for reponse in (
        membre(Role.COORDINATION).get(url("contenu", cpts.slug, arrete.pk)),
        agent(cpts.departement).get(url("territoire_contenu", arrete.contrat_id, arrete.pk)),
    ):
        assert hashlib.sha256(reponse.content).hexdigest() == arrete.empreinte
        assert json.loads(reponse.content)["version"] == 1


def test_a_new_seal_replaces_and_the_former_points_to_it(cpts, contrat, arrete, membre):
    certify(cpts, contrat)
    client = membre(Role.COORDINATION)
    client.post(url("nouveau", cpts.slug) + "?annee=3", {"motif": "Correction"})
    assert "Un arrêté plus récent de la même période le remplace." in read(
        client.get(url("arrete", cpts.slug, arrete.pk))
    )
    liste = read(client.get(url("arretes", cpts.slug)))
    assert "remplacé" in liste
    assert "Correction" in liste


def test_only_the_coordination_seals_and_takes_the_file(cpts, arrete, membre):
    """The file holds dates and communes of lists that a doctor of the bureau must not read."""
    for role in (Role.PRESIDENT, Role.BUREAU, Role.REFERENT_MISSION):
        client = membre(role)
        page = client.get(url("arrete", cpts.slug, arrete.pk))
        assert page.status_code == 200
        assert "Planfoy" not in page.content.decode()
        assert client.get(url("contenu", cpts.slug, arrete.pk)).status_code == 404
        assert client.get(url("nouveau", cpts.slug) + "?annee=3").status_code == 404
    assert membre(Role.PROFESSIONNEL, "acces").get(url("arrete", cpts.slug, arrete.pk)).status_code == 404


def test_cpam_reads_the_seals_of_its_territory_only(cpts, contrat, arrete, agent):
    lecteur, voisin = agent(cpts.departement), agent("69")
    certify(cpts, contrat)
    publier_chaque_nuit.func(0)
    page = read(lecteur.get(url("territoire_arrete", contrat.pk, arrete.pk)))
    assert "Valeur constatée : 105 au 01/09/2026 → 50 au 20/12/2026." in page
    assert "Évaluation" in read(lecteur.get(url("territoire_arretes", contrat.pk)))
    assert "3 écarts" in read(lecteur.get(reverse("portefeuille:contrat", args=[contrat.pk])))
    for nom in ("territoire_arrete", "territoire_contenu"):
        assert voisin.get(url(nom, contrat.pk, arrete.pk)).status_code == 404
        assert lecteur.get(url(nom, arrete.pk, arrete.pk)).status_code == 404
    assert voisin.get(url("territoire_arretes", contrat.pk)).status_code == 404


def test_row_level_security_shows_a_seal_to_its_readers_alone(cpts, arrete):
    with read_cpts([cpts.pk], acteur="agent:cpam"):
        assert Arrete.objects.count() == 1
    with use_contexte(Contexte()):
        assert not Arrete.objects.exists()


def test_a_seal_holds_nobody(cpts, contrat, agent):
    """Canaries in every text that may name someone: a nominative document, its file, the act's own reference."""
    with use_cpts(cpts.pk):
        ald = contrat.indicateurs.get(code="ald")
        nominative = DonneesPreuve(libelle=f"Émargement de {CANARI}", le=date(2026, 10, 1), nominative=True)
        acte = create_acte(cpts.pk, date(2026, 10, 4))
        for rang, cibles in enumerate(((), (str(acte.objet_id),))):
            piece = Piece(f"{CANARI}.txt", f"{CANARI} {rang}".encode())
            attach_documents(indicateur=ald, donnees=nominative, pieces=[piece], actes=cibles, by=SYSTEME)
        arrete = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Évaluation")
        scelle = serialise(arrete.contenu).decode()
        assert {preuve["pour"] for preuve in arrete.contenu["preuves"]} == {"indicateur", "acte"}
    client = agent(cpts.departement)
    vu = client.get(url("territoire_contenu", contrat.pk, arrete.pk)).content.decode()
    vu += client.get(url("territoire_arrete", contrat.pk, arrete.pk)).content.decode()
    for texte in (scelle, vu):
        assert "Zéphyrine" not in texte
        assert str(acte.objet_id) not in texte
        assert "Planfoy" not in texte  # fewer than eleven acts


def test_pages_ask_the_same_queries_whatever_the_acts(
    cpts, contrat, arrete, membre, agent, django_assert_max_num_queries
):
    with use_cpts(cpts.pk):
        for _ in range(60):
            create_acte(cpts.pk, date(2026, 10, 1))
    client, lecteur = membre(Role.COORDINATION), agent(cpts.departement)
    for lu, adresse, plafond in (
        (client, url("arretes", cpts.slug), 30),
        (client, url("arrete", cpts.slug, arrete.pk), 40),
        (client, reverse("pilotage:annee", args=[cpts.slug]) + "?annee=3", 50),
        (lecteur, url("territoire_arrete", contrat.pk, arrete.pk), 25),
    ):
        with django_assert_max_num_queries(plafond):
            assert lu.get(adresse).status_code == 200


def test_lists_leave_the_contents_in_the_database(cpts, contrat, arrete):
    with use_cpts(cpts.pk):
        lus = list(selectors.list_arretes(contrat.pk, for_acteur=replace(SYSTEME, cpts_id=cpts.pk)))
    assert [lu.get_deferred_fields() for lu in lus] == [{"contenu"}]


def test_the_night_publishes_the_sealed_year_without_moving_the_current_one(cpts, contrat, arrete):
    with use_cpts(cpts.pk):
        refresh_releve(cpts_id=cpts.pk)
        courant = Releve.objects.get(courant=True)
    publier_chaque_nuit.func(0)
    with use_cpts(cpts.pk):
        assert Releve.objects.get(courant=True) == courant
        assert set(Releve.objects.values_list("annee", flat=True)) == {3, 4}


# Command -----------------------------------------------------------------------------------------------------------


def test_the_command_says_that_all_is_intact(arrete):
    resultat = CliRunner().invoke(groupe, ["verifier"])
    assert (resultat.exit_code, "intacts : 1 vérifiés" in resultat.output) == (0, True)
    lu = json.loads(CliRunner().invoke(groupe, ["verifier", "--json"]).output)
    assert (lu["intact"], lu["arretes"][0]["empreinte"]) == (True, arrete.empreinte)


def test_the_command_names_what_was_changed(arrete, monkeypatch):
    monkeypatch.setattr(selectors, "compute_empreinte", lambda contenu: "0" * 64)
    resultat = CliRunner().invoke(groupe, ["verifier"])
    assert resultat.exit_code == 1
    assert "modifié hors de Maillon" in resultat.output
