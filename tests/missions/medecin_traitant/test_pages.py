"""Whole requests, as browsers without JavaScript send them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import (
    Guichet,
    make_acteur_medecin,
    make_demande,
    make_guichet,
    make_medecin,
)
from maillon.communaute.patients.selectors import read_identites
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.services import create_lien_sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Capacite, Demande
from maillon.missions.medecin_traitant.services.propositions import create_lien_reponse
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.journal.models import Entree, Lecture

pytestmark = pytest.mark.django_db

QUI = {"pour": "moi", "commune": "42218"}
PERSONNE = {
    "prenom": "Zoé",
    "nom": "Canari",
    "annee_naissance": "1944",
    "telephone": "04 77 11 22 33",
    "courriel": "zoe@example.org",
}
BESOINS = {"besoins": ["ald", "c2s"], "langue": "fr"}
TOUT = {**QUI, **PERSONNE, **BESOINS, "accord": "on", "etape": "4", "cle": "k" * 20, "aller": "suite"}


@pytest.fixture
def guichet() -> Guichet:
    return make_guichet()


@pytest.fixture
def desk(guichet: Guichet) -> Client:
    return enter(Client(), guichet.membre.compte)


def public(guichet: Guichet) -> str:
    return reverse("medecin_traitant_formulaire", args=[guichet.cpts.slug])


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def make(guichet: Guichet, etat: Etat = Etat.DEPOSEE, **champs: object) -> Demande:
    with use_cpts(guichet.cpts.pk):
        return make_demande(guichet, etat=etat, **champs)


def reload(objet):
    with use_cpts(objet.cpts_id):
        return type(objet).objects.get(pk=objet.pk)


def sign_in_medecin(guichet: Guichet, medecin) -> Client:
    with use_cpts(guichet.cpts.pk):
        acteur = make_acteur_medecin(guichet, medecin)
        return enter(Client(), Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte)


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


# The desk


def test_a_request_by_telephone_is_qualified_at_once(desk: Client, guichet: Guichet):
    address = url(guichet, "nouvelle")
    sent = {**PERSONNE, **BESOINS, "commune": "42330", "accord": "on", "cle": "t" * 20}
    page = desk.post(address, sent, follow=True)
    assert "Code de suivi à donner" in page.content.decode()
    assert "Zoé CANARI" in page.content.decode()
    assert "déjà enregistrée" in desk.post(address, sent, follow=True).content.decode()
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.get()
        assert (demande.etat, demande.origine, demande.responsable) == (Etat.QUALIFIEE, "guichet", guichet.membre)
    assert desk.post(address, {**sent, "telephone": ""}).status_code == 422


def test_the_main_job(client: Client, desk: Client, guichet: Guichet):
    client.post(public(guichet), TOUT)
    with use_cpts(guichet.cpts.pk):
        demande, medecin = Demande.objects.get(), make_medecin(guichet)
    own = sign_in_medecin(guichet, medecin)
    fiche = url(guichet, "fiche", demande.pk)
    desk.post(url(guichet, "qualifier", demande.pk), BESOINS)
    assert str(medecin) in desk.get(fiche).content.decode()
    page = desk.post(url(guichet, "proposer", demande.pk), {"medecins": [str(medecin.pk)]}, follow=True)
    assert "est proposée" in page.content.decode()
    with use_cpts(guichet.cpts.pk):
        proposition = Sollicitation.objects.get()
    assert_hidden(own.get(reverse("sollicitations:liste", args=[guichet.cpts.slug])).content.decode())
    own.post(reverse("sollicitations:repondre", args=[guichet.cpts.slug, proposition.pk]), {"geste": "accepter"})
    assert_hidden(own.get(url(guichet, "mes_patients")).content.decode())
    desk.post(url(guichet, "repondre_pour_patient", demande.pk), {"reponse": "oui"})
    assert reload(demande).etat == Etat.PLACEE
    page = own.get(url(guichet, "mes_patients")).content.decode()
    assert "Zoé CANARI" in page
    assert "C2S" not in page
    assert "suit cette personne" in desk.get(fiche).content.decode()
    with use_cpts(guichet.cpts.pk):
        reading = Lecture.objects.filter(patient_id=demande.patient_id, pourquoi="nouveaux patients").get()
        assert reading.acteur == "membre:professionnel"


def assert_hidden(page: str) -> None:
    """Neither identity nor coverage reaches a doctor before the patient's yes."""
    for word in ("Canari", "CANARI", "Zoé", "04 77 11", "C2S", "AME)", "aide médicale", "solidaire", "MT-20"):
        assert word not in page, word


def test_plan_close_and_reopen(desk: Client, guichet: Guichet):
    demande = make(guichet)
    day = horloge.today() + timedelta(days=5)
    desk.post(
        url(guichet, "prevoir", demande.pk),
        {"responsable": str(guichet.membre.pk), "prochaine_date": day.isoformat()},
    )
    assert reload(demande).prochaine_date == day
    assert "choisissez un motif" in desk.post(url(guichet, "clore", demande.pk), {}, follow=True).content.decode()
    desk.post(url(guichet, "clore", demande.pk), {"motif": "doublon"})
    assert reload(demande).etat == Etat.CLOSE
    assert (
        "ne peut pas devenir"
        in desk.post(url(guichet, "clore", demande.pk), {"motif": "doublon"}, follow=True).content.decode()
    )
    desk.post(url(guichet, "rouvrir", demande.pk))
    assert reload(demande).etat == Etat.DEPOSEE


def test_search_by_name_through_the_blind_index_leaves_a_trace(desk: Client, guichet: Guichet):
    found, other = make(guichet, nom="Canari"), make(guichet, nom="Autre")
    page = desk.post(url(guichet, "liste"), {"q": "canari"}).content.decode()
    assert found.reference in page
    assert other.reference not in page
    assert other.reference in desk.post(url(guichet, "liste"), {"q": other.reference}).content.decode()
    assert count_searches(found) == 1


def count_searches(demande: Demande) -> int:
    with use_cpts(demande.cpts_id):
        return Lecture.objects.filter(patient_id=demande.patient_id, pourquoi="recherche au guichet").count()


@pytest.mark.parametrize("name", ["liste", "terminees"])
def test_a_name_in_an_address_is_neither_searched_nor_repeated(desk: Client, guichet: Guichet, name: str):
    demande = make(guichet, Etat.PLACEE if name == "terminees" else Etat.DEPOSEE, nom="Autre")
    page = desk.get(url(guichet, name), {"q": "canari"}).content.decode()
    assert demande.reference in page
    assert "canari" not in page
    assert count_searches(demande) == 0


def test_the_export_of_a_search_holds_its_rows_and_leaves_one_trace(desk: Client, guichet: Guichet):
    found, other = make(guichet, nom="Canari"), make(guichet, nom="Autre")
    answer = desk.post(url(guichet, "liste") + "?tri=reference&export=xlsx", {"q": "canari"})
    exported = read_xlsx(answer.content)
    assert found.reference in exported
    assert other.reference not in exported
    assert "canari" not in answer["Content-Disposition"].lower()
    assert count_searches(found) == 1


def test_filters(desk: Client, guichet: Guichet):
    with horloge.at(horloge.now() - timedelta(days=40)):
        old = make(guichet)
    recent = make(guichet, Etat.QUALIFIEE, commune=guichet.villars, ald=True)
    for query, shown in (
        ({"age": "30"}, old),
        ({"age": "retard"}, old),
        ({"etat": "qualifiee"}, recent),
        ({"commune": "42330"}, recent),
        ({"priorite": "haute"}, recent),
    ):
        page = desk.get(url(guichet, "liste"), query).content.decode()
        assert [d.reference for d in (old, recent) if d.reference in page] == [shown.reference], query
    assert old.reference not in desk.get(url(guichet, "terminees")).content.decode()


def read_xlsx(content: bytes) -> str:
    return str([[cell.value for cell in row] for row in load_workbook(BytesIO(content)).active])


def test_names_leave_in_a_file_only_with_the_right_to(desk: Client, guichet: Guichet):
    make(guichet, nom="Canari")
    secretariat = enter(Client(), make_membre(guichet.cpts, Role.SECRETARIAT).compte)
    assert "CANARI" in secretariat.get(url(guichet, "liste")).content.decode()
    columns = {"export": "xlsx", "col": ["reference", "nom", "telephone", "commune"]}
    assert "CANARI" in read_xlsx(desk.get(url(guichet, "liste"), columns).content)
    exported = read_xlsx(secretariat.get(url(guichet, "liste"), columns).content)
    assert "CANARI" not in exported
    assert "04 77" not in exported
    with use_cpts(guichet.cpts.pk):
        assert [
            e.details["noms"] for e in Entree.objects.filter(evenement="medecin_traitant.exportee").order_by("id")
        ] == [
            True,
            False,
        ]


def count_queries(django_assert_max_num_queries, client: Client, address: str) -> int:
    with django_assert_max_num_queries(200) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_queries_do_not_grow_with_the_list(desk: Client, guichet: Guichet, django_assert_max_num_queries):
    make(guichet, Etat.PROPOSEE)
    few = count_queries(django_assert_max_num_queries, desk, url(guichet, "liste"))
    for _ in range(6):
        make(guichet, Etat.PROPOSEE)
    assert count_queries(django_assert_max_num_queries, desk, url(guichet, "liste")) == few <= 30


def test_queries_do_not_grow_with_the_sheet(desk: Client, guichet: Guichet, django_assert_max_num_queries):
    with use_cpts(guichet.cpts.pk):
        medecins = [make_medecin(guichet) for _ in range(2)]
    demande = make(guichet, Etat.PROPOSEE, medecins=medecins[:1])
    address = url(guichet, "fiche", demande.pk)
    few = count_queries(django_assert_max_num_queries, desk, address)
    with use_cpts(guichet.cpts.pk):
        more = [make_medecin(guichet) for _ in range(6)]
        services.propose_demande(demande_id=demande.pk, professionnel_ids=[m.pk for m in more[:3]], by=guichet.acteur)
    assert count_queries(django_assert_max_num_queries, desk, address) == few <= 40


# Doctors, partners, the bureau


def test_places_in_ten_seconds(guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecin = make_medecin(guichet, places=None)
    own = sign_in_medecin(guichet, medecin)
    page = own.post(url(guichet, "mes_places"), {"places": "4", "accepte_visites": "on"}, follow=True)
    assert "à jour" in page.content.decode()
    with use_cpts(guichet.cpts.pk):
        capacite = Capacite.objects.get()
        assert (capacite.places, capacite.accepte_visites, capacite.accepte_ald) == (4, True, False)
    assert own.post(url(guichet, "mes_places"), {"places": "999"}).status_code == 422


def test_a_doctor_answers_own_proposals_only(guichet: Guichet):
    demande = make(guichet, Etat.PROPOSEE)
    with use_cpts(guichet.cpts.pk):
        proposition, other = demande.sollicitations.get(), make_medecin(guichet)
    rival = sign_in_medecin(guichet, other)
    assert (
        rival.post(
            reverse("sollicitations:repondre", args=[guichet.cpts.slug, proposition.pk]), {"geste": "accepter"}
        ).status_code
        == 404
    )
    assert reload(proposition).etat == EtatSollicitation.ENVOYEE


def test_the_desk_records_places_told_by_telephone(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        medecin = make_medecin(guichet, places=None)
    assert str(medecin) in desk.get(url(guichet, "places")).content.decode()
    desk.post(url(guichet, "places_medecin", medecin.pk), {"places": "2"})
    with use_cpts(guichet.cpts.pk):
        assert Capacite.objects.get().places == 2


def test_a_partner_follows_what_they_filed_without_identity(guichet: Guichet):
    pharmacien = enter(Client(), make_membre(guichet.cpts, Role.PHARMACIEN).compte)
    sent = {**PERSONNE, **BESOINS, "commune": "42218", "accord": "on", "cle": "p" * 20}
    page = pharmacien.post(url(guichet, "deposer"), sent, follow=True)
    assert "La demande est arrivée" in page.content.decode()
    with use_cpts(guichet.cpts.pk):
        demande = Demande.objects.get()
        assert (demande.origine, demande.etat) == ("pharmacie", Etat.DEPOSEE)
    assert demande.reference in pharmacien.get(url(guichet, "mes_demandes")).content.decode()
    assert "CANARI" not in pharmacien.get(url(guichet, "ma_demande", demande.pk)).content.decode()
    rival = enter(Client(), make_membre(guichet.cpts, Role.PHARMACIEN).compte)
    assert rival.get(url(guichet, "ma_demande", demande.pk)).status_code == 404


def test_the_president_sees_totals_and_no_patient(guichet: Guichet):
    demande = make(guichet, Etat.PLACEE, nom="Canari")
    president = enter(Client(), make_membre(guichet.cpts, Role.PRESIDENT).compte)
    page = president.get(url(guichet, "totaux"))
    assert page.status_code == 200
    assert_hidden(page.content.decode())
    assert president.get(url(guichet, "fiche", demande.pk)).status_code == 404
