"""The front door, the home of each role, the public page."""

import re
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fabriques.droits import enter as open_session
from fabriques.droits import make_membre
from maillon.communaute.patients.notices import NOTICE_VERSION
from maillon.communaute.patients.services import SaisieIdentite
from maillon.communaute.territoire.services import found_cpts
from maillon.missions.medecin_traitant import services as guichet
from maillon.missions.medecin_traitant.enums import Origine
from maillon.portail import selectors
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.declarations import Alerte, SourceAlertes
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.services import give_role
from maillon.socle.horloge import now, today

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
    assert "/p/grand-saint-etienne/adherer/" in page
    assert "Fournel" not in page
    assert "11 communes" in page


def test_pages_of_a_family_are_tabs_not_lines_of_the_rail(client):
    page = read(enter(client, "claire.fournel"), f"{ACCUEIL}communaute/cotisations/")
    rail = page.partition('class="rail"')[2].partition("</nav>")[0]
    assert "communaute/membres/" in rail
    assert "communaute/cotisations/" not in rail
    assert re.search(r'communaute/membres/" aria-current="page"', rail)  # the line stays lit on its tabs
    tabs = page.partition('aria-label="Pages voisines"')[2].partition("</nav>")[0]
    assert [re.sub("<[^>]*>", "", a) for a in re.findall("<a.*?</a>", tabs)][:4] == [
        "Membres",
        "Candidatures",
        "Personnes",
        "Cotisations",
    ]
    assert "Pages voisines" not in read(client, ACCUEIL)


def test_who_may_not_open_the_line_gets_its_tab_as_a_line(client):
    """The journal stands under access, which the data referent alone may not open."""
    membre = make_membre(Cpts.objects.get(slug="grand-saint-etienne"), Role.REFERENT_DONNEES)
    rail = read(open_session(client, membre.compte), ACCUEIL).partition('class="rail"')[2].partition("</nav>")[0]
    assert "/journal/" in rail


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


def test_the_home_of_a_regulator_is_the_slots_of_the_territory(client):
    assert enter(client, "vincent.lacroix").get("/territoire/").url == "/regulation/"
    assert "contrat" not in read(client, "/regulation/").lower()


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


# The order and the length of what is said --------------------------------------------------------------------------


def test_what_is_urgent_comes_first_then_by_date_then_what_has_none(monkeypatch):
    dites = [
        Alerte("expire", "sans date", "/"),
        Alerte("expire", "décembre", "/", le=date(2026, 12, 1)),
        Alerte("expire", "urgente, sans date", "/", urgente=True),
        Alerte("expire", "novembre, 23 h 30 à Paris", "/", le=datetime(2026, 11, 29, 22, 30, tzinfo=UTC)),
        Alerte("expire", "urgente, demain", "/", le=date(2026, 11, 23), urgente=True),
    ]
    monkeypatch.setattr(selectors, "collect", lambda kind: [SourceAlertes(lambda *_: dites)])
    phrases = [alerte.phrase for alerte in selectors.get_alertes(uuid4(), SYSTEME, now())]
    assert phrases == [
        "urgente, demain",
        "urgente, sans date",
        "novembre, 23 h 30 à Paris",
        "décembre",
        "sans date",
    ]


@pytest.mark.parametrize(("count", "seen", "folded"), [(0, 0, 0), (5, 5, 0), (6, 4, 2), (40, 4, 36)])
def test_a_column_never_floods(count, seen, folded):
    colonne = selectors.Colonne(
        "attend", "Qui attend", "users", [Alerte("attend", str(n), "/") for n in range(count)], ""
    )
    assert (len(colonne.premieres), len(colonne.autres)) == (seen, folded)
    assert [*colonne.premieres, *colonne.autres] == colonne.alertes


def test_a_community_without_contract_is_told_the_first_step(client):
    cpts = found_cpts(slug="val-neuf", nom="CPTS du Val Neuf", codes=["42218"], start=today(), by=SYSTEME)
    with use_cpts(cpts.pk):
        for local, role in (("claire.fournel", Role.COORDINATION), ("mehdi.rivoire", Role.INTERLOCUTEUR_SOCIAL)):
            compte = Compte.objects.get(email=f"{local}@example.org")
            give_role(compte=compte, cpts=cpts, role=role, start=today(), by=SYSTEME)
    page = read(enter(client, "claire.fournel"), "/c/val-neuf/")
    assert "Le contrat n’est pas encore saisi" in page
    assert 'href="/c/val-neuf/pilotage/contrat/saisie/"' in page
    assert "Le contrat n’est pas encore saisi" not in read(enter(client, "mehdi.rivoire"), "/c/val-neuf/")
    assert "Le contrat n’est pas encore saisi" not in read(enter(client, "claire.fournel"), ACCUEIL)
