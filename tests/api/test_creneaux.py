"""The assertions of the official test kit of the SAS on /Slot, each a test; then the traps met with real callers."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from fabriques.droits import enter, make_agent
from fabriques.sas import IDNPS, build_query, make_cpts_sas, search
from fabriques.soins import make_creneau, make_lieu, make_pro
from fabriques.structures import StructureFabrique
from maillon.api.selectors import count_visibles
from maillon.missions.soins_non_programmes.enums import Audience, EtatCreneau, Modalite
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db

P = "http://sas.fr/fhir/StructureDefinition/"
I = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/"  # noqa: E741 - as in the guide
N = "https://mos.esante.gouv.fr/NOS/"
TYPES = f"{N}TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau"
CATEGORIES = f"{N}TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d")
TELEPHONE = re.compile(r"\+(33|262|590|594|596)\d{9}")


def find(bundle: dict, kind: str) -> list[dict]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.fixture
def soins():
    return make_cpts_sas()


@pytest.fixture
def pro(soins):
    """A general practitioner whose place is a structure of the FINESS directory."""
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, nom="Forêt", generaliste=True)
        pro.lieu.structure = StructureFabrique(finess="420000026")
        pro.lieu.code_postal = "42000"
        pro.lieu.save()
        return pro


@pytest.fixture
def creneaux(soins, pro):
    with use_cpts(soins.cpts.pk):
        return [
            make_creneau(soins, pro, dans=2),
            make_creneau(soins, pro, dans=3, audiences=[Audience.PUBLIC, Audience.CPTS]),
            make_creneau(
                soins, pro, dans=4, audiences=[Audience.PRO, Audience.SNP], reservable=False, modalite=Modalite.DISTANCE
            ),
        ]


@pytest.fixture
def bundle(sas, pro, creneaux) -> dict:
    return search(sas, [pro.professionnel.rpps])


@pytest.fixture
def bundle_ps(sas, pro, creneaux) -> dict:
    """The form of the single professional."""
    return search(sas, [pro.professionnel.rpps], cpts=False)


# The kit: one professional, one place ---------------------------------------------------------------------------------


def test_the_answer_is_fhir_json_whatever_is_accepted(sas, pro, creneaux) -> None:
    query = build_query([pro.professionnel.rpps])
    for accept in ("application/json+fhir", "application/fhir+json", "application/xml", "*/*", "n’importe quoi"):
        answer = sas.get(f"/fhir/Slot?{query}", headers={"accept": accept})
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/fhir+json")


def test_bundle_is_a_searchset_of_its_profile(bundle, bundle_ps) -> None:
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "searchset")
    assert bundle["meta"]["profile"] == [f"{I}sas-cpts-bundle-aggregator"]
    assert bundle_ps["meta"]["profile"] == [f"{P}BundleAgregateur"]


def test_total_is_the_number_of_slots(bundle) -> None:
    assert bundle["total"] == len(find(bundle, "Slot")) == 3


def test_link_is_one_self_equal_to_the_request(sas, pro, creneaux) -> None:
    query = build_query([pro.professionnel.rpps])
    bundle = sas.get(f"/fhir/Slot?{query}").json()
    (link,) = bundle["link"]
    assert link["relation"] == "self"
    assert sorted(parse_qsl(urlsplit(link["url"]).query)) == sorted(parse_qsl(query))
    assert link["url"].startswith("http://localhost:8000/fhir/Slot?")


def test_one_of_each_included_resource(bundle) -> None:
    for kind in ("Schedule", "Practitioner", "PractitionerRole", "HealthcareService", "Organization"):
        assert len(find(bundle, kind)) == 1, kind
    assert len(find(bundle, "PractitionerRole")[0]["contained"]) == 1


def test_resources_say_their_profiles(bundle, bundle_ps) -> None:
    expected = {
        "Slot": f"{I}sas-cpts-slot-aggregator",
        "Schedule": f"{P}FrScheduleAgregateur",
        "Practitioner": f"{P}FrPractitionerAgregateur",
        "PractitionerRole": f"{P}FrPractitionerRoleExerciceAgregateur",
        "HealthcareService": f"{I}sas-cpts-healthcareservice-aggregator",
        "Organization": f"{I}sas-cpts-organization-aggregator",
    }
    for entry in bundle["entry"]:
        assert entry["resource"]["meta"]["profile"] == [expected[entry["resource"]["resourceType"]]]
    assert {slot["meta"]["profile"][0] for slot in find(bundle_ps, "Slot")} == {f"{P}FrSlotAgregateur"}
    assert find(bundle, "PractitionerRole")[0]["contained"][0]["meta"]["profile"] == [f"{P}FrLocationAgregateur"]


def test_search_modes(bundle) -> None:
    for entry in bundle["entry"]:
        matched = entry["resource"]["resourceType"] == "Slot"
        assert entry["search"]["mode"] == ("match" if matched else "include")
        kind, key = entry["resource"]["resourceType"], entry["resource"]["id"]
        assert entry["fullUrl"] == f"http://localhost:8000/fhir/{kind}/{key}"


def test_references_lead_to_resources_of_the_bundle(bundle) -> None:
    present = {f"{entry['resource']['resourceType']}/{entry['resource']['id']}" for entry in bundle["entry"]}
    for slot in find(bundle, "Slot"):
        assert slot["schedule"]["reference"] in present
        for kind in slot["serviceType"]:
            for extension in kind.get("extension", []):
                assert extension["valueReference"]["reference"] in present
    (schedule,) = find(bundle, "Schedule")
    assert len(schedule["actor"]) == 2
    assert {actor["reference"].split("/")[0] for actor in schedule["actor"]} == {"Practitioner", "PractitionerRole"}
    assert {actor["reference"] for actor in schedule["actor"]} <= present
    (role,) = find(bundle, "PractitionerRole")
    assert role["practitioner"]["reference"] in present
    assert role["location"] == [{"reference": f"#{role['contained'][0]['id']}"}]
    assert find(bundle, "HealthcareService")[0]["providedBy"]["reference"] in present


def test_slots_are_free(bundle) -> None:
    assert {slot["status"] for slot in find(bundle, "Slot")} == {"free"}


def test_dates_have_milliseconds_and_offset_and_follow_each_other(bundle) -> None:
    for slot in find(bundle, "Slot"):
        assert INSTANT.fullmatch(slot["start"])
        assert INSTANT.fullmatch(slot["end"])
        start, end = datetime.fromisoformat(slot["start"]), datetime.fromisoformat(slot["end"])
        assert now() <= start < end <= now() + timedelta(hours=72)


def test_every_slot_has_its_booking_page_with_parameters(bundle) -> None:
    for slot in find(bundle, "Slot"):
        assert slot["comment"].startswith("http://localhost:8000/")
        assert slot["id"] in slot["comment"]
        assert "?" in slot["comment"], "the platform adds &origin=sas"


def test_appointment_type(bundle) -> None:
    codes = [slot["appointmentType"]["coding"][0]["code"] for slot in find(bundle, "Slot")]
    assert codes == ["ROUTINE", "ROUTINE", "WALKIN"]


def test_consultation_type(bundle) -> None:
    codes = [slot["serviceType"][0]["coding"][0]["code"] for slot in find(bundle, "Slot")]
    assert codes == ["AMB", "AMB", "VR"]


def test_slot_types(bundle, bundle_ps) -> None:
    def read(found: dict) -> list[list[str]]:
        assert {c["system"] for slot in find(found, "Slot") for c in slot["meta"]["security"]} == {TYPES}
        return [[coding["code"] for coding in slot["meta"]["security"]] for slot in find(found, "Slot")]

    assert read(bundle) == [["CPTS", "SNP"], ["PUBLIC", "CPTS"], ["PRO", "SNP"]]
    assert read(bundle_ps) == [["SNP"], ["PUBLIC"], ["PRO", "SNP"]], "this profile knows PUBLIC, PRO and SNP"


def test_speciality(bundle) -> None:
    coding = find(bundle, "Slot")[0]["specialty"][0]["coding"][0]
    assert coding == {"system": f"{N}TRE_R38-SpecialiteOrdinale/FHIR/TRE-R38-SpecialiteOrdinale", "code": "SM54"}


def test_practitioner_has_name_and_rpps(bundle, pro) -> None:
    (practitioner,) = find(bundle, "Practitioner")
    (identifier,) = practitioner["identifier"]
    assert identifier["system"] == IDNPS
    assert re.fullmatch(r"8\d{11}", identifier["value"])
    assert identifier["type"]["coding"][0]["code"] == "IDNPS"
    assert practitioner["name"] == [{"family": "Forêt", "given": [pro.professionnel.prenom], "prefix": ["Dr"]}]


def test_location_has_line_city_and_postcode(bundle) -> None:
    location = find(bundle, "PractitionerRole")[0]["contained"][0]
    assert location["address"] == {"line": ["1 rue de la Paix"], "city": "Saint-Étienne", "postalCode": "42000"}
    assert location["identifier"][0]["type"]["coding"][0]["code"] == "INTRN"


def test_structure_has_its_national_identifier(bundle) -> None:
    identifier = find(bundle, "PractitionerRole")[0]["organization"]["identifier"]
    assert (identifier["system"], identifier["value"]) == ("urn:oid:1.2.250.1.71.4.2.2", "1420000026")


def test_telephone(bundle) -> None:
    (telecom,) = find(bundle, "PractitionerRole")[0]["telecom"]
    assert telecom["system"] == "phone"
    assert TELEPHONE.fullmatch(telecom["value"])


def test_nothing_is_empty(bundle, bundle_ps) -> None:
    def walk(value: object) -> None:
        assert value not in ("", None, [], {})
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(part)

    walk(bundle)
    walk(bundle_ps)


# The kit: communities -------------------------------------------------------------------------------------------------


def test_community_has_its_finess_number(bundle) -> None:
    (organization,) = find(bundle, "Organization")
    (identifier,) = organization["identifier"]
    assert re.fullmatch(r"1[0-9]{9}", identifier["value"])
    assert identifier["type"]["coding"][0]["system"] == (
        "http://interopsante.org/fhir/CodeSystem/fr-location-identifier-type"
    )
    assert organization["name"] == "CPTS d’essai"
    assert TELEPHONE.fullmatch(organization["telecom"][0]["value"])


def test_slot_of_a_community_has_the_service_type_604(bundle, soins) -> None:
    service = find(bundle, "Slot")[0]["serviceType"][1]
    assert service["coding"] == [{"system": CATEGORIES, "code": "604"}]
    assert service["extension"] == [
        {
            "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Slot.serviceType",
            "valueReference": {"reference": f"HealthcareService/{soins.cpts.pk}"},
        }
    ]
    assert "extension" not in str(find(bundle, "Slot")[2]), "a slot that the community is not shown"


def test_single_professional_form_names_no_community(bundle_ps) -> None:
    assert not find(bundle_ps, "HealthcareService")
    assert not find(bundle_ps, "Organization")
    assert "604" not in str(find(bundle_ps, "Slot")[0]["serviceType"])


def test_slot_shared_by_two_communities_has_two(sas, soins, pro) -> None:
    autre = make_cpts_sas("CPTS voisine", "420000034")
    with use_cpts(soins.cpts.pk):
        make_creneau(soins, pro, partages=[autre.cpts.pk])
    bundle = search(sas, [pro.professionnel.rpps])
    (slot,) = find(bundle, "Slot")
    named = {
        kind["extension"][0]["valueReference"]["reference"].split("/")[1]
        for kind in slot["serviceType"]
        if "extension" in kind
    }
    assert named == {str(soins.cpts.pk), str(autre.cpts.pk)}
    assert {one["identifier"][0]["value"] for one in find(bundle, "Organization")} == {"1420000018", "1420000034"}
    assert len(find(bundle, "HealthcareService")) == 2


def test_professional_of_two_communities_is_one_person(sas, soins, pro, creneaux) -> None:
    autre = make_cpts_sas("CPTS voisine", "420000034")
    with use_cpts(autre.cpts.pk):
        ailleurs = make_lieu(autre, pro.professionnel, libelle="Annexe")
        make_creneau(autre, type(pro)(pro.professionnel, ailleurs, pro.membre, pro.acteur), dans=6)
    bundle = search(sas, [pro.professionnel.rpps])
    assert (bundle["total"], len(find(bundle, "Practitioner")), len(find(bundle, "Organization"))) == (4, 1, 2)


# The kit: several places, several professionals -----------------------------------------------------------------------


def test_professional_in_two_places_has_two_agendas(sas, soins, pro, creneaux) -> None:
    with use_cpts(soins.cpts.pk):
        second = make_lieu(soins, pro.professionnel, libelle="Annexe", adresse="2 place Jean-Jaurès")
        make_creneau(soins, type(pro)(pro.professionnel, second, pro.membre, pro.acteur), dans=7)
    bundle = search(sas, [pro.professionnel.rpps])
    assert len(find(bundle, "Practitioner")) == 1
    assert len(find(bundle, "PractitionerRole")) == len(find(bundle, "Schedule")) == 2
    roles = {role["id"]: role["contained"][0]["address"]["line"][0] for role in find(bundle, "PractitionerRole")}
    assert set(roles.values()) == {"1 rue de la Paix", "2 place Jean-Jaurès"}
    last = find(bundle, "Slot")[-1]["schedule"]["reference"].split("/")[1]
    assert roles[last] == "2 place Jean-Jaurès"


def test_several_professionals_keep_their_slots(sas, soins, pro, creneaux) -> None:
    with use_cpts(soins.cpts.pk):
        other = make_pro(soins, nom="Autre")
        make_creneau(soins, other, dans=5)
    bundle = search(sas, [pro.professionnel.rpps, other.professionnel.rpps])
    assert len(find(bundle, "Practitioner")) == 2
    owner = {role["id"]: role["practitioner"]["reference"] for role in find(bundle, "PractitionerRole")}
    counted = [owner[slot["schedule"]["reference"].split("/")[1]] for slot in find(bundle, "Slot")]
    assert sorted(counted.count(one) for one in set(counted)) == [1, 3]
    assert "specialty" not in find(bundle, "Slot")[-1], "a nurse has no speciality: the element is left out"


def test_no_match_is_an_empty_bundle(sas) -> None:
    bundle = search(sas, ["99900000000"])
    assert (bundle["total"], "entry" in bundle) == (0, False)
    assert len(bundle["link"]) == 1


# What is shown, and what is not ---------------------------------------------------------------------------------------


def test_taken_past_and_later_slots_are_not_shown(sas, soins, pro) -> None:
    with use_cpts(soins.cpts.pk):
        make_creneau(soins, pro, dans=-1)
        make_creneau(soins, pro, dans=80)
        for rang, etat in enumerate((EtatCreneau.RETENU, EtatCreneau.RESERVE, EtatCreneau.OCCUPE, EtatCreneau.RETIRE)):
            make_creneau(soins, pro, dans=3 + rang, etat=etat)
    start = now() - timedelta(hours=2)
    bounds = [f"ge{start.isoformat()}", f"le{(start + timedelta(hours=72)).isoformat()}"]
    assert search(sas, [pro.professionnel.rpps], start=bounds)["total"] == 0


def test_what_the_sas_is_shown_a_regulator_opens_and_nothing_else(sas, soins, pro) -> None:
    """What its professional shows to the centre 15 or to everybody; slots for members or colleagues stay home."""
    kinds = [[kind] for kind in Audience] + [[Audience.CPTS, Audience.PRO], [Audience.CPTS, Audience.SNP]]
    with use_cpts(soins.cpts.pk):
        slots = [make_creneau(soins, pro, dans=2 + rang, audiences=kind) for rang, kind in enumerate(kinds)]
    regulator = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    pages = {str(slot.pk): regulator.get(f"/regulation/creneaux/{slot.pk}/").status_code for slot in slots}
    assert sorted(pages.values()) == [200, 200, 200, 404, 404, 404]
    for cpts in (True, False):
        shown = find(search(sas, [pro.professionnel.rpps], cpts=cpts), "Slot")
        assert {slot["id"] for slot in shown} == {key for key, status in pages.items() if status == 200}
        for slot in shown:
            assert regulator.get(urlsplit(f"{slot['comment']}&origin=sas").path).status_code == 200
    with use_cpts(soins.cpts.pk):
        assert count_visibles(cpts_id=soins.cpts.pk, moment=now()) == 3


def test_community_without_finess_shows_its_professionals_only(sas) -> None:
    soins = make_cpts_sas(finess=None)
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        make_creneau(soins, pro)
        make_creneau(soins, pro, dans=4, audiences=[Audience.CPTS])
    bundle = search(sas, [pro.professionnel.rpps])
    (slot,) = find(bundle, "Slot")
    assert [coding["code"] for coding in slot["meta"]["security"]] == ["SNP"]
    assert not find(bundle, "Organization")


def test_hours_are_those_of_the_community(sas) -> None:
    soins = make_cpts_sas(fuseau="Indian/Reunion")
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        make_creneau(soins, pro)
    (slot,) = find(search(sas, [pro.professionnel.rpps]), "Slot")
    assert slot["start"].endswith("+04:00")


def test_the_double_hour_of_october_keeps_slots_apart(sas, soins, pro) -> None:
    nuit = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    with horloge.at(nuit - timedelta(hours=6)):
        with use_cpts(soins.cpts.pk):
            for minutes in (0, 60):
                make_creneau(soins, pro, debut=nuit + timedelta(minutes=minutes))
        slots = find(search(sas, [pro.professionnel.rpps]), "Slot")
    assert [slot["start"] for slot in slots] == ["2026-10-25T02:00:00.000+02:00", "2026-10-25T02:00:00.000+01:00"]


def test_no_patient_and_no_account_in_the_answer(bundle, pro) -> None:
    assert "example.org" not in str(bundle).replace("sas.essai.example", "")


# Callers --------------------------------------------------------------------------------------------------------------


def test_raw_plus_space_after_comma_and_missing_offset(sas, pro, creneaux) -> None:
    rpps = pro.professionnel.rpps
    paris = (now() + timedelta(hours=1)).astimezone(horloge.timezone.get_default_timezone())
    for write in (
        lambda moment: moment.isoformat(timespec="milliseconds"),  # the raw + becomes a space
        lambda moment: moment.replace(tzinfo=None).isoformat(timespec="milliseconds"),
        lambda moment: moment.isoformat(timespec="seconds").replace("+", "%2B"),
    ):
        query = (
            f"_include=Slot:schedule&_include=Slot:service-type-reference&start=ge{write(paris)}"
            f"&start=le{write(paris + timedelta(hours=48))}&status=free"
            f"&schedule.actor:Practitioner.identifier={IDNPS}|899900000000,%20{IDNPS}%7C8{rpps},+{rpps}"
        )
        answer = sas.get(f"/fhir/Slot?{query}")
        assert answer.json()["total"] == 3, query


@pytest.mark.parametrize(
    "changes",
    [
        {"status": None},
        {"status": "busy"},
        {"start": None},
        {"start": ["ge2026-11-22T10:00:00Z"]},
        {"start": ["ge2026-11-22T10:00:00Z", "ge2026-11-22T11:00:00Z", "le2026-11-23"]},
        {"start": ["gt2026-11-22T10:00:00Z", "le2026-11-23T10:00:00Z"]},
        {"start": ["ge2026-11-22T10:00:00Z", "le2026-11-21T10:00:00Z"]},
        {"start": ["ge2026-11-22T10:00:00Z", "le2026-11-25T12:00:00Z"]},
        {"start": ["ge2026-13-22T10:00:00Z", "le2026-11-25T12:00:00Z"]},
        {"start": ["ge0000-01-01", "le0000-01-02"]},
        {"start": ["ge9999-12-31T23:00:00-12:00", "le9999-12-31"]},
        {"start": ["gehier", "ledemain"]},
        {"schedule.actor:Practitioner.identifier": None},
        {"schedule.actor:Practitioner.identifier": ""},
        {"schedule.actor:Practitioner.identifier": ",".join(f"{IDNPS}|8{n:011d}" for n in range(26))},
        {"schedule.actor:Practitioner.identifier": ["a", "b"]},
        {f"p{n}": "x" for n in range(60)},
    ],
    ids=lambda changes: str(changes)[:40],
)
def test_wrong_searches_are_refused_in_fhir(sas, changes) -> None:
    answer = sas.get(f"/fhir/Slot?{build_query(['99900000000'], **changes)}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/fhir+json"
    (issue,) = answer.json()["issue"]
    assert (answer.json()["resourceType"], issue["severity"]) == ("OperationOutcome", "error")
    assert issue["diagnostics"]


def test_identifiers_that_the_directory_does_not_know_match_nothing(sas) -> None:
    for token in (f"{IDNPS}|012345678", "urn:oid:1.2.3|8990000000", "x' OR 1=1 --", "é"):
        assert search(sas, [], **{"schedule.actor:Practitioner.identifier": token})["total"] == 0


def test_other_methods_and_addresses_answer_in_fhir(sas) -> None:
    for method, path, status in (
        ("post", "/fhir/Slot", 405),
        ("delete", "/fhir/Practitioner", 405),
        ("get", "/fhir/Practitioner", 405),
        ("get", "/fhir/Patient/1", 404),
        ("get", "/fhir/Slot/1", 404),
    ):
        answer = getattr(sas, method)(path)
        assert answer.status_code == status
        assert answer.json()["resourceType"] == "OperationOutcome"


def test_a_failure_is_told_in_fhir(sas, monkeypatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("maillon.api.views.fhir.find_libres", fail)
    answer = sas.get(f"/fhir/Slot?{build_query(['99900000000'])}")
    assert (answer.status_code, answer.json()["issue"][0]["code"]) == (500, "exception")


def test_queries_do_not_grow_with_slots(sas, soins, pro, creneaux, django_assert_num_queries) -> None:
    with use_cpts(soins.cpts.pk):
        others = [make_pro(soins) for _ in range(5)]
        for rang, other in enumerate(others):
            for heure in range(4):
                make_creneau(soins, other, dans=1 + heure + rang / 60)
    # Communities, places, slots; and what opens, sets and ends the transaction.
    with django_assert_num_queries(9):
        assert search(sas, [one.professionnel.rpps for one in (*others, pro)])["total"] == 23
