"""The pages of the census, as browsers without JavaScript send them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.annuaire import ActiviteFabrique
from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet, make_acteur_medecin, make_medecin
from fabriques.recensement import make_arrivee, make_campagne, make_depart, make_renfort
from maillon.missions.medecin_traitant import services
from maillon.missions.medecin_traitant.enums_places import Dit
from maillon.missions.medecin_traitant.models import (
    CampagneRecensement,
    Capacite,
    DeclarationPlaces,
    Mouvement,
    Renfort,
)
from maillon.missions.medecin_traitant.selectors.recensement import PlacesCommune
from maillon.missions.medecin_traitant.views.ensemble import find_hidden
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import today

pytestmark = pytest.mark.django_db

TOUS = {"places_prevues": "0", "accepte_tous": "on"}


def url(guichet: Guichet, name: str, *args: object) -> str:
    return reverse(f"medecin_traitant_{name}", args=[guichet.cpts.slug, *args])


def sign_in(guichet: Guichet, medecin) -> Client:
    with use_cpts(guichet.cpts.pk):
        acteur = make_acteur_medecin(guichet, medecin)
        return enter(Client(), Membre.objects.select_related("compte").get(pk=acteur.membre_id).compte)


def make(guichet: Guichet, places: int | None = None, **champs):
    with use_cpts(guichet.cpts.pk):
        return make_medecin(guichet, places=places, **champs)


def read(guichet: Guichet) -> Capacite:
    with use_cpts(guichet.cpts.pk):
        return Capacite.objects.get()


def test_a_doctor_says_everything_on_one_page(guichet: Guichet):
    own = sign_in(guichet, make(guichet))
    soon = today() + timedelta(days=90)
    sent = {"places": "3", "places_prevues": "5", "prevues_des": soon.isoformat(), "accepte_enfants": "on"}
    page = own.post(url(guichet, "mes_places"), {**sent, "secteur": "2o", "langues": ["ar", "lsf"], "acces_pmr": "oui"})
    assert page.status_code == 302
    capacite = read(guichet)
    assert (capacite.places, capacite.places_prevues, capacite.prevues_des) == (3, 5, soon)
    assert (capacite.accepte_enfants, capacite.accepte_ald, capacite.accepte_adultes) == (True, False, False)
    assert (capacite.secteur, capacite.langues, capacite.acces_pmr) == ("2o", ["ar", "lsf"], True)
    again = own.get(url(guichet, "mes_places")).content.decode()
    assert 'value="3"' in again
    assert soon.isoformat() in again


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"places": "3"}, "au moins un genre"),
        ({"places": "0", "places_prevues": "4", "accepte_tous": "on"}, "à partir de quel jour"),
        ({"places": "0", "places_prevues": "4", "accepte_tous": "on", "prevues_des": "2020-01-01"}, "un jour à venir"),
        ({"places": "0", "places_prevues": "4", "accepte_tous": "on", "prevues_des": "2100-01-01"}, "d’ici six mois"),
        ({"places": "150", "places_prevues": "150", "accepte_tous": "on"}, "200 places en tout"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(guichet: Guichet, sent: dict, said: str):
    own = sign_in(guichet, make(guichet))
    page = own.post(url(guichet, "mes_places"), sent)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_one_touch_nothing_changed_and_no_more_with_undo(guichet: Guichet):
    own = sign_in(guichet, make(guichet, places=4))
    own.post(url(guichet, "mes_places"), {"geste": "confirmer"})
    assert read(guichet).confirmee_le is not None
    page = own.post(url(guichet, "mes_places"), {"geste": "arreter"}, follow=True)
    assert read(guichet).places == 0
    assert url(guichet, "mes_places_reprendre") in page.content.decode()
    own.post(url(guichet, "mes_places_reprendre"))
    assert read(guichet).places == 4
    with use_cpts(guichet.cpts.pk):
        said = list(DeclarationPlaces.objects.order_by("le", "id").values_list("dit", flat=True))
    assert said == [Dit.PLACES, Dit.CONFIRME, Dit.ARRET, Dit.REPRISE]


def test_a_stepper_a_place_of_work(guichet: Guichet):
    medecin = make(guichet)
    with use_cpts(guichet.cpts.pk):
        ActiviteFabrique(professionnel=medecin, commune=guichet.villars)
        lieux = [f"lieu_{pk}" for pk in medecin.activites.order_by("id").values_list("pk", flat=True)]
    own = sign_in(guichet, medecin)
    page = own.get(url(guichet, "mes_places")).content.decode()
    assert all(f'name="{lieu}"' in page for lieu in lieux)
    own.post(url(guichet, "mes_places"), {lieux[0]: "4", lieux[1]: "2", **TOUS})
    assert read(guichet).places == 6
    assert 'value="2"' in own.get(url(guichet, "mes_places")).content.decode()


def test_the_link_does_the_same_without_account(guichet: Guichet):
    medecin = make(guichet, places=4)
    other = make(guichet, places=9, nom="Autre")
    with use_cpts(guichet.cpts.pk):
        campagne = make_campagne(guichet)
        row = campagne.destinataires.get(professionnel=medecin)
        jeton = services.create_lien_places(row, campagne)
    address = reverse("medecin_traitant_lien_places", args=[jeton])
    anyone = Client()
    page = anyone.get(address)
    assert page.status_code == 200
    assert other.nom not in page.content.decode()
    with use_cpts(guichet.cpts.pk):
        assert row.__class__.objects.get(pk=row.pk).repondu_le is None, "looking is not answering"
    assert "à jour" in anyone.post(address, {"places": "2", **TOUS}).content.decode()
    assert anyone.post(address, {"places": "999", **TOUS}).status_code == 422
    anyone.post(address, {"geste": "arreter"})
    assert "Annuler" in anyone.post(address, {"geste": "arreter"}).content.decode()
    with use_cpts(guichet.cpts.pk):
        assert Capacite.objects.get(professionnel=medecin).places == 0
        assert Capacite.objects.get(professionnel=other).places == 9
        assert row.__class__.objects.get(pk=row.pk).repondu_le is not None
        services.close_campagne(campagne_id=campagne.pk, by=guichet.acteur)
    assert anyone.get(address).status_code in (404, 410)


def test_a_link_dies_after_its_week(guichet: Guichet):
    make(guichet, places=4)
    with use_cpts(guichet.cpts.pk):
        campagne = make_campagne(guichet)
        jeton = services.create_lien_places(campagne.destinataires.get(), campagne)
    address = reverse("medecin_traitant_lien_places", args=[jeton])
    now = horloge.now()
    with horloge.at(now + timedelta(days=20)):
        assert Client().get(address).status_code == 200
    with horloge.at(now + timedelta(days=23)):
        assert Client().get(address).status_code in (404, 410)


def test_a_campaign_from_launch_to_closing(desk: Client, guichet: Guichet):
    medecin = make(guichet)
    form = desk.get(url(guichet, "campagne_nouvelle")).content.decode()
    assert "1 par courriel" in form.replace("\u00a0", " ")
    jour = today()
    sent = {"titre": "Recensement d’hiver", "echeance": (jour + timedelta(days=14)).isoformat()}
    late = {**sent, "rappel_1": (jour + timedelta(days=20)).isoformat()}
    assert desk.post(url(guichet, "campagne_nouvelle"), late).status_code == 422
    page = desk.post(url(guichet, "campagne_nouvelle"), sent, follow=True).content.decode()
    assert "premiers courriels" in page
    with use_cpts(guichet.cpts.pk):
        campagne = CampagneRecensement.objects.get()
        row = campagne.destinataires.get()
        services.send_campagne(cpts_id=guichet.cpts.pk, campagne_id=campagne.pk)
    assert "sont partis" in desk.get(url(guichet, "campagne_avancement", campagne.pk)).content.decode()
    assert "déjà en cours" in desk.get(url(guichet, "campagne_nouvelle")).content.decode()
    card = desk.get(url(guichet, "destinataire", campagne.pk, row.pk)).content.decode()
    assert url(guichet, "places_medecin", medecin.pk) in card
    called = desk.post(url(guichet, "campagne_appel", campagne.pk, row.pk), {"appel": "rappeler"}, follow=True)
    assert "à rappeler" in called.content.decode()
    desk.post(url(guichet, "places_medecin", medecin.pk), {"places": "2", **TOUS})
    table = desk.get(url(guichet, "campagne", campagne.pk) + "?statut=repondu&export=csv")
    assert str(medecin) in b"".join(table).decode("utf-8-sig")
    desk.post(url(guichet, "campagne_clore", campagne.pk))
    assert "close" in desk.get(url(guichet, "campagnes")).content.decode()


def test_the_desk_keeps_helps_and_movements(desk: Client, guichet: Guichet):
    medecin = make(guichet, places=1)
    jour = today()
    sent = {
        "nature": "protocole",
        "protocole": "odynophagie",
        "depuis": jour.isoformat(),
        "medecins": [str(medecin.pk)],
    }
    assert desk.post(url(guichet, "renfort_nouveau"), {**sent, "patients": "40"}).status_code == 422
    full = {**sent, "patients": "40", "source": "bilan", "statut": "declare"}
    assert desk.post(url(guichet, "renfort_nouveau"), full).status_code == 302
    with use_cpts(guichet.cpts.pk):
        renfort = Renfort.objects.get()
    assert "angine" in desk.get(url(guichet, "renforts")).content.decode()
    desk.post(url(guichet, "renfort_terminer", renfort.pk))
    desk.post(url(guichet, "renfort_reprendre", renfort.pk))
    leaves = {"genre": "retraite", "le": (jour + timedelta(days=40)).isoformat(), "certitude": "certain"}
    assert desk.post(url(guichet, "mouvement_nouveau"), leaves).status_code == 422
    desk.post(url(guichet, "mouvement_nouveau"), {**leaves, "professionnel": str(medecin.pk), "patients": "900"})
    with use_cpts(guichet.cpts.pk):
        mouvement = Mouvement.objects.get()
    assert "1 départ d’ici six mois" in desk.get(url(guichet, "mouvements")).content.decode().replace("\u00a0", " ")
    desk.post(url(guichet, "mouvement_annuler", mouvement.pk))
    desk.post(url(guichet, "mouvement_remettre", mouvement.pk))
    with use_cpts(guichet.cpts.pk):
        assert Mouvement.objects.get().annule_le is None
        assert Renfort.objects.get().jusqu_au is None


def test_totals_hide_a_commune_of_one_doctor_from_the_bureau(desk: Client, guichet: Guichet):
    medecin = make(guichet, places=7, nom="Unique")
    with use_cpts(guichet.cpts.pk):
        make_depart(guichet, medecin, patients=900)
    bureau = enter(Client(), make_membre(guichet.cpts, Role.BUREAU).compte)
    seen = bureau.get(url(guichet, "places_ensemble")).content.decode()
    assert "moins de trois médecins" in seen
    assert "Unique" not in seen
    assert "moins de trois médecins" not in desk.get(url(guichet, "places_ensemble")).content.decode()
    assert bureau.get(url(guichet, "places")).status_code == 404


def test_a_commune_hidden_alone_takes_another_along():
    """The total of the territory is on the page: what one commune hides would be what is left."""
    few, small, large = PlacesCommune(7, 1), PlacesCommune(9, 3), PlacesCommune(30, 8)
    assert find_hidden({"42218": large, "42330": few, "42207": small}) == {"42330", "42207"}
    assert find_hidden({"42218": large, "42330": few, "42207": few}) == {"42330", "42207"}
    assert find_hidden({"42218": large, "42207": small}) == frozenset()


def test_filters_of_the_census(desk: Client, guichet: Guichet):
    with use_cpts(guichet.cpts.pk):
        make_medecin(guichet, places=None, nom="Muet")
        make_medecin(guichet, places=2, nom="Visiteur", visites=True, commune=guichet.villars)
        make_medecin(guichet, places=0, nom="Plein")
    address = url(guichet, "places")

    def shown(query: str) -> set[str]:
        page = desk.get(f"{address}?{query}").content.decode()
        return {nom for nom in ("Muet", "Visiteur", "Plein") if nom in page}

    assert shown("") == {"Muet", "Visiteur", "Plein"}
    assert shown("fraicheur=jamais") == {"Muet"}
    assert shown("places=libres") == shown("genre=visites") == shown("commune=42330") == {"Visiteur"}


@pytest.mark.parametrize("name", ["places", "campagne", "renforts", "mouvements", "places_ensemble"])
def test_constant_queries(desk: Client, guichet: Guichet, django_assert_max_num_queries, name: str):
    def fill(nombre: int) -> None:
        for _ in range(nombre):
            medecin = make_medecin(guichet, places=3)
            make_renfort(guichet, medecins=[medecin])
            make_depart(guichet, medecin)
            make_arrivee(guichet)

    with use_cpts(guichet.cpts.pk):
        fill(2)
        campagne = make_campagne(guichet)
    address = url(guichet, name, *([campagne.pk] if name == "campagne" else []))
    desk.get(address)
    with django_assert_max_num_queries(60) as few:
        desk.get(address)
    with use_cpts(guichet.cpts.pk):
        fill(4)
    with django_assert_max_num_queries(len(few.captured_queries)):
        desk.get(address)
