"""A slot shared with another community: found, given, moved and cancelled from there, and nothing more seen."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter, make_agent, make_membre
from fabriques.soins import IDENTITE as LOUISE
from fabriques.soins import make_creneau, make_lieu, make_plage, make_pro, make_soins
from fabriques.territoire import CommuneFabrique
from maillon.communaute.patients.models import Patient
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatCreneau, EtatRendezVous, Origine
from maillon.missions.soins_non_programmes.models import Creneau, LieuConsultation, Plage, RendezVous
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role, RoleTerritorial
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db

IDENTITE = {**LOUISE, "nom": "Canariquitremble"}


@pytest.fixture
def chez_a():
    return make_soins(nom="CPTS du Pilat")


@pytest.fixture
def chez_b():
    return make_soins(nom="CPTS du Gier")


@pytest.fixture
def compte(chez_b):
    return make_membre(chez_b.cpts, Role.PHARMACIEN).compte


@pytest.fixture
def pharmacien(compte):
    return enter(Client(), compte)


@pytest.fixture
def partages(chez_a, chez_b) -> list[Creneau]:
    """Two slots of A that B is shown."""
    with use_cpts(chez_a.cpts.pk):
        pro = make_pro(chez_a)
        commun = {"plage": make_plage(chez_a, pro, partages=[chez_b.cpts.pk]), "partages": [chez_b.cpts.pk]}
        return [make_creneau(chez_a, pro, dans=heures, **commun) for heures in (2, 4)]


def adresse(soins, nom: str, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def give(client: Client, soins, creneau: Creneau, cle: str = "a") -> str:
    """Two clicks; the address of the appointment."""
    held = client.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": cle * 24})
    assert "Cette personne est déjà connue" not in client.get(held.url).content.decode()
    return client.post(held.url, IDENTITE).url


def read(chez_a) -> list[RendezVous]:
    with use_cpts(chez_a.cpts.pk):
        return list(RendezVous.objects.select_related("creneau", "patient").order_by("pris_le"))


def test_a_shared_slot_is_found_with_its_place_and_its_community(chez_a, chez_b, pharmacien, partages) -> None:
    page = pharmacien.get(adresse(chez_b, "recherche"), {"profession": "60", "quand": "semaine"}).content.decode()
    assert str(partages[0].pk) in page
    assert "CPTS du Pilat" in page
    assert "1 rue de la Paix" in page


@pytest.fixture
def en_haute_loire(chez_a, chez_b) -> Creneau:
    """A slot of A, in another département, that B is shown."""
    ailleurs = CommuneFabrique(code_insee="43012", nom="Aurec-sur-Loire", departement="43")
    with use_cpts(chez_a.cpts.pk):
        pro = make_pro(chez_a)
        type(pro.lieu).objects.filter(pk=pro.lieu.pk).update(commune=ailleurs)
        make_plage(chez_a, pro, partages=[chez_b.cpts.pk])
        return make_creneau(chez_a, pro, zone="43", commune="43012", partages=[chez_b.cpts.pk])


def test_a_slot_of_another_departement_is_found_by_who_is_shown_it(chez_a, chez_b, pharmacien, en_haute_loire) -> None:
    demande = {"profession": "60", "quand": "semaine"}
    assert str(en_haute_loire.pk) in pharmacien.get(adresse(chez_b, "recherche"), demande).content.decode()
    own = enter(Client(), chez_a.membre.compte)
    assert str(en_haute_loire.pk) in own.get(adresse(chez_a, "recherche"), demande).content.decode()
    tiers = make_soins(nom="CPTS du Forez")
    autre = enter(Client(), make_membre(tiers.cpts, Role.PHARMACIEN).compte)
    assert str(en_haute_loire.pk) not in autre.get(adresse(tiers, "recherche"), demande).content.decode()


def test_a_regulator_finds_what_their_communities_open_next_door(en_haute_loire) -> None:
    client = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    page = client.get(reverse("soins_regulation"), {"profession": "60", "quand": "semaine"}).content.decode()
    assert str(en_haute_loire.pk) in page


def test_what_is_not_shared_stays_unseen(chez_a, chez_b, partages) -> None:
    with use_cpts(chez_a.cpts.pk):
        autre = make_pro(chez_a)
        seul = make_creneau(chez_a, autre)
        make_plage(chez_a, autre)
        ailleurs = make_lieu(chez_a, partages[0].professionnel, libelle="Annexe")
    with use_cpts(chez_b.cpts.pk):
        assert not Creneau.objects.filter(pk=seul.pk).exists()
        lieux = LieuConsultation.objects.filter(cpts=chez_a.cpts)
        assert [lieu.pk for lieu in lieux] == [partages[0].lieu_id]
        assert ailleurs.pk != partages[0].lieu_id
        assert Plage.objects.filter(cpts=chez_a.cpts).count() == 1
        assert LieuConsultation.objects.filter(pk=partages[0].lieu_id).update(libelle="Pris") == 0
        assert Plage.objects.filter(cpts=chez_a.cpts).update(duree=30) == 0


def test_who_books_it_follows_it_moves_it_and_cancels_it(chez_a, chez_b, pharmacien, partages) -> None:
    url = give(pharmacien, chez_b, partages[0])
    sheet = pharmacien.get(url).content.decode()
    assert "CPTS du Pilat" in sheet
    assert "anariquitremble" not in sheet.lower()
    (given,) = read(chez_a)
    assert (given.etat, given.cpts_id, given.patient.cpts_id) == ("confirme", chez_a.cpts.pk, chez_a.cpts.pk)
    liste = pharmacien.get(adresse(chez_b, "rendez_vous_liste"), {"par_moi": "oui"}).content.decode()
    assert "Mes rendez-vous" in liste
    assert str(given.pk) in liste
    assert "anariquitremble" not in liste.lower()
    choix = pharmacien.get(adresse(chez_b, "deplacer", given.pk)).content.decode()
    assert str(partages[1].pk) in choix
    moved = pharmacien.post(adresse(chez_b, "deplacer", given.pk), {"creneau": partages[1].pk})
    _, nouveau = read(chez_a)
    assert (nouveau.creneau_id, nouveau.etat) == (partages[1].pk, "confirme")
    assert pharmacien.get(moved.url).status_code == 200
    pharmacien.post(adresse(chez_b, "annuler", nouveau.pk), {"motif": "patient"})
    assert read(chez_a)[1].etat == EtatRendezVous.ANNULE
    pharmacien.post(adresse(chez_b, "retablir", nouveau.pk))
    assert read(chez_a)[1].etat == EtatRendezVous.CONFIRME
    with use_cpts(chez_a.cpts.pk):
        assert sorted(Creneau.objects.values_list("etat", flat=True)) == [EtatCreneau.LIBRE, EtatCreneau.RESERVE]


def note(chez_a, creneau: Creneau, given: RendezVous, *, honore: bool) -> None:
    """What the desk of A says of the appointment, once its hour has come."""
    with horloge.at(creneau.debut + timedelta(minutes=5)), use_cpts(chez_a.cpts.pk):
        services.record_venue(rendez_vous=given, honore=honore, by=chez_a.acteur)


def test_came_or_missed_is_said_where_the_person_is_received_and_read_where_it_was_given(
    chez_a, chez_b, compte, pharmacien, partages
) -> None:
    url = give(pharmacien, chez_b, partages[0])
    (given,) = read(chez_a)
    with horloge.at(partages[0].debut + timedelta(minutes=5)):
        enter(pharmacien, compte)
        sheet = pharmacien.get(url).content.decode()
        assert "est-elle venue" not in sheet
        assert "qui la reçoit, le note, ou l’accueil de CPTS du Pilat" in sheet
        assert pharmacien.post(adresse(chez_b, "constater", given.pk), {"geste": "honore"}).status_code == 404
    note(chez_a, partages[0], given, honore=False)
    enter(pharmacien, compte)
    sheet = pharmacien.get(url).content.decode()
    assert "Patient absent" in sheet
    assert "C’est une erreur" not in sheet
    assert "patient absent" in pharmacien.get(adresse(chez_b, "rendez_vous_liste")).content.decode()


def test_the_person_is_not_known_in_the_community_that_booked(chez_a, chez_b, pharmacien, partages) -> None:
    give(pharmacien, chez_b, partages[0])
    with use_cpts(chez_b.cpts.pk):
        assert not Patient.objects.exists()
        assert not RendezVous.objects.exists()
    autre = enter(Client(), make_membre(chez_b.cpts, Role.PHARMACIEN).compte)
    (given,) = read(chez_a)
    assert autre.get(adresse(chez_b, "rendez_vous", given.pk)).status_code == 404
    desk = enter(Client(), chez_b.membre.compte)
    assert desk.get(adresse(chez_b, "rendez_vous", given.pk)).status_code == 404
    own = enter(Client(), chez_a.membre.compte)
    assert "CANARIQUITREMBLE" in own.get(adresse(chez_a, "rendez_vous", given.pk)).content.decode()


def test_a_request_is_offered_the_slots_of_its_own_community_alone(chez_a, chez_b, partages) -> None:
    with use_cpts(chez_b.cpts.pk):
        ici = make_creneau(chez_b, make_pro(chez_b))
    desk = enter(Client(), chez_b.membre.compte)
    filed = desk.post(
        adresse(chez_b, "demander"),
        {**IDENTITE, "profession": "60", "delai": "2h", "modalite": "cabinet", "usuel": "", "cle": "d" * 32},
    )
    demande = filed.url.rstrip("/").rpartition("/")[2]
    page = desk.get(adresse(chez_b, "recherche"), {"profession": "60", "quand": "semaine", "demande": demande})
    assert str(ici.pk) in page.content.decode()
    assert str(partages[0].pk) not in page.content.decode()


def test_a_regulator_gives_and_moves_a_shared_slot_and_reads_what_became_of_it(chez_a, partages) -> None:
    client = enter(Client(), make_agent(RoleTerritorial.REGULATEUR).compte)
    page = client.get(reverse("soins_regulation"), {"profession": "60", "quand": "semaine"}).content.decode()
    assert page.count(f'value="{partages[0].pk}"') == 1
    held = client.post(reverse("soins_regulation_retenir"), {"creneau": partages[0].pk, "cle": "r" * 24})
    client.post(held.url, IDENTITE)
    (given,) = read(chez_a)
    assert given.origine == Origine.REGULATION
    client.post(reverse("soins_regulation_deplacer", args=[given.pk]), {"creneau": partages[1].pk})
    nouveau = read(chez_a)[1]
    assert str(nouveau.pk) in client.get(reverse("soins_regulation_donnes")).content.decode()
    note(chez_a, partages[1], nouveau, honore=True)
    sheet = client.get(reverse("soins_regulation_rendez_vous", args=[nouveau.pk])).content.decode()
    assert "Honoré" in sheet
    assert "est-elle venue" not in sheet


def test_both_communities_race_for_one_slot(chez_a, chez_b, pharmacien, partages) -> None:
    with use_cpts(chez_a.cpts.pk):
        services.hold(creneau_id=partages[0].pk, by=chez_a.acteur, cle_depot="ici", origine=Origine.GUICHET)
    late = pharmacien.post(adresse(chez_b, "retenir"), {"creneau": partages[0].pk, "cle": "b" * 24})
    assert late.status_code == 409
    assert str(partages[1].pk) in late.content.decode()
    assert partages[0].debut > now()
