"""The pages of unscheduled care in figures: who reads what, exports, constant queries, simulation."""

import csv
import io
from datetime import date, datetime

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet
from fabriques.personnes import PersonneFabrique
from fabriques.soins import Pro, make_plage, make_pro
from fabriques.soins_chiffres import JEUDI, LUNDI, MAINTENANT, PARIS, ask, at, give, keep_promise, slot, solicit
from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.missions.soins_non_programmes.enums import (
    EtatRendezVous,
    MotifRefus,
)
from maillon.missions.soins_non_programmes.selectors import (
    indicateurs,
    simulation,
)
from maillon.missions.soins_non_programmes.selectors.periodes import Periode
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _horloge():
    with horloge.at(MAINTENANT):
        yield


# The pages ---------------------------------------------------------------------------------------------------------


def fill(soins: Guichet) -> Pro:
    pro = make_pro(soins, generaliste=True, nom="Reconnaissable")
    make_plage(soins, pro)
    creneau = slot(soins, pro, at(LUNDI, 14))
    give(soins, creneau, EtatRendezVous.HONORE)
    ask(soins, at(LUNDI, 9), 20)
    solicit(soins, pro, EtatSollicitation.REFUSEE, MotifRefus.COMPLET)
    return pro


def test_the_bureau_reads_totals_and_the_desk_names(soins):
    with use_cpts(soins.cpts.pk):
        fill(soins)
    adresse = reverse("soins_chiffres", args=[soins.cpts.slug])
    bureau = enter(Client(), make_membre(soins.cpts, Role.BUREAU).compte).get(adresse)
    coordination = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte).get(adresse)
    assert bureau.status_code == coordination.status_code == 200
    assert "Reconnaissable" not in bureau.content.decode()
    assert "Reconnaissable" in coordination.content.decode()
    assert "Martin" not in coordination.content.decode()


def test_exports_hold_what_the_page_shows(soins):
    with use_cpts(soins.cpts.pk):
        fill(soins)
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    adresse = reverse("soins_chiffres", args=[soins.cpts.slug])
    texte = client.get(adresse, {"export": "csv"}).content.decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(texte), delimiter=";"))
    assert ["Créneaux ouverts", "1"] in [ligne[:2] for ligne in lignes]
    assert ["Médecins dans le SAS", "1"] in [ligne[:2] for ligne in lignes]
    assert client.get(adresse, {"export": "xlsx"}).content.startswith(b"PK")
    assert client.get(adresse, {"export": "pdf"}).content.startswith(b"%PDF")
    assert client.get(adresse, {"export": "exe"}).status_code == 404


def test_queries_do_not_grow(soins, django_assert_max_num_queries):
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    adresses = [reverse(nom, args=[soins.cpts.slug]) for nom in ("soins_chiffres", "soins_simulation")]
    with use_cpts(soins.cpts.pk):
        fill(soins)
    mesures = []
    for adresse in adresses:
        client.get(adresse)
        with django_assert_max_num_queries(70) as avant:
            client.get(adresse)
        mesures.append(len(avant))
    with use_cpts(soins.cpts.pk):
        for _ in range(3):
            fill(soins)
    for adresse, nombre in zip(adresses, mesures, strict=True):
        with django_assert_max_num_queries(nombre):
            client.get(adresse)


def test_asking_from_the_page_says_to_how_many(soins):
    with use_cpts(soins.cpts.pk):
        pro = keep_promise(soins, sauf=((JEUDI, Profession.INFIRMIER),))[Profession.INFIRMIER]
        PersonneFabrique(cpts=soins.cpts, professionnel=pro.professionnel, courriel="sacha@example.org")
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    adresse = reverse("soins_demander_ouverture", args=[soins.cpts.slug])
    envoi = client.post(adresse, {"blanc": f"{JEUDI.isoformat()}:60"}, follow=True)
    assert "1 message envoyé" in envoi.content.decode().replace("\u00a0", " ").replace("\u202f", " ")
    refus = client.post(adresse, {"blanc": "n’importe quoi"}, follow=True)
    assert "plus rien à demander" in refus.content.decode()


def test_a_simulation_compares_and_refuses_what_means_nothing(soins):
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, generaliste=True)
        slot(soins, pro, at(LUNDI, 14))
        for minute in (0, 1, 2):
            ask(soins, at(LUNDI, 13, minute), 5)
    client = enter(Client(), make_membre(soins.cpts, Role.PRESIDENT).compte)
    adresse = reverse("soins_simulation", args=[soins.cpts.slug])
    variante = {
        "periode": "13",
        "v1-sens": "plus",
        "v1-combien": "1",
        "v1-profession": "10",
        "v1-jours": ["0"],
        "v1-de": "15:00",
        "v1-a": "15:20",
        "v1-duree": "20",
    }
    page = client.get(adresse, variante)
    comparaison = page.context["comparaison"]
    assert [v.total("jour_meme") for v in comparaison.variantes] == [1, 2]
    assert [v.total("perdues") for v in comparaison.variantes] == [2, 1]
    assert comparaison.titre.replace("\u00a0", " ").startswith("Variante A : 1 personne de plus")
    refus = client.get(adresse, {**variante, "v1-a": "14:00"})
    assert refus.status_code == 422
    assert "L’heure de fin vient après l’heure de début." in refus.content.decode()
    assert client.get(adresse).status_code == 200


def test_an_offer_is_changed_since_the_activity_began_and_not_on_closed_days(soins):
    with use_cpts(soins.cpts.pk), horloge.at(datetime(2026, 4, 8, 12, tzinfo=PARIS)):
        ask(soins, at(date(2026, 4, 2), 13), 5)
        matiere = simulation.read_matiere(soins.cpts, Periode(date(2026, 3, 2), date(2026, 4, 9)))
    # From Thursday 2 April, without Easter Monday.
    assert [jour.day for jour in matiere.jours] == [2, 3, 4, 5, 7, 8]


def test_empty_pages_say_what_to_do(soins):
    client = enter(Client(), make_membre(soins.cpts, Role.COORDINATION).compte)
    assert "Rien à compter encore" in client.get(reverse("soins_chiffres", args=[soins.cpts.slug])).content.decode()
    page = client.get(reverse("soins_simulation", args=[soins.cpts.slug]))
    assert "Aucune demande à rejouer" in page.content.decode()


def test_hours_of_an_act_sum_to_the_figure(soins):
    with use_cpts(soins.cpts.pk):
        pro, autre = make_pro(soins, generaliste=True), make_pro(soins, generaliste=True)
        slot(soins, pro, at(LUNDI, 14))
        slot(soins, autre, at(LUNDI, 14, 30))
        rows = indicateurs.list_heures(Profession.MEDECIN, soins.cpts.pk, LUNDI, JEUDI)
        actes = [indicateurs.heures_to_acte(row).etat for row in rows]
        total = rows.aggregate(total=Sum("heures"))["total"]
    assert (actes, total) == (["1,00 h", "0,50 h"], 1.5)
