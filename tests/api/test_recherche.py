"""What a search of slots shows and does not, and the traps met with real callers."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from fabriques.droits import enter, make_agent
from fabriques.sas import IDNPS, build_query, find, make_cpts_sas, search
from fabriques.soins import make_creneau, make_pro
from maillon.api.selectors import count_visibles
from maillon.missions.soins_non_programmes.enums import Audience, EtatCreneau
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import RoleTerritorial
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db

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


def test_the_four_kinds_of_slots_go_up_and_a_regulator_opens_them_all(sas, soins, pro) -> None:
    """Public, professionals, SAS, community: the guide lists all four. The form of a single professional has no kind
    for a slot of a community alone."""
    kinds = [[kind] for kind in Audience] + [[Audience.CPTS, Audience.PRO], [Audience.CPTS, Audience.SNP]]
    with use_cpts(soins.cpts.pk):
        slots = [make_creneau(soins, pro, dans=2 + rang, audiences=kind) for rang, kind in enumerate(kinds)]
    regulator = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    assert {regulator.get(f"/regulation/creneaux/{slot.pk}/").status_code for slot in slots} == {200}
    seul = {str(slot.pk) for slot in slots if slot.audiences != [Audience.CPTS]}
    for cpts, expected in ((True, {str(slot.pk) for slot in slots}), (False, seul)):
        shown = find(search(sas, [pro.professionnel.rpps], cpts=cpts), "Slot")
        assert {slot["id"] for slot in shown} == expected
        for slot in shown:
            assert slot["meta"]["security"], "each has its kind"
            assert regulator.get(urlsplit(f"{slot['comment']}&origin=sas").path).status_code == 200
    with use_cpts(soins.cpts.pk):
        assert count_visibles(cpts_id=soins.cpts.pk, moment=now()) == len(slots)


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
