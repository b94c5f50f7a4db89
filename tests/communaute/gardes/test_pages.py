"""What people read and touch."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.gardes import PARIS, make_participant
from maillon.communaute.gardes import selectors, services
from maillon.communaute.gardes.enums import EtatGarde, EtatTableau
from maillon.communaute.gardes.heures import list_feries, list_jours
from maillon.communaute.gardes.models import Garde, Tableau, Variante, Voeu
from maillon.communaute.gardes.tasks import calculer
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.services import create_lien
from maillon.socle.horloge import now

from .conftest import Maison

UN_JOUR = timedelta(days=1)


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


def test_facts_that_contradict_are_shown_each_with_its_way_out(maison: Maison, bureau: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(max_semaine=1)
        postes = maison.make_postes(tableau, 3)
        one, _ = maison.make_gens(tableau, 2)
        for poste in postes[:2]:
            services.assign_garde(poste_id=poste.pk, participant_id=one.pk, by=maison.by, malgre=True)
        variante = services.launch_calcul(tableau_id=tableau.pk, duree=5, garder=True, by=maison.by)
    calculer.func(cpts_id=str(maison.cpts.pk), variante_id=str(variante.pk))
    slug = maison.cpts.slug
    page = bureau.get(reverse("gardes_variante", args=[slug, variante.pk])).content.decode()
    assert "Ces 3 faits ne tiennent pas ensemble" in page
    for url in (
        *(reverse("gardes_poste", args=[slug, poste.pk]) for poste in postes[:2]),
        reverse("gardes_modifier", args=[slug, tableau.pk]),
    ):
        assert f'href="{url}"' in page
    variantes = reverse("gardes_variantes", args=[slug, tableau.pk])
    assert "se contredisent" in bureau.get(variantes).content.decode()
    # The button without what was placed by hand: a plan is then asked for.
    assert bureau.post(variantes, {"duree": "10"}).status_code == 302
    with use_cpts(maison.cpts.pk):
        assert Variante.objects.get(numero=2).parametres == {"fixees": []}


def test_a_roster_says_the_rules_that_it_breaks(maison: Maison, bureau: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(max_semaine=1)
        postes = maison.make_postes(tableau, 2)
        one = make_participant(tableau)
        for poste in postes:
            services.assign_garde(poste_id=poste.pk, participant_id=one.pk, by=maison.by, malgre=True)
    page = bureau.get(reverse("gardes_tableau", args=[maison.cpts.slug, tableau.pk])).content.decode()
    assert "1 règle enfreinte" in page.replace("\u00a0", " ")
    assert "1 règle est enfreinte" in page.replace("\u00a0", " "), "said before publishing too"
    with horloge.at(now() + timedelta(days=90)):
        assert selectors.list_fautes(tableau, now()) == [], "what is over is left alone"


def test_a_ready_made_roster_needs_two_touches(maison: Maison, bureau: Client) -> None:
    slug = maison.cpts.slug
    adresse = reverse("gardes_nouveau", args=[slug]) + "?modele=apres-midi"
    assert f'href="{adresse}"' in bureau.get(reverse("gardes_liste", args=[slug])).content.decode()
    form = bureau.get(adresse).context["form"]
    sent = {champ.html_name: valeur for champ in form if (valeur := champ.value()) is not None}
    assert bureau.post(adresse, sent).status_code == 302
    with use_cpts(maison.cpts.pk):
        tableau = Tableau.objects.get()
        jours = [jour for jour in list_jours(tableau.debut, tableau.fin) if jour.isoweekday() < 7]
        ouvres = set(jours) - set(list_feries(tableau.debut, tableau.fin, maison.cpts.departement))
        assert set(tableau.professions) == {"10", "60", "70"}
        assert {poste.jour for poste in tableau.postes.all()} == ouvres, "Monday to Saturday, no public holiday"
        assert tableau.postes.count() == 3 * len(ouvres)
        heures = {(p.debut.astimezone(PARIS).hour, p.fin.astimezone(PARIS).hour) for p in tableau.postes.all()}
        assert heures == {(14, 20)}
        assert tableau.debut.day == 1
        assert tableau.debut > horloge.today()
    assert bureau.get(reverse("gardes_nouveau", args=[slug])).context["form"].initial["debut"] == tableau.fin + UN_JOUR


def test_people_of_a_roster_are_looked_for_by_name_and_by_silence(maison: Maison, bureau: Client) -> None:
    with use_cpts(maison.cpts.pk):
        tableau = maison.make_tableau(EtatTableau.BROUILLON)
        one, other = maison.make_gens(tableau, 2)
        services.save_voeux(participant_id=one.pk, choix={}, by=maison.by)
    url = reverse("gardes_participants", args=[maison.cpts.slug, tableau.pk])

    def shown(**cherche: str) -> set[str]:
        groupes = bureau.get(url, cherche).context["groupes"]
        return {str(ligne.participant.personne) for _, lignes, _ in groupes for ligne, *_ in lignes}

    assert shown() == {str(one.personne), str(other.personne)}
    assert shown(voeux="dits") == {str(one.personne)}
    assert shown(voeux="attendus") == {str(other.personne)}
    assert shown(q=str(one.personne).upper()) == {str(one.personne)}
    assert shown(q="zzz") == set()
