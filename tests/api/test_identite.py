"""Who comes in: the proxy's word counts when it is the operator's proxy, and the certificate's name is allowed."""

import pytest
from django.test import Client

from fabriques.sas import CN, OU, configure, make_certificat, make_entetes, make_sas

ADRESSES = ["/fhir/metadata", "/fhir/Slot", "/fhir/Practitioner", "/fhir/Patient"]

pytestmark = pytest.mark.django_db


def ask(**changes: str) -> int:
    return make_sas(**changes).get("/fhir/metadata").status_code


@pytest.mark.parametrize("adresse", ADRESSES)
def test_closed_until_configured(adresse) -> None:
    answer = make_sas().get(adresse)
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/fhir+json")
    assert answer.json()["issue"][0]["code"] == "forbidden"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("MAILLON_SAS_SECRET", ""),
        ("MAILLON_SAS_SECRET", "court"),
        ("MAILLON_SAS_CN", []),
        ("MAILLON_SAS_OU", []),
        ("MAILLON_SAS_PROXYS", []),
        ("MAILLON_SAS_PROXYS", ["10.0.0.0/8"]),
    ],
)
def test_closed_when_half_configured(settings, setting, value) -> None:
    configure(settings)
    setattr(settings, setting, value)
    assert ask() == 403


def test_the_platform_comes_in(sas) -> None:
    answer = sas.get("/fhir/metadata")
    assert answer.status_code == 200
    statement = answer.json()
    assert (statement["resourceType"], statement["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    assert {resource["type"] for resource in statement["rest"][0]["resource"]} == {"Slot", "Practitioner"}


@pytest.mark.parametrize(
    "changes",
    [
        {"X_Maillon_Proxy": ""},
        {"X_Maillon_Proxy": "un-autre-secret-de-quarante-caracteres-xx"},
        {"X_Maillon_Proxy": "é"},
        {"X_SSL_Client_Verify": ""},
        {"X_SSL_Client_Verify": "NONE"},
        {"X_SSL_Client_Verify": "FAILED:certificate revoked"},
        {"X_SSL_Client_Cert": ""},
        {"X_SSL_Client_Cert": "n’importe quoi"},
        {"X_SSL_Client_Cert": "%ff%00"},
    ],
    ids=str,
)
def test_headers_that_do_not_count(sas, changes) -> None:
    assert ask(**changes) == 403


@pytest.mark.parametrize(
    ("cn", "ou"),
    [
        ("autre.essai.example", OU),
        (CN, "999999999"),
        (CN, ""),
        ("", OU),
        (CN.upper(), OU),
        (f"{CN}, OU={OU}", "x"),  # a name that writes another one in its text
        (f"x,CN={CN},OU={OU}", "x"),
        (f"{CN}\x00.example", OU),
    ],
)
def test_names_that_are_not_allowed(sas, cn, ou) -> None:
    assert ask(X_SSL_Client_Cert=make_certificat(cn, ou)) == 403


def test_another_address_is_not_the_proxy(sas) -> None:
    caller = Client(headers=make_entetes(), REMOTE_ADDR="192.0.2.1")
    assert caller.get("/fhir/metadata").status_code == 403
    assert Client(headers=make_entetes(), REMOTE_ADDR="").get("/fhir/metadata").status_code == 403


def test_a_refusal_asks_nothing_of_the_database_and_does_not_say_why(settings, django_assert_num_queries) -> None:
    configure(settings)
    with django_assert_num_queries(0):
        refused = make_sas(X_SSL_Client_Verify="NONE").get("/fhir/Slot")
    assert refused.json() == make_sas(X_Maillon_Proxy="").get("/fhir/Slot").json()
