"""The assertions of the official test kit of the SAS on /Slot, each a test."""

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from fabriques.sas import IDNPS, build_query, find, make_cpts_sas, search
from fabriques.soins import make_creneau, make_lieu, make_pro
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db

P = "http://sas.fr/fhir/StructureDefinition/"
I = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/"  # noqa: E741 - as in the guide
N = "https://mos.esante.gouv.fr/NOS/"
TYPES = f"{N}TRE_R314-TypeCreneau/FHIR/TRE-R314-TypeCreneau"
CATEGORIES = f"{N}TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d")
TELEPHONE = re.compile(r"\+(33|262|590|594|596)\d{9}")


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
