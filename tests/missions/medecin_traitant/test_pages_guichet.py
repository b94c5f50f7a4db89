"""The pages of the desk, of doctors, of partners and of the bureau."""

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
    make_medecin,
)
from fabriques.pages_guichet import BESOINS, PERSONNE, TOUT, assert_hidden, make, public, reload, url
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums import Etat
from maillon.missions.medecin_traitant.models import Capacite, Demande
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.journal.models import Entree, Lecture

pytestmark = pytest.mark.django_db


def sign_in_medecin(guichet: Guichet, medecin) -> Client:
    with use_cpts(guichet.cpts.pk):
        acteur = make_acteur_medecin(guichet, medecin)
        return enter(Client(), Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte)


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
    desk.post(url(guichet, "places_medecin", medecin.pk), {"places": "2", "accepte_tous": "on"})
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
