"""Finding a free slot: who sees which, in which order, and the pages of a member and of a regulator."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent, make_cpts, make_membre
from fabriques.medecin_traitant import make_guichet
from fabriques.patients import make_patient
from fabriques.soins import IDENTITE, make_creneau, make_pro
from fabriques.territoire import CommuneFabrique
from maillon.communaute.patients.models import Patient
from maillon.communaute.territoire.models import Commune
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import Audience, EtatCreneau, EtatRendezVous, Modalite, Origine, Quand
from maillon.missions.soins_non_programmes.models import Creneau, LieuConsultation, RendezVous
from maillon.missions.soins_non_programmes.selectors.recherche import Filtres, beyond, search, window, zones_of
from maillon.missions.soins_non_programmes.views import cotes
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.droits.selectors import acteur_of_compte
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def regulateur():
    return enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)


def adresse(soins, nom: str, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def test_zones_are_departements_overseas_and_corsica_included() -> None:
    assert zones_of(["42218", "2A004", "97411", "01004"]) == {"42", "2A", "974", "01"}


@pytest.mark.parametrize("connues", [set(), {"42"}, {"01", "2A", "42", "974"}, {"69", "2B"}])
def test_places_beyond_the_departements_known_are_those_and_no_other(soins, connues) -> None:
    codes = ["01004", "2A004", "2B033", "42218", "69123", "69388", "97411", "97608", "95680"]
    with use_cpts(soins.cpts.pk):
        for code in codes:
            commune = Commune.objects.filter(pk=code).first() or CommuneFabrique(
                code_insee=code, departement=code[:3] if code.startswith("97") else code[:2]
            )
            LieuConsultation.objects.filter(pk=make_pro(soins).lieu.pk).update(commune=commune)
        rows = LieuConsultation.objects.filter(beyond(connues))
        found = set(rows.values_list("commune_id", flat=True))
    assert found == {code for code in codes if not zones_of([code]) & connues}


def test_a_place_next_door_is_sought_too(soins, regulateur) -> None:
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins, generaliste=True)
        pro.lieu.commune = CommuneFabrique(code_insee="69388", departement="69")
        pro.lieu.save()
        make_creneau(soins, pro)
    pharmacien = enter(Client(), make_membre(soins.cpts, Role.PHARMACIEN).compte)
    for client, url in ((pharmacien, adresse(soins, "recherche")), (regulateur, reverse("soins_regulation"))):
        page = client.get(url, {"quand": "semaine"}).content.decode()
        assert "1 créneau libre" in page.replace("\u00a0", " ")


def test_days_end_at_the_midnight_of_the_community() -> None:
    start, end = window(Quand.AUJOURD_HUI, "Indian/Reunion")
    assert end.utcoffset() == timedelta(hours=4)
    assert (end.hour, end.minute) == (0, 0)
    assert start < end
    demain, fin = window(Quand.DEMAIN, "Indian/Reunion")
    assert demain == end
    assert fin - demain == timedelta(days=1)


def test_slots_by_professional_the_earliest_first_then_the_nearest(soins) -> None:
    with use_cpts(soins.cpts.pk):
        loin = make_pro(soins, nom="Loin")
        loin.lieu.lon, loin.lieu.lat = 4.9, 45.9
        loin.lieu.save()
        pres = make_pro(soins, nom="Pres")
        make_creneau(soins, loin, dans=1)
        make_creneau(soins, pres, dans=3)
        make_creneau(soins, pres, dans=2)
        make_creneau(soins, pres, dans=5, etat=EtatCreneau.RESERVE)
        make_creneau(soins, pres, dans=6, modalite=Modalite.DISTANCE)
        communes = [soins.saint_etienne]
        base = {"profession": "60", "commune": soins.saint_etienne.pk, "quand": Quand.SEMAINE}
        tot = search(Filtres(**base), for_acteur=soins.acteur, communes=communes, fuseau="Europe/Paris")
        assert [o.professionnel.nom for o in tot.offres] == ["Loin", "Pres"]
        assert tot.nombre == 4
        assert tot.offres[1].creneaux[0].debut < tot.offres[1].creneaux[1].debut
        assert tot.offres[0].minutes > tot.offres[1].minutes
        proche = search(Filtres(**base, tri="pres"), for_acteur=soins.acteur, communes=communes, fuseau="Europe/Paris")
        assert proche.nombre == 4
        distance = search(
            Filtres(**base, modalite=Modalite.DISTANCE),
            for_acteur=soins.acteur,
            communes=communes,
            fuseau="Europe/Paris",
        )
        assert distance.nombre == 1
        none = search(Filtres("10"), for_acteur=soins.acteur, communes=communes, fuseau="Europe/Paris")
        assert none.offres == ()
        assert none.plus_tard is None


def test_the_search_costs_the_same_for_two_or_twenty_slots(soins, pharmacien, django_assert_max_num_queries) -> None:
    with use_cpts(soins.cpts.pk):
        for _n in range(8):
            pro = make_pro(soins)
            for heure in range(1, 4):
                make_creneau(soins, pro, dans=heure)
    with django_assert_max_num_queries(34):
        page = pharmacien.get(adresse(soins, "recherche"), {"profession": "60", "quand": "semaine"})
    assert page.content.decode().count("so-creneau") >= 24


def test_nothing_left_today_shows_the_days_that_come(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        make_creneau(soins, make_pro(soins), dans=49)
    url = adresse(soins, "recherche")
    page = pharmacien.get(url, {"profession": "60", "quand": "aujourdhui"}).content.decode()
    assert "Plus rien aujourd’hui" in page
    assert page.count('name="creneau"') == 1
    assert "Plus rien" not in pharmacien.get(url, {"profession": "60", "quand": "semaine"}).content.decode()


def test_filters_are_kept_and_fragments_are_fragments(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        make_creneau(soins, make_pro(soins), dans=1)
    url = adresse(soins, "recherche")
    assert "Aucun créneau libre" in pharmacien.get(url).content.decode()
    pharmacien.get(url, {"profession": "60", "quand": "semaine"})
    page = pharmacien.get(url).content.decode()
    assert "Demander à la communauté" in page
    assert 'name="creneau"' in page
    partial = pharmacien.get(url, {"profession": "60"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in partial
    assert 'name="creneau"' in partial


def test_too_many_searches_wait(soins, pharmacien, monkeypatch) -> None:
    monkeypatch.setattr(cotes, "PAR_MINUTE", 2)
    monkeypatch.setattr(cotes, "now", lambda: now().replace(second=1))
    url = adresse(soins, "recherche")
    codes = [pharmacien.get(url).status_code for _ in range(4)]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_two_clicks_give_the_appointment(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
    held = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "a" * 24})
    page = pharmacien.get(held.url).content.decode()
    assert "Ce créneau est retenu" in page
    assert "Cette personne est déjà connue" not in page
    wrong = pharmacien.post(held.url, {**IDENTITE, "naissance": "demain"})
    assert wrong.status_code == 422
    assert "12/03/1950" in wrong.content.decode()
    done = pharmacien.post(held.url, IDENTITE)
    sheet = pharmacien.get(done.url).content.decode()
    assert "Son identité est donnée au professionnel" in sheet
    assert "Garcia" not in sheet
    with use_cpts(soins.cpts.pk):
        given = RendezVous.objects.get()
        assert given.etat == EtatRendezVous.CONFIRME
        assert given.origine == Origine.PHARMACIE
        assert given.patient.annee_naissance == 1950


def test_somebody_quicker_is_a_409_with_the_next_slots(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        creneau, suivant = make_creneau(soins, pro, dans=2), make_creneau(soins, pro, dans=4)
        services.hold(creneau_id=creneau.pk, by=soins.acteur, cle_depot="autre", origine=Origine.GUICHET)
    answer = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "b" * 24})
    assert answer.status_code == 409
    assert str(suivant.pk) in answer.content.decode()
    assert "recevoir une personne de plus" not in answer.content.decode()


def test_the_desk_takes_a_person_already_known(soins) -> None:
    client = enter(Client(), soins.membre.compte)
    with use_cpts(soins.cpts.pk):
        patient = make_patient(soins.cpts, nom="Boulanger")
        creneau = make_creneau(soins, make_pro(soins))
    held = client.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "c" * 24})
    found = client.post(held.url, {"geste": "chercher", "texte": "boulanger"}).content.decode()
    assert "BOULANGER" in found
    assert str(patient.pk) in found
    client.post(held.url, {"geste": "connue", "patient": str(patient.pk)})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get().patient_id == patient.pk
        assert Patient.objects.count() == 1


def test_the_life_of_an_appointment(soins) -> None:
    client = enter(Client(), soins.membre.compte)
    with use_cpts(soins.cpts.pk):
        pro = make_pro(soins)
        creneau, autre = make_creneau(soins, pro, dans=2), make_creneau(soins, pro, dans=0.2)
        given = services.book(
            creneau_id=creneau.pk, patient=make_patient(soins.cpts), by=soins.acteur, cle_depot="d", origine="guichet"
        )
    fiche = client.get(adresse(soins, "rendez_vous", given.pk)).content.decode()
    assert "Jeanne MARTIN" in fiche
    assert client.post(adresse(soins, "annuler", given.pk), {}).status_code == 302
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get(pk=given.pk).etat == EtatRendezVous.CONFIRME
    client.post(adresse(soins, "annuler", given.pk), {"motif": "erreur"})
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.get(pk=creneau.pk).etat == EtatCreneau.LIBRE
    client.post(adresse(soins, "retablir", given.pk))
    moved = client.post(adresse(soins, "deplacer", given.pk), {"creneau": str(autre.pk)})
    assert "Déplacé" in client.get(adresse(soins, "rendez_vous", given.pk)).content.decode()
    client.post(moved.url + "constater/", {"geste": "honore"})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get(creneau=autre).etat == EtatRendezVous.HONORE
    client.post(moved.url + "constater/", {"geste": "annuler"})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get(creneau=autre).etat == EtatRendezVous.CONFIRME
    assert client.get(adresse(soins, "rendez_vous_liste")).status_code == 200


def test_one_more_person_asks_for_a_reason(soins) -> None:
    client = enter(Client(), soins.membre.compte)
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
        services.hold(creneau_id=creneau.pk, by=SYSTEME, cle_depot="autre", origine=Origine.GUICHET)
    taken = client.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "e" * 24}).content.decode()
    url = adresse(soins, "en_plus", creneau.pk)
    assert url in taken
    assert client.post(url, IDENTITE).status_code == 422
    client.post(url, {**IDENTITE, "motif": "Accord au téléphone à 15 h"})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get(derogation=True).motif_derogation == "Accord au téléphone à 15 h"


# Regulators


def test_a_regulator_books_in_two_clicks_in_a_community_of_the_territory(soins, regulateur) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
        autre = make_creneau(soins, make_pro(soins), audiences=[Audience.CPTS])
    page = regulateur.get(reverse("soins_regulation"), {"profession": "60", "quand": "semaine"}).content.decode()
    assert str(creneau.pk) in page
    assert str(autre.pk) in page, "the centre 15 is shown what the community is"
    assert "tel:04 77 11 22 33" in page
    held = regulateur.post(reverse("soins_regulation_retenir"), {"creneau": creneau.pk, "cle": "f" * 24})
    done = regulateur.post(held.url, IDENTITE)
    assert "Son identité est donnée" in regulateur.get(done.url).content.decode()
    with use_cpts(soins.cpts.pk):
        given = RendezVous.objects.get()
        assert (given.etat, given.origine) == (EtatRendezVous.CONFIRME, Origine.REGULATION)
        assert given.pris_par_id is None
        assert given.compte_id is not None
    regulateur.post(reverse("soins_regulation_annuler", args=[given.pk]), {"motif": "patient"})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get().etat == EtatRendezVous.ANNULE


def test_a_regulator_stays_in_the_territory_and_leaves_contracts_alone(soins, regulateur) -> None:
    ailleurs = make_guichet(make_cpts(departement="69", fictive=True))
    with use_cpts(ailleurs.cpts.pk):
        creneau = make_creneau(ailleurs, make_pro(ailleurs))
    posted = regulateur.post(reverse("soins_regulation_retenir"), {"creneau": creneau.pk, "cle": "g" * 24})
    assert posted.status_code == 404
    assert regulateur.get(reverse("portefeuille:contrats")).status_code == 404
    assert regulateur.get(reverse("accueil_territoire")).url == reverse("soins_regulation")


def test_patient_rooms_that_are_closed_refuse_regulators_too(regulateur) -> None:
    closed = make_guichet(make_cpts())
    with use_cpts(closed.cpts.pk):
        creneau = make_creneau(closed, make_pro(closed))
    answer = regulateur.post(reverse("soins_regulation_retenir"), {"creneau": creneau.pk, "cle": "h" * 24})
    assert answer.status_code == 422
    with use_cpts(closed.cpts.pk):
        assert not RendezVous.objects.exists()


def test_the_platform_s_link_goes_through_the_sign_in(soins, regulateur) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
    url = reverse("soins_regulation_creneau", args=[creneau.pk]) + "?origin=sas"
    assert Client().get(url).url.startswith("/compte/login/?next=/regulation/creneaux/")
    page = regulateur.get(url).content.decode()
    assert "Prendre ce créneau" in page
    with use_cpts(soins.cpts.pk):
        assert not RendezVous.objects.exists()


def test_a_mixed_account_regulates_only_where_it_regulates(soins) -> None:
    rhone = make_cpts(departement="69", fictive=True)
    agent = make_agent(RoleTerritorial.CPAM, departement="69")
    make_agent(RoleTerritorial.REGULATEUR, departement="42", compte=agent.compte)
    acteur = acteur_of_compte(agent.compte, fort=True)
    assert rhone.pk in acteur.cpts_lues
    assert soins.cpts.pk not in acteur.cpts_lues
    assert soins.cpts.pk in acteur.cpts_regulees
    assert rhone.pk not in acteur.cpts_regulees
