"""The public form and the signed links."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.medecin_traitant import (
    Guichet,
)
from fabriques.pages_guichet import BESOINS, PERSONNE, QUI, TOUT, assert_hidden, make, public, reload, url
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.services import create_lien_sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Demande
from maillon.missions.medecin_traitant.services.propositions import create_lien_reponse
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.models import Membre

pytestmark = pytest.mark.django_db

# The public form


def test_four_steps_file_a_request(client: Client, guichet: Guichet):
    address = public(guichet)
    page = client.get(address)
    assert "appelez le" in page.content.decode()
    assert "Saint-Étienne (42" in page.content.decode()
    sent = {"cle": "c" * 20}
    for etape, answers in enumerate((QUI, PERSONNE, BESOINS), start=1):
        sent |= answers
        page = client.post(address, {**sent, "etape": str(etape), "aller": "suite"})
        assert page.status_code == 200
        assert f"Étape {etape + 1} sur 4" in page.content.decode()
        for name in answers:
            assert f'name="{name}"' in page.content.decode(), "what was typed travels in the page"
    assert "04 77 11 22 33" in page.content.decode(), "read again before sending"
    page = client.post(address, {**sent, "etape": "4", "accord": "on", "aller": "suite"})
    assert page.status_code == 302
    page = client.get(page.url)
    assert "C’est fait" in page.content.decode()
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.get()
        assert (demande.ald, demande.c2s, demande.plus_de_70, demande.origine) == (True, True, True, "public")


def test_a_carer_leaves_their_own_number(client: Client, guichet: Guichet):
    carer = {"pour": "proche", "proche_nom": "Luc Canari", "proche_lien": "son fils", "proche_telephone": "0612345678"}
    assert client.post(public(guichet), {**TOUT, **carer, "telephone": ""}).status_code == 302
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.get()
        identite = read_identites([demande.patient_id], quoi="essai", pourquoi="essai", by=SYSTEME)[demande.patient_id]
        assert (demande.origine, identite.proche_telephone) == ("proche", "0612345678")


def test_going_back_keeps_what_was_typed(client: Client, guichet: Guichet):
    page = client.post(public(guichet), {**QUI, **PERSONNE, "etape": "3", "aller": "retour"})
    assert 'value="Canari"' in page.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"accord": ""}, "Sans votre accord"),
        ({"telephone": "12"}, "pas complet"),
        ({"telephone": ""}, "obligatoire"),
        ({"annee_naissance": "44"}, "quatre chiffres"),
        ({"annee_naissance": "2999"}, "quatre chiffres"),
        ({"commune": "75056"}, "Commune"),
        ({"pour": ""}, "Dites-nous pour qui"),
        ({"courriel": "zoe"}, "pas complète"),
        ({"nom": "2 44 03 42 218 123 45"}, "sécurité sociale"),
        ({"telephone": "244034221812345"}, "sécurité sociale"),
        ({"site_web": "http://robot"}, "champ caché"),
        ({"langue": "klingon"}, "Langue"),
    ],
)
def test_bad_input_is_said_beside_and_nothing_is_written(client: Client, guichet: Guichet, fields: dict, said: str):
    page = client.post(public(guichet), {**TOUT, **fields})
    assert page.status_code == 422
    assert said in page.content.decode().replace("&#x27;", "'")
    with use_cpts(guichet.cpts.pk):
        assert not Demande.objects.exists()


@pytest.mark.parametrize("cle", ["a\0b", "é" * 20, "k" * 5000, ""])
def test_a_key_that_is_not_ours_is_replaced(client: Client, guichet: Guichet, cle: str):
    assert client.post(public(guichet), TOUT | {"cle": cle}).status_code == 302


def test_a_step_beyond_reason_is_the_first(client: Client, guichet: Guichet):
    answer = client.post(public(guichet), TOUT | {"etape": "9" * 5000})
    assert (answer.status_code, answer.context["numero"]) == (200, 2)


def test_another_commune_is_answered_politely(client: Client, guichet: Guichet):
    page = client.post(public(guichet), {"pour": "moi", "commune": "autre", "etape": "1"})
    assert "36 46" in page.content.decode()


def test_posted_twice_makes_one(client: Client, guichet: Guichet):
    for _ in range(2):
        answer = client.post(public(guichet), TOUT)
        assert answer.status_code == 302
    assert "déjà enregistrée" in client.get(answer.url).content.decode()
    with use_cpts(guichet.cpts.pk):
        assert Demande.objects.count() == 1


def test_robots_are_slowed_down(client: Client, guichet: Guichet):
    statuses = [client.post(public(guichet), {**TOUT, "cle": f"cle-{n}"}).status_code for n in range(21)]
    assert statuses == [302] * 20 + [429]


def test_a_desk_without_anybody_says_so(client: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        Membre.objects.update(actif=False)
    page = client.post(public(guichet), TOUT)
    assert page.status_code == 409
    assert "Personne ne tient" in page.content.decode()


def test_the_code_read_out_opens_the_follow_up(client: Client, guichet: Guichet):
    page = client.get(client.post(public(guichet), TOUT).url).content.decode()
    code = page.split('chiffre-valeur">')[1].split("<")[0]
    address = url(guichet, "code_suivi")
    answer = client.post(address, {"code": code.lower().replace("-", " ")})
    assert "Votre demande est arrivée" in client.get(answer.url).content.decode()
    assert client.post(address, {"code": "AAAAA-AAAAA"}).status_code == 422


def test_guessing_codes_is_slowed_down(client: Client, guichet: Guichet):
    statuses = [client.post(url(guichet, "code_suivi"), {"code": f"AAAA{n}"}).status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]


# Signed links


def test_follow_up_corrects_then_withdraws(client: Client, guichet: Guichet):
    demande = make(guichet, nom="Canari")
    with use_cpts(guichet.cpts.pk):
        address = reverse("medecin_traitant_suivi", args=[services.create_lien_suivi(demande)])
    assert "Canari" not in client.get(address).content.decode(), "a link shows no identity"
    assert client.post(address, {"telephone": "12"}).status_code == 422
    client.post(address, {"telephone": "07 11 22 33 44"})
    with use_cpts(guichet.cpts.pk):
        identite = read_identites([demande.patient_id], quoi="essai", pourquoi="essai", by=SYSTEME)[demande.patient_id]
        assert (identite.telephone, identite.nom) == ("07 11 22 33 44", "Canari")
    page = client.post(address, {"geste": "retirer"}, follow=True)
    assert "est close" in page.content.decode()
    assert reload(demande).motif_cloture == "abandon"


def test_doctor_accepts_by_link_and_get_consumes_nothing(client: Client, guichet: Guichet):
    demande = make(guichet, Etat.PROPOSEE, nom="Canari", c2s=True, ame=True)
    with use_cpts(guichet.cpts.pk):
        address = reverse("sollicitations:lien", args=[create_lien_sollicitation(demande.sollicitations.get())])
    for _ in range(2):
        page = client.get(address).content.decode()
    assert reload(demande).etat == Etat.PROPOSEE
    assert_hidden(page)
    assert "réservé pour vous" in client.post(address, {"geste": "accepter"}).content.decode()
    assert reload(demande).etat == Etat.ACCEPTEE
    assert client.get(address).status_code == 410, "the link closed with the answer"


def test_doctor_declines_by_link_with_a_reason(client: Client, guichet: Guichet):
    demande = make(guichet, Etat.PROPOSEE)
    with use_cpts(guichet.cpts.pk):
        address = reverse("sollicitations:lien", args=[create_lien_sollicitation(demande.sollicitations.get())])
    client.post(address, {"motif": "inconnu"})
    assert reload(demande).etat == Etat.PROPOSEE
    assert "merci" in client.post(address, {"motif": "complet"}).content.decode()
    assert reload(demande).etat == Etat.QUALIFIEE


def test_an_expired_link_says_so(client: Client, guichet: Guichet):
    demande = make(guichet, Etat.PROPOSEE)
    with use_cpts(guichet.cpts.pk):
        address = reverse("sollicitations:lien", args=[create_lien_sollicitation(demande.sollicitations.get())])
    with horloge.at(horloge.now() + timedelta(days=6)):
        assert client.post(address, {"geste": "accepter"}).status_code == 410
    assert reload(demande).etat == Etat.PROPOSEE


@pytest.mark.parametrize(("reponse", "etat"), [("oui", Etat.PLACEE), ("non", Etat.QUALIFIEE), ("bof", Etat.ACCEPTEE)])
def test_patient_answers_by_link(client: Client, guichet: Guichet, reponse: str, etat: Etat):
    demande = make(guichet, Etat.ACCEPTEE, nom="Canari")
    with use_cpts(guichet.cpts.pk):
        proposition = demande.sollicitations.select_related("professionnel").get()
        address = reverse("medecin_traitant_reponse", args=[create_lien_reponse(proposition)])
    page = client.get(address).content.decode()
    assert str(proposition.professionnel) in page
    assert "Canari" not in page
    assert client.post(address, {"reponse": reponse}).status_code == 200
    assert reload(demande).etat == etat
