"""The front door, the home of each role, the public page."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fabriques.droits import enter as open_session
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import SaisieIdentite
from maillon.missions.medecin_traitant import services as guichet
from maillon.missions.medecin_traitant.enums import Origine
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME

pytestmark = pytest.mark.usefixtures("demo")
ACCUEIL = "/c/grand-saint-etienne/"


def read(client, url: str) -> str:
    """The words of a page, with ordinary spaces."""
    response = client.get(url)
    assert response.status_code == 200, url
    return re.sub(r"[\u202f\xa0]", " ", response.content.decode())


def enter(client, local: str):
    return open_session(client, Compte.objects.get(email=f"{local}@example.org"))


def count_queries(client, url: str) -> int:
    read(client, url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read(client, url)
    return len(captured)


def file_demandes(count: int) -> None:
    """As many more requests of people with ALD in Saint-Étienne, qualified."""
    cpts = Cpts.objects.get(slug="grand-saint-etienne")
    with use_cpts(cpts.pk):
        for _ in range(count):
            depot = guichet.file_demande(
                cpts=cpts,
                identite=SaisieIdentite(nom="Essai", prenom="Camille", telephone="0639980000"),
                commune_id="42218",
                annee_naissance=1960,
                faits=guichet.FaitsSaisis(ald=True),
                origine=Origine.GUICHET,
                notice_version=NOTICE_VERSION,
                cle_depot=uuid4().hex,
                by=SYSTEME,
            )
            guichet.qualify_demande(demande_id=depot.demande.pk, faits=guichet.FaitsSaisis(ald=True), by=SYSTEME)


def test_the_front_door_names_the_communities(client):
    page = read(client, "/")
    for cpts in Cpts.objects.all():
        assert cpts.nom.replace("'", "&#x27;") in page or cpts.nom in page


def test_the_front_door_leads_each_to_their_home(client):
    assert enter(client, "claire.fournel").get("/").url == ACCUEIL
    assert enter(client, "francoise.villard").get("/").url == "/territoire/"


def test_the_public_page_leads_to_the_form_and_names_no_one(client):
    page = read(client, "/p/grand-saint-etienne/")
    assert "/p/grand-saint-etienne/medecin-traitant/" in page
    assert "Fournel" not in page
    assert "11 communes" in page


def test_an_unknown_community_is_not_found(client):
    assert client.get("/p/nulle-part/").status_code == 404


@pytest.mark.parametrize(
    ("local", "seen", "unseen"),
    [
        (
            "claire.fournel",
            ["Bonjour Claire", "Hors crise elle vaut", "sans justificatif", "encore 1 patient en ALD"],
            [],
        ),
        ("mehdi.rivoire", ["à qualifier"], []),
        ("helene.chavanne", ["Hélène"], ["à qualifier", "sans justificatif"]),
    ],
)
def test_a_member_sees_what_is_theirs(client, local, seen, unseen):
    page = read(enter(client, local), ACCUEIL).replace("Bonsoir", "Bonjour")
    for words in seen:
        assert words in page
    for words in unseen:
        assert words not in page


def test_a_member_of_another_community_finds_nothing(client):
    assert enter(client, "julie.marcoux").get(ACCUEIL).status_code == 404


@pytest.mark.parametrize(
    ("local", "seen", "unseen"),
    [
        ("francoise.villard", ["Grand Saint-Étienne"], ["Vaulx-en-Velin", "Vénissieux"]),
        ("olivier.prevost", ["Vaulx-en-Velin", "Vénissieux"], ["Grand Saint-Étienne"]),
        ("anais.renaud", ["Grand Saint-Étienne", "Vaulx-en-Velin", "1 160 000"], []),
    ],
)
def test_an_agent_sees_the_communities_of_the_territory(client, local, seen, unseen):
    page = read(enter(client, local), "/territoire/")
    for words in seen:
        assert words in page
    for words in unseen:
        assert words not in page


def test_a_regulator_is_told_what_is_not_open_yet(client):
    assert "contrat" not in read(enter(client, "vincent.lacroix"), "/territoire/").lower()


@pytest.mark.parametrize(
    ("local", "url"),
    [
        ("claire.fournel", ACCUEIL),
        ("claire.fournel", f"{ACCUEIL}pilotage/"),
        ("mehdi.rivoire", ACCUEIL),
        ("mehdi.rivoire", f"{ACCUEIL}acces/medecin-traitant/"),
        ("helene.chavanne", ACCUEIL),
    ],
)
def test_queries_do_not_grow_with_requests(client, local, url):
    enter(client, local)
    before = count_queries(client, url)
    file_demandes(12)
    assert count_queries(client, url) <= before


def test_queries_of_an_agents_home_do_not_grow_with_communities(client):
    one = count_queries(enter(client, "francoise.villard"), "/territoire/")
    assert count_queries(enter(client, "anais.renaud"), "/territoire/") == one
