"""Others read what we write: judges of FHIR R4, a FHIR client, and whoever writes anything to us."""

import json
from contextlib import suppress
from urllib.parse import parse_qsl

import pytest
from fhirclient import client as fhirclient
from fhirclient.models.fhirsearch import FHIRSearch, FHIRSearchParam
from fhirclient.models.practitioner import Practitioner
from fhirclient.models.schedule import Schedule
from fhirclient.models.slot import Slot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.juges import assert_r4, find_faults
from fabriques.sas import CN, OU, SECRET, build_query, make_cpts_sas, make_entetes, make_practitioner, make_sas, search
from fabriques.soins import make_creneau, make_pro
from maillon.api.fhir.ecriture import dump
from maillon.api.fhir.recherche import parse_recherche
from maillon.api.fhir.refus import RequeteRefusee
from maillon.api.fhir.regulateur import Identifiants, parse_regulateur
from maillon.api.fhir.rendez_vous import FaitsRendezVous, build_appointment
from maillon.api.fhir.telephone import format_telephone
from maillon.missions.soins_non_programmes.enums import Audience, Modalite
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now
from serveurs import serve


def fill(soins) -> list[str]:
    """Three professionals with slots of every kind; their RPPS numbers."""
    with use_cpts(soins.cpts.pk):
        pros = [make_pro(soins, generaliste=rang == 0) for rang in range(3)]
        for rang, modalite in enumerate(Modalite):
            for pro in pros:
                make_creneau(
                    soins, pro, dans=2 + rang, modalite=modalite, audiences=list(Audience), reservable=rang > 0
                )
    return [pro.professionnel.rpps for pro in pros]


@pytest.mark.django_db
def test_the_bundle_is_r4(sas) -> None:
    rpps = fill(make_cpts_sas())
    for cpts in (True, False):
        found = search(sas, rpps, cpts=cpts)
        assert found["total"] == 9
        assert_r4(found, *{entry["resource"]["resourceType"]: entry["resource"] for entry in found["entry"]}.values())


@pytest.mark.django_db
def test_other_answers_are_r4(sas) -> None:
    assert_r4(
        sas.get("/fhir/metadata").json(),
        sas.get("/fhir/Slot").json(),
        make_sas(X_Maillon_Proxy="").get("/fhir/Slot").json(),
        search(sas, ["99999999999"]),
    )


def test_a_no_break_space_becomes_a_plain_one() -> None:
    """French texts and names have them; the strings of FHIR do not."""
    place = {"resourceType": "Location", "name": "Cabinet\u00a0: 8\u202fbis"}
    written = json.loads(dump(place))
    assert written["name"] == "Cabinet : 8 bis"
    assert_r4(written)


def test_the_appointment_is_r4() -> None:
    for who in (Identifiants(national="810000000017"), Identifiants(sas="00000000-0000-4000-8000-000000000001")):
        moment = now()
        faits = FaitsRendezVous("urn:oid:1.2", "x", "booked", moment, moment, moment, "Europe/Paris", "1" * 11, who)
        assert_r4(build_appointment(faits))


def test_the_judges_are_not_blind() -> None:
    slot = {
        "resourceType": "Slot",
        "schedule": {"reference": "Schedule/a"},
        "status": "free",
        "start": "2026-11-22T10:00:00.000+01:00",
        "end": "2026-11-22T10:20:00.000+01:00",
    }
    assert_r4(slot)
    for wrong in ({"start": "2026-11-22"}, {"couleur": "bleu"}):
        for judge, faults in find_faults({**slot, **wrong}).items():
            assert faults, (judge, wrong)
    assert find_faults({name: slot[name] for name in slot if name != "start"})["fhir.resources"]
    assert find_faults({**slot, "status": "libre"}).get("schéma JSON", ["absent ici"])


def test_a_client_reads_us(serveur_sas) -> None:
    """fhirclient asks for the capabilities, then searches as any application would."""
    url, rpps = serveur_sas
    smart = fhirclient.FHIRClient(settings={"app_id": "essai", "api_base": f"{url}/fhir"})
    smart.server.session.headers.update(make_entetes())
    assert smart.server.capabilityStatement.fhirVersion == "4.0.1"
    search = FHIRSearch(Slot)
    search.params = [FHIRSearchParam(name, value) for name, value in parse_qsl(build_query(rpps))]
    (page,) = search.perform_iter(smart.server)  # follows each `next`: the guide knows one page, and so do we
    assert page.total == 9
    found = [entry.resource for entry in page.entry]
    slots = [one for one in found if isinstance(one, Slot)]
    assert len(slots) == 9
    assert {slot.status for slot in slots} == {"free"}
    assert all(slot.start.date < slot.end.date for slot in slots)
    agendas = {f"Schedule/{one.id}": one for one in found if isinstance(one, Schedule)}
    people = {f"Practitioner/{one.id}": one.identifier[0].value for one in found if isinstance(one, Practitioner)}
    actors = [agendas[slot.schedule.reference].actor for slot in slots]
    assert {people[actor[0].reference] for actor in actors} == {f"8{one}" for one in rpps}


@pytest.fixture
def serveur_sas(clone_base, tmp_path):
    """The service in its own processes, with true commits."""
    rpps = fill(make_cpts_sas())
    reglages = {"MAILLON_SAS_SECRET": SECRET, "MAILLON_SAS_CN": CN, "MAILLON_SAS_OU": OU}
    with serve({**clone_base.environnement, **reglages}, tmp_path) as serveur:
        yield serveur.url, rpps


# Anything -------------------------------------------------------------------------------------------------------------

MORCEAUX = st.sampled_from(
    ["ge", "le", "2026-11-22", "T10:00:00", "+01:00", " 01:00", "Z", ".123456789", "free", "|", ",", "%", "é", "\x00",
     "urn:oid:1.2.250.1.71.4.2.1|", "810000000017", "9" * 30, "-", "0000-00-00", "T24:61", "[]", "&", "=", ";"]
)  # fmt: skip
VALEURS = st.lists(MORCEAUX | st.text(max_size=8), max_size=6).map("".join)
NOMS = st.sampled_from(["start", "status", "schedule.actor:Practitioner.identifier", "_include", "_count", "x"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(NOMS, VALEURS), max_size=8))
def test_any_query_is_read_or_refused(parts) -> None:
    query = "&".join(f"{name}={value}" for name, value in parts)
    with suppress(RequeteRefusee):
        found = parse_recherche(query)
        assert found.debut <= found.fin


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.lists(st.tuples(NOMS, VALEURS), max_size=6).map(lambda parts: "&".join("=".join(p) for p in parts)))
def test_no_query_breaks_the_service(sas, query) -> None:
    answer = sas.get("/fhir/Slot", QUERY_STRING=query.encode("utf-8", "replace").decode("latin-1"))
    assert answer.status_code in (200, 400)
    assert answer.json()["resourceType"] in ("Bundle", "OperationOutcome")


@settings(max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
            ["system", "value", "family", "given", "identifier", "name", "telecom", "active"]), inner, max_size=4),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_resource_is_read_or_refused(value) -> None:
    for resource in (value, {**make_practitioner(), "identifier": value}, {**make_practitioner(), "name": value},
                     {**make_practitioner(), "telecom": value}):  # fmt: skip
        with suppress(RequeteRefusee):
            parse_regulateur(json.dumps(resource).encode())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("04 77 12 34 56", "+33477123456"),
        ("+33 (0)4 77 12 34 56", "+33477123456"),
        ("0033477123456", "+33477123456"),
        ("06.12.34.56.78", "+33612345678"),
        ("0262 12 34 56", "+262262123456"),
        ("0639 12 34 56", "+262639123456"),
        ("0690123456", "+590690123456"),
        ("0596123456", "+596596123456"),
        ("0694123456", "+594694123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("15", ""),
        ("", ""),
        ("+44 20 7946 0000", ""),
        ("poste 12", ""),
    ],
)
def test_telephone_numbers(written, expected) -> None:
    assert format_telephone(written) == expected
