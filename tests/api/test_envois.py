"""The SAS is told of bookings: by a real server that accepts, refuses, hangs, drops, or forgets."""

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from api.plateforme import change, get_envoi, move, send
from fabriques.droits import enter, make_membre
from fabriques.patients import make_patient
from fabriques.sas import make_envoi, make_regulateur, make_rendez_vous_regule
from fabriques.soins import make_creneau, make_pro, make_rendez_vous
from maillon.api.enums import EtatEnvoi
from maillon.api.livraison import ABANDON, REPRISES, deliver, review
from maillon.api.models import EnvoiSas
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import MotifAnnulation
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now


def test_a_booking_is_posted_without_any_patient(soins, regule, plateforme) -> None:
    envoi = send(soins)
    assert (envoi.etat, envoi.statut, envoi.version_connue) == (EtatEnvoi.ENVOYE, "booked", 1)
    ((method, path, body),) = plateforme.recus
    assert (method, path) == ("POST", "/sas/fhir/Appointment")
    creneau = regule.creneau
    idnps = {"system": "http://interopsante.org/fhir/CodeSystem/fr-v2-0203", "code": "IDNPS"}
    intrn = {**idnps, "code": "INTRN"}
    start, end, created = (body.pop(name) for name in ("start", "end", "created"))
    assert body == {
        "resourceType": "Appointment",
        "meta": {"profile": ["http://sas.fr/fhir/StructureDefinition/FrAppointmentSAS"]},
        "extension": [
            {
                "url": "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator",
                "valueReference": {
                    "identifier": {
                        "type": {"coding": [intrn]},
                        "system": "urn:oid:1.2.250.1.213.3.6",
                        "value": "00000000-0000-4000-8000-000000000001",
                    }
                },
            }
        ],
        "identifier": [{"system": "urn:oid:1.2.250.1.999", "value": str(regule.pk)}],
        "status": "booked",
        "participant": [
            {
                "actor": {
                    "identifier": {
                        "type": {"coding": [idnps]},
                        "system": "urn:oid:1.2.250.1.71.4.2.1",
                        "value": f"8{creneau.professionnel.rpps}",
                    }
                },
                "status": "accepted",
            }
        ],
    }
    assert [horloge.datetime.fromisoformat(one) for one in (start, end)] == [creneau.debut, creneau.fin]
    assert created


def test_changes_are_put_under_the_same_identifier(soins, regule, plateforme) -> None:
    send(soins)
    change(soins, regule, honore=True)
    assert get_envoi(soins).etat == EtatEnvoi.A_ENVOYER
    assert send(soins).statut == "fulfilled"
    change(soins, regule, honore=False)
    assert send(soins).statut == "noshow"
    methods = [method for method, _, _ in plateforme.recus]
    assert methods == ["POST", "PUT", "PUT"]
    address = urlsplit(plateforme.recus[1][1])
    assert (address.path, parse_qs(address.query)) == ("/sas/fhir/Appointment", {"Identifier": [str(regule.pk)]})


def test_a_moved_booking_stays_the_same_for_the_sas(soins, regule, plateforme) -> None:
    """The guide: an update bears on any element, the hours and who receives among them."""
    send(soins)
    moved = move(soins, move(soins, regule, 3), 5)
    envoi = send(soins)
    assert (envoi.etat, envoi.rendez_vous_id, envoi.version_connue) == (EtatEnvoi.ENVOYE, moved.pk, 3)
    (_, _, first), (method, path, last) = plateforme.recus
    assert (method, parse_qs(urlsplit(path).query)) == ("PUT", {"Identifier": [str(regule.pk)]})
    assert last["identifier"] == first["identifier"]
    assert (last["status"], last["extension"]) == ("booked", first["extension"])
    assert horloge.datetime.fromisoformat(last["start"]) == moved.creneau.debut
    who = last["participant"][0]["actor"]["identifier"]["value"]
    assert who == f"8{moved.creneau.professionnel.rpps}"
    with use_cpts(soins.cpts.pk):
        services.cancel(rendez_vous=moved, motif=MotifAnnulation.PATIENT, by=SYSTEME)
    assert send(soins).statut == "cancelled"
    assert len(plateforme.connus) == 1


def test_moved_before_the_sas_heard_of_it(soins, regule, plateforme) -> None:
    moved = move(soins, regule, 3)
    send(soins)
    ((method, _, body),) = plateforme.recus
    assert (method, body["identifier"][0]["value"]) == ("POST", str(regule.pk))
    assert horloge.datetime.fromisoformat(body["start"]) == moved.creneau.debut


def test_cancelled_before_the_sas_heard_of_it(soins, regule, plateforme) -> None:
    change(soins, regule, annule=True)
    assert send(soins).etat == EtatEnvoi.SANS_OBJET
    assert plateforme.recus == []


def test_bookings_of_the_desk_and_without_address_are_not_told(soins, plateforme, settings) -> None:
    with use_cpts(soins.cpts.pk):
        make_rendez_vous(soins, make_creneau(soins, make_pro(soins)))
        assert not EnvoiSas.objects.exists()
        creneau = make_creneau(soins, make_pro(soins))
    settings.MAILLON_SAS_URL = ""
    make_rendez_vous_regule(soins, creneau, make_regulateur())
    with use_cpts(soins.cpts.pk):
        assert not EnvoiSas.objects.exists()


def test_a_refusal_is_shown_and_may_be_sent_again(soins, regule, plateforme) -> None:
    plateforme.humeur[:] = ["422"]
    envoi = send(soins)
    assert (envoi.etat, envoi.erreur) == (EtatEnvoi.REFUSE, "réponse 422 : non merci")
    person = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    page = f"/c/{soins.cpts.slug}/acces/sas/"
    assert "non merci" in person.get(page).content.decode()
    assert "Le SAS a refusé 1 rendez-vous" in person.get(f"/c/{soins.cpts.slug}/").content.decode()
    assert person.post(f"{page}{envoi.pk}/renvoyer/").status_code == 302
    assert send(soins).etat == EtatEnvoi.ENVOYE


@pytest.mark.parametrize("status", ["500", "503", "429", "408"])
def test_a_platform_unwell_is_asked_again_later(soins, regule, plateforme, status) -> None:
    plateforme.humeur[:] = [status]
    envoi = send(soins)
    assert (envoi.etat, envoi.tentatives, envoi.doute) == (EtatEnvoi.A_ENVOYER, 1, False)
    assert envoi.prochain_essai_le - now() <= timedelta(minutes=REPRISES[0])
    assert send(soins).etat == EtatEnvoi.ENVOYE


def test_nobody_answers_at_all(soins, regule, settings) -> None:
    settings.MAILLON_SAS_URL = "http://127.0.0.1:9/"
    envoi = send(soins)
    assert (envoi.etat, envoi.doute) == (EtatEnvoi.A_ENVOYER, False)
    for _ in REPRISES:
        envoi = send(soins)
    assert (envoi.etat, envoi.tentatives) == (EtatEnvoi.REFUSE, len(REPRISES) + 1), "nothing left: nothing is uncertain"


@pytest.mark.parametrize("humeur", ["pend", "coupe"])
def test_silence_is_a_doubt_and_the_next_attempt_cannot_double(soins, regule, plateforme, humeur) -> None:
    plateforme.humeur[:] = [humeur]
    envoi = send(soins)
    assert (envoi.etat, envoi.doute) == (EtatEnvoi.A_ENVOYER, True)
    envoi = send(soins)
    assert (envoi.etat, envoi.doute) == (EtatEnvoi.ENVOYE, False)
    assert [method for method, _, _ in plateforme.recus] == ["POST", "PUT"]


def test_silence_for_ever_is_uncertain(soins, regule, plateforme) -> None:
    plateforme.humeur[:] = ["coupe"] * (len(REPRISES) + 1)
    for _ in range(len(REPRISES) + 1):
        envoi = send(soins)
    assert envoi.etat == EtatEnvoi.INCERTAIN
    with use_cpts(soins.cpts.pk):
        make_envoi(soins, EtatEnvoi.SANS_OBJET)
    person = enter(Client(), make_membre(soins.cpts, Role.SECRETARIAT).compte)
    page = f"/c/{soins.cpts.slug}/acces/sas/"
    shown = person.get(page).content.decode()
    assert shown.index("Envoi incertain</") < shown.index("Sans objet</"), "what is to be looked at comes first"
    assert "la conversation a été coupée" in shown
    assert "n’est peut-être pas connu du SAS" in person.get(f"/c/{soins.cpts.slug}/").content.decode()
    assert person.post(f"{page}{envoi.pk}/renvoyer/").status_code == 302
    deliver(cpts_id=soins.cpts.pk, envoi_id=str(envoi.pk))
    assert plateforme.recus[-1][0] == "PUT", "it may have been taken: an update cannot make a second one"
    again = person.post(f"{page}{envoi.pk}/renvoyer/", follow=True).content.decode()
    assert "n’est plus à renvoyer" in again


def test_what_was_taken_in_silence_is_there_once(soins, regule, plateforme) -> None:
    plateforme.humeur[:] = ["prend_puis_coupe"]
    send(soins)
    assert send(soins).etat == EtatEnvoi.ENVOYE
    assert list(plateforme.connus) == [str(regule.pk)]


def test_a_platform_that_does_not_create_by_an_update(soins, regule, plateforme) -> None:
    plateforme.humeur[:] = ["coupe", "ne_connait_pas"]
    send(soins)
    assert send(soins).etat == EtatEnvoi.ENVOYE
    assert [method for method, _, _ in plateforme.recus] == ["POST", "PUT", "POST"]


def test_a_cancellation_after_a_doubt_is_told(soins, regule, plateforme) -> None:
    plateforme.humeur[:] = ["prend_puis_coupe"]
    send(soins)
    change(soins, regule, annule=True)
    assert send(soins).statut == "cancelled"
    assert plateforme.connus[str(regule.pk)]["status"] == "cancelled"


def test_a_change_during_the_conversation_leaves_afterwards(soins, regule, plateforme, monkeypatch) -> None:
    from maillon.api import livraison

    talk = livraison._talk

    def meanwhile(taken):
        answer = talk(taken)
        change(soins, regule, honore=True)
        return answer

    monkeypatch.setattr(livraison, "_talk", meanwhile)
    assert send(soins).etat == EtatEnvoi.A_ENVOYER
    monkeypatch.setattr(livraison, "_talk", talk)
    envoi = send(soins)
    assert (envoi.etat, envoi.statut, envoi.version_connue) == (EtatEnvoi.ENVOYE, "fulfilled", 2)


def test_a_worker_that_died_leaves_a_doubt(soins, regule, plateforme, monkeypatch) -> None:
    from maillon.api import livraison

    def die(taken):
        raise KeyboardInterrupt

    monkeypatch.setattr(livraison, "_talk", die)
    with pytest.raises(KeyboardInterrupt):
        send(soins)
    monkeypatch.undo()
    assert get_envoi(soins).etat == EtatEnvoi.EN_COURS
    with use_cpts(soins.cpts.pk):
        assert review(cpts_id=soins.cpts.pk) == {"interrompus": 0, "repris": 0}
        with horloge.at(now() + ABANDON * 2):
            assert review(cpts_id=soins.cpts.pk) == {"interrompus": 1, "repris": 1}


def test_jobs_twice_and_late_end_in_one_state(soins, regule, plateforme) -> None:
    send(soins)
    send(soins)
    assert len(plateforme.recus) == 1


def test_plain_http_is_for_this_machine_only(soins, regule, settings) -> None:
    settings.MAILLON_SAS_URL = "http://sas.example.org/fhir"
    assert "https" in send(soins).erreur


def test_the_page_counts_what_the_sas_may_see(soins, django_assert_max_num_queries) -> None:
    with use_cpts(soins.cpts.pk):
        make_creneau(soins, make_pro(soins))
        for _ in range(3):
            make_envoi(soins)
    person = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    with django_assert_max_num_queries(22):
        page = person.get(f"/c/{soins.cpts.slug}/acces/sas/").content.decode()
    assert "420000018" in page
    assert page.count("Renvoyer ce") == 0
    assert page.count('data-ouvre="renvoi-') == 3


def test_a_patient_of_the_booking_is_nowhere_in_what_left(soins, plateforme) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
        make_patient(soins.cpts, nom="Canariville")
    make_rendez_vous_regule(soins, creneau, make_regulateur())
    send(soins)
    assert "canari" not in json.dumps(plateforme.recus).lower()
