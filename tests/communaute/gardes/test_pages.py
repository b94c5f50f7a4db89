"""What people read and touch."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.gardes import make_participant
from maillon.communaute.gardes import services
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau
from maillon.communaute.gardes.models import Garde, Tableau, Voeu
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now

from .conftest import Maison


@pytest.fixture
def bureau(maison: Maison, client: Client) -> Client:
    """Who builds rosters."""
    return enter(client, maison.membre.compte)


def test_a_roster_is_prepared_from_its_form(maison: Maison, bureau: Client) -> None:
    url = reverse("gardes_nouveau", args=[maison.cpts.slug])
    sent = {
        "debut": "2027-05-03",
        "fin": "2027-05-30",
        "professions": ["10", "60"],
        "jours": ["1", "2", "3", "4", "5"],
        "de": "14:00",
        "a": "20:00",
        "autres_jours": ["6"],
        "autres_de": "08:00",
        "autres_a": "14:00",
        "feries": "sans",
        "nombre": "1",
        "max_semaine": "2",
        "max_weekends": "1",
        "ecart_heures": "12",
    }
    refused = bureau.post(url, {**sent, "fin": "2027-05-01"})
    assert refused.status_code == 422
    assert "précède le premier" in refused.content.decode()
    assert bureau.post(url, sent).status_code == 302
    with use_cpts(maison.cpts.pk):
        tableau = Tableau.objects.get()
        # Four weeks of six days, twice; without Ascension, Whit Monday and Saturday 8 May.
        assert (tableau.nom, tableau.postes.count()) == ("Mai 2027", 2 * (24 - 3))


@pytest.mark.parametrize("nombre", [3, 12])
def test_pages_cost_the_same_queries_whatever_the_number(
    maison: Maison, bureau: Client, nombre: int, django_assert_max_num_queries
) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        postes = maison.make_postes(tableau, nombre)
        gens = maison.make_gens(tableau, nombre)
        for poste, participant in zip(postes[1:], gens[1:], strict=True):
            maison.give(poste, participant)
    slug = maison.cpts.slug
    for name, args, most in (
        ("gardes_tableau", [slug, tableau.pk], 22),
        ("gardes_participants", [slug, tableau.pk], 22),
        ("gardes_poste", [slug, postes[0].pk], 30),
        ("gardes_liste", [slug], 20),
        ("gardes_constats", [slug], 20),
        ("gardes_imprimer", [slug, tableau.pk], 22),
    ):
        with django_assert_max_num_queries(most):
            assert bureau.get(reverse(name, args=args)).status_code == 200


def test_wishes_are_tapped_through_a_link_without_account(maison: Maison, client: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.BROUILLON)
        jours = [poste.jour for poste in maison.make_postes(tableau, 3)]
        participant = make_participant(tableau)
        services.open_voeux(tableau_id=tableau.pk, voeux_avant=tableau.debut - timedelta(days=3), by=maison.by)
        jeton = create_lien(but=services.LIEN_VOEUX, cpts_id=maison.cpts.pk, objet_id=participant.pk)
    url = reverse("gardes_lien_voeux", args=[jeton])
    assert client.get(url).status_code == 200
    sent = {f"j-{jours[0]}": "indisponible", f"j-{jours[1]}": "souhaite", f"j-{jours[2]}": "", "j-2030-01-01": "evite"}
    assert client.post(url, sent).status_code == 302
    with use_cpts(maison.cpts.pk):
        said = dict(Voeu.objects.values_list("jour", "choix"))
        assert said == {jours[0]: "indisponible", jours[1]: "souhaite"}
        services.close_voeux(tableau_id=tableau.pk, by=maison.by)
    closed = client.get(url)
    assert "Les vœux sont clos" in closed.content.decode()


def test_my_duties_offer_a_swap_and_the_colleague_answers_by_the_link(maison: Maison, client: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        poste = maison.make_postes(tableau, 1)[0]
        one, by = maison.make_soignant(tableau)
        other, _ = maison.make_soignant(tableau)
        garde = maison.give(poste, one)
        echange = services.propose_echange(garde_id=garde.pk, vers_id=other.pk, contre_id=None, by=by)
        jeton = create_lien(but=services.LIEN_ECHANGE, cpts_id=maison.cpts.pk, objet_id=echange.pk)
    url = reverse("gardes_lien_echange", args=[jeton])
    assert "Je la prends" in client.get(url).content.decode()
    assert "La garde a changé de mains" in client.post(url, {"geste": "accepter"}).content.decode()
    with use_cpts(maison.cpts.pk):
        assert Garde.objects.officielles().get().participant == other


def test_nobody_opens_or_changes_the_duty_of_another(maison: Maison, client: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        poste = maison.make_postes(tableau, 1)[0]
        one, _ = maison.make_soignant(tableau)
        _, by = maison.make_soignant(tableau)
        garde = maison.give(poste, one)
        other = type(maison.membre).objects.get(pk=by.membre_id)
    enter(client, other.compte)
    for name in ("gardes_ceder", "gardes_constater", "gardes_recuperer", "gardes_passation_lue"):
        assert client.post(reverse(name, args=[maison.cpts.slug, garde.pk])).status_code == 404
    with use_cpts(maison.cpts.pk):
        garde.refresh_from_db()
        assert garde.etat == EtatGarde.PUBLIEE


def test_the_home_page_shows_the_next_duty(maison: Maison, client: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        poste = maison.make_postes(tableau, 1)[0]
        one, by = maison.make_soignant(tableau)
        maison.give(poste, one)
        membre = type(maison.membre).objects.get(pk=by.membre_id)
    enter(client, membre.compte)
    page = client.get(reverse("accueil_cpts", args=[maison.cpts.slug])).content.decode()
    assert "Ma prochaine garde" in page


def test_the_public_page_says_who_is_on_duty_now(maison: Maison, client: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.PUBLIE)
        poste = maison.make_postes(tableau, 1)[0]
        hidden = make_participant(tableau)
        maison.give(poste, hidden)
    with horloge.at(poste.debut):
        assert now() == poste.debut
        page = client.get(reverse("gardes_public", args=[maison.cpts.slug])).content.decode()
    assert "Infirmier" in page
    assert hidden.personne.nom not in page
    assert "04 77 00 00 00" in page.replace("\u00a0", " ")
