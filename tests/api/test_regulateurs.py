"""Regulators' accounts: opened, changed, closed and given again on the word of the SAS."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_compte, make_cpts, make_membre
from fabriques.sas import ID_SAS, IDNPS, make_cpts_sas, make_practitioner, make_regulateur, make_rendez_vous_regule
from fabriques.soins import make_creneau, make_pro
from maillon.api.models import Regulateur
from maillon.api.selectors import list_regulateurs
from maillon.socle.comptes.models import Compte
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.models import AgentTerritorial
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db
RPPS = "810000000017"


@pytest.fixture(autouse=True)
def soins():
    return make_cpts_sas()


def post(sas: Client, resource: object) -> object:
    body = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    return sas.post("/fhir/Practitioner", body, content_type="application/fhir+json")


def put(sas: Client, resource: dict, identifier: dict | None = None) -> object:
    identifier = identifier or resource["identifier"][0]
    address = f"/fhir/Practitioner?identifier={identifier['system']}%7C{identifier['value']}"
    return sas.put(address, json.dumps(resource), content_type="application/json+fhir")


def get_agent(email: str = "regulateur1@example.org") -> AgentTerritorial:
    return AgentTerritorial.objects.select_related("compte").get(compte__email=email)


def test_an_account_is_opened(sas, soins) -> None:
    answer = post(sas, make_practitioner())
    assert answer.status_code == 201
    regulateur = Regulateur.objects.get()
    assert answer["Location"] == f"http://localhost:8000/fhir/Practitioner/{regulateur.pk}"
    assert answer.json()["id"] == str(regulateur.pk)
    agent = get_agent()
    assert (agent.role, agent.departements, agent.actif) == (RoleTerritorial.REGULATEUR, ["42"], True)
    assert (agent.compte.nom, agent.compte.prenom, agent.compte.is_active) == ("Loridon", "Sébastien", True)
    assert not agent.compte.has_usable_password()
    with use_cpts(soins.cpts.pk):
        assert Entree.objects.filter(evenement="api.regulateur_ouvert", acteur="machine").count() == 1


def test_the_regulator_reaches_the_page_of_the_territory(sas) -> None:
    post(sas, make_practitioner())
    person = enter(Client(), get_agent().compte)
    assert person.get("/territoire/", follow=True).status_code == 200


def test_a_national_identifier_links_to_pro_sante_connect(sas) -> None:
    post(sas, make_practitioner(national=RPPS))
    assert get_agent().compte.rpps == "10000000017"
    other = make_practitioner(2, national="3456780581/11242343")
    assert post(sas, other).status_code == 201
    assert get_agent("regulateur2@example.org").compte.rpps is None


def test_departements_are_those_that_the_operator_gave(sas, settings) -> None:
    settings.MAILLON_SAS_DEPARTEMENTS = ["69", "42"]
    post(sas, make_practitioner())
    assert get_agent().departements == ["69", "42"]


@pytest.mark.parametrize("absent", ["identifier", "active", "name", "telecom", "resourceType"])
def test_missing_elements_are_refused(sas, absent) -> None:
    resource = make_practitioner()
    del resource[absent]
    for answer in (post(sas, resource), put(sas, resource, {"system": ID_SAS, "value": "0" * 32})):
        assert 400 <= answer.status_code < 500
        assert answer.json()["resourceType"] == "OperationOutcome"
    assert not Regulateur.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"identifier": []},
        {"identifier": "x"},
        {"identifier": [{"system": "urn:oid:1.2.3", "value": "1"}]},
        {"identifier": [{"system": ID_SAS, "value": "pas un uuid"}]},
        {"identifier": [{"system": IDNPS, "value": "8100 '; DROP"}]},
        {"identifier": [None, 3]},
        {"active": "true"},
        {"active": None},
        {"name": [{"family": "Loridon"}]},
        {"name": [{"given": ["Sébastien"]}]},
        {"name": [{"family": "x" * 81, "given": ["y"]}]},
        {"name": [{"family": "a\u0000b", "given": ["y"]}]},
        {"telecom": [{"system": "phone", "value": "+33477000000"}]},
        {"telecom": [{"system": "email", "value": "pas une adresse"}]},
        {"telecom": [{"system": "email", "value": "a@example.org\r\nBcc: b@example.org"}]},
        {"resourceType": "Patient"},
    ],
    ids=str,
)
def test_wrong_elements_are_refused(sas, changes) -> None:
    answer = post(sas, make_practitioner(**changes))
    assert answer.status_code == 400
    assert answer.json()["issue"][0]["diagnostics"]
    assert not Regulateur.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 200_000, b'{"resourceType":' + b'"x"' * 9])
def test_what_is_not_a_resource_is_refused(sas, body) -> None:
    assert post(sas, body).status_code == 400


def test_a_resource_too_large_is_refused(sas) -> None:
    assert post(sas, b" " * 2_600_000).status_code == 413


def test_duplicates_are_refused(sas) -> None:
    post(sas, make_practitioner())
    assert post(sas, make_practitioner()).status_code == 422
    email = make_practitioner()["telecom"]
    assert post(sas, make_practitioner(2, telecom=email)).status_code == 422, "the address of another regulator"
    assert Regulateur.objects.count() == 1


def test_an_update_changes_the_account(sas) -> None:
    post(sas, make_practitioner())
    changed = make_practitioner(telecom=[{"system": "email", "value": "nouveau@example.org"}])
    changed["name"] = [{"family": "Loridon-Petit", "given": ["Sébastien"]}]
    answer = put(sas, changed)
    assert (answer.status_code, "Location" in answer) == (200, True)
    assert get_agent("nouveau@example.org").compte.nom == "Loridon-Petit"
    assert put(sas, changed).status_code == 200
    assert Regulateur.objects.count() == Compte.objects.filter(agents__role="regulateur").count() == 1


def test_an_update_of_somebody_unknown_creates(sas) -> None:
    assert put(sas, make_practitioner()).status_code == 201
    assert get_agent().actif


def test_a_national_identifier_comes_later(sas) -> None:
    first = make_practitioner()
    post(sas, first)
    both = make_practitioner(identifier=[*first["identifier"], {"system": IDNPS, "value": RPPS}])
    assert put(sas, both, first["identifier"][0]).status_code == 200
    regulateur = Regulateur.objects.get()
    assert (regulateur.identifiant_national, regulateur.identifiant_sas) == (RPPS, first["identifier"][0]["value"])
    assert put(sas, both, {"system": IDNPS, "value": RPPS}).status_code == 200, "both name the same person"


def test_an_update_cannot_take_the_identifier_or_the_address_of_another(sas) -> None:
    first, second = make_practitioner(1), make_practitioner(2)
    post(sas, first)
    post(sas, second)
    assert put(sas, make_practitioner(2, identifier=first["identifier"]), second["identifier"][0]).status_code == 422
    assert put(sas, make_practitioner(2, telecom=first["telecom"])).status_code == 422
    assert get_agent("regulateur2@example.org").actif


def test_closing_ends_the_sessions_at_once(sas, soins) -> None:
    post(sas, make_practitioner())
    person = enter(Client(), get_agent().compte)
    assert put(sas, make_practitioner(active=False)).status_code == 200
    agent = get_agent()
    assert (agent.actif, agent.compte.is_active) == (False, False)
    assert person.get("/territoire/").status_code in (302, 404)
    with use_cpts(soins.cpts.pk):
        assert Entree.objects.filter(evenement="api.regulateur_ferme").count() == 1


def test_the_identifier_of_a_closed_account_is_given_again(sas) -> None:
    post(sas, make_practitioner())
    put(sas, make_practitioner(active=False))
    someone = [{"system": "email", "value": "une.autre@example.org"}]
    assert post(sas, make_practitioner(telecom=someone)).status_code == 201
    assert get_agent("une.autre@example.org").actif
    assert not get_agent().actif
    assert Regulateur.objects.filter(actif=True).count() == 1


def test_an_account_is_opened_again_for_the_same_person(sas) -> None:
    post(sas, make_practitioner(national=RPPS))
    for again in (post, put):
        put(sas, make_practitioner(national=RPPS, active=False))
        assert again(sas, make_practitioner(national=RPPS)).status_code in (200, 201)
        assert get_agent().actif
        assert get_agent().compte.is_active
    assert Compte.objects.filter(rpps="10000000017").count() == 1


def test_a_member_who_also_regulates_keeps_the_account(sas) -> None:
    compte = make_compte(email="claire@example.org", rpps="10000000017", nom="Fournel", prenom="Claire")
    make_membre(make_cpts(), Role.PROFESSIONNEL, compte=compte)
    email = [{"system": "email", "value": "claire@samu.example.org"}]
    assert post(sas, make_practitioner(national=RPPS, telecom=email)).status_code == 201
    compte.refresh_from_db()
    assert (compte.email, compte.nom) == ("claire@example.org", "Fournel"), (
        "the SAS does not rename other people's accounts"
    )
    assert get_agent("claire@example.org").actif
    put(sas, make_practitioner(national=RPPS, telecom=email, active=False))
    compte.refresh_from_db()
    assert compte.is_active, "only the role is closed"
    assert not get_agent("claire@example.org").actif


def test_an_account_that_became_a_members_is_not_taken_over(sas) -> None:
    """The address of an account opens it: the SAS may not point that of a member elsewhere."""
    post(sas, make_practitioner())
    make_membre(make_cpts(), Role.COORDINATION, compte=get_agent().compte)
    put(sas, make_practitioner(telecom=[{"system": "email", "value": "voleur@example.org"}]))
    assert get_agent().compte.email == "regulateur1@example.org"


def test_an_account_closed_by_the_operator_stays_closed(sas) -> None:
    make_compte(email="regulateur1@example.org", is_active=False)
    assert post(sas, make_practitioner()).status_code == 422
    assert not Compte.objects.get(email="regulateur1@example.org").is_active
    assert not AgentTerritorial.objects.exists()


def test_an_update_names_one_identifier(sas) -> None:
    body = json.dumps(make_practitioner())
    for query in ("", "?identifier=", "?identifier=x", "?identifier=urn:oid:1.2%7C3", "?identifier=a|b&identifier=a|b"):
        answer = sas.put(f"/fhir/Practitioner{query}", body, content_type="application/fhir+json")
        assert answer.status_code == 400, query


def test_accounts_need_a_territory(sas, soins) -> None:
    from maillon.api.services import regulateurs

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regulateurs, "list_departements", list)
        assert post(sas, make_practitioner()).status_code == 422
    assert not Compte.objects.filter(email="regulateur1@example.org").exists(), "nothing is left of a refusal"


def test_the_community_sees_who_regulates_over_its_territory(
    sas, soins, settings, django_assert_max_num_queries
) -> None:
    page = reverse("sas_regulateurs", args=[soins.cpts.slug])
    person = enter(Client(), make_membre(soins.cpts, Role.SECRETARIAT).compte)
    assert "Aucun régulateur" in person.get(page).content.decode()
    ouvert = make_regulateur(1, name=[{"family": "Ouvert", "given": ["Anne"]}])
    make_regulateur(2, name=[{"family": "Ferme", "given": ["Paul"]}])
    put(sas, {**make_practitioner(2, name=[{"family": "Ferme", "given": ["Paul"]}]), "active": False})
    settings.MAILLON_SAS_DEPARTEMENTS = ["69"]
    make_regulateur(3, name=[{"family": "Ailleurs", "given": ["Luc"]}])
    for heure in (2, 3):
        with use_cpts(soins.cpts.pk):
            slot = make_creneau(soins, make_pro(soins), dans=heure)
        make_rendez_vous_regule(soins, slot, ouvert)
    with django_assert_max_num_queries(20):
        shown = person.get(page).content.decode()
    assert "Ouvert" in shown
    assert "Ferme" in shown
    assert "Ailleurs" not in shown
    assert "@example.org" not in shown
    rows = {str(one.compte): one.donnes for one in list_regulateurs_in(soins)}
    assert rows == {"Anne Ouvert": 2, "Paul Ferme": 0}
    only = person.get(f"{page}?actif=0").content.decode()
    assert ("Paul Ferme" in only, "Anne Ouvert" in only) == (True, False)


def list_regulateurs_in(soins) -> list:
    with use_cpts(soins.cpts.pk):
        return list(list_regulateurs(cpts=soins.cpts))
