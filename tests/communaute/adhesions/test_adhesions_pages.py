"""The members' page."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique
from fabriques.annuaire import ActiviteFabrique
from fabriques.droits import enter, make_cpts, make_membre
from fabriques.structures import StructureFabrique
from fabriques.territoire import CommuneFabrique
from maillon.communaute.adhesions.models import Adhesion
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpts():
    return make_cpts()


@pytest.fixture
def read_page(client, cpts):
    """Reads the members' page as the coordinator, with these parameters; returns its text."""
    enter(client, make_membre(cpts, Role.COORDINATION).compte)

    def read(**parameters: str) -> str:
        response = client.get(reverse("adhesions_membres", args=[cpts.slug]), parameters)
        assert response.status_code == 200
        return response.content.decode()

    return read


def populate(cpts, count: int = 1) -> None:
    with use_cpts(cpts.pk):
        for _ in range(count):
            adhesion = AdhesionFabrique(cpts=cpts)
            ActiviteFabrique(professionnel=adhesion.professionnel)
        AdhesionFabrique(
            cpts=cpts, professionnel__nom="Lefèvre", professionnel__prenom="Zoé", professionnel__generaliste=True
        )
        ActiviteFabrique(
            professionnel=AdhesionFabrique(cpts=cpts, professionnel__nom="Villard").professionnel,
            commune=CommuneFabrique(code_insee="42330"),
        )
        AdhesionFabrique(cpts=cpts, de_structure=True, structure__laboratoire=True)
        AdhesionFabrique(cpts=cpts, terminee=True, professionnel__nom="Partant")


def test_members_with_profession_commune_and_date(cpts, read_page):
    populate(cpts)
    text = read_page()
    for expected in ("Lefèvre Zoé", "médecin généraliste", "Villars", "9 janvier 2023", "Laboratoire des Deux Amants"):
        assert expected in text
    assert "Partant" not in text
    assert "2 infirmiers, 1 médecin généraliste et 1 structure" in text


def test_search_and_filters(cpts, read_page):
    populate(cpts)
    assert "Lefèvre" in read_page(q="lefevre zoe")
    assert "Villard" not in read_page(q="lefevre zoe")
    assert "Villard" in read_page(commune="42330")
    assert "Lefèvre" not in read_page(commune="42330")
    assert "Lefèvre" in read_page(profession="10")
    assert "Villard" not in read_page(profession="10")
    assert "Laboratoire" in read_page(commune="42218")


def test_export_of_exactly_this(client, cpts, read_page):
    populate(cpts)
    read_page()
    response = client.get(reverse("adhesions_membres", args=[cpts.slug]), {"export": "csv", "commune": "42330"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Nom", "Profession", "Commune", "Membre depuis"],
        ["Villard Dominique", "infirmier", "Villars", "2023-01-09"],
    ]


def test_sorts(cpts, read_page):
    populate(cpts)
    text = read_page(tri="-nom")
    assert text.index("Villard Dominique") < text.index("Lefèvre Zoé")
    assert read_page(tri="commune")
    assert read_page(tri="profession")


def test_empty_page_says_what_it_is_for(read_page):
    assert "Aucun membre" in read_page()


def test_queries_do_not_grow_with_members(cpts, read_page):
    populate(cpts)
    read_page()
    with CaptureQueriesContext(connection) as few:
        read_page()
    populate(cpts, count=30)
    with CaptureQueriesContext(connection) as many:
        read_page()
    assert len(many) == len(few)


def test_others_find_nothing_there(client, cpts):
    other = make_cpts()
    enter(client, make_membre(other, Role.PRESIDENT).compte)
    assert client.get(reverse("adhesions_membres", args=[cpts.slug])).status_code == 404


def test_one_factor_is_not_enough(client, cpts):
    enter(client, make_membre(cpts, Role.COORDINATION).compte, fort=False)
    assert client.get(reverse("adhesions_membres", args=[cpts.slug])).status_code == 302


def test_a_structure_joins_takes_its_professionals_and_leaves(client, cpts):
    enter(client, make_membre(cpts, Role.SECRETARIAT).compte)
    structure = StructureFabrique(laboratoire=True)
    inside = ActiviteFabrique(structure=structure).professionnel
    admettre = reverse("adhesions_admettre", args=[cpts.slug])
    assert structure.nom in client.get(admettre, {"q": structure.nom}).content.decode()
    assert client.post(admettre, {"adherent": "s:pas-une-cle"}).status_code == 422
    with use_cpts(cpts.pk):
        assert client.post(admettre, {"adherent": f"s:{structure.pk}"}).status_code == 302
        adhesion = Adhesion.objects.get(structure=structure)
        page = reverse("adhesions_adhesion", args=[cpts.slug, adhesion.pk])
        assert str(inside) in client.get(page).content.decode()  # proposed: the directory places them there
        client.post(page + "professionnels/", {"adherent": f"p:{inside.pk}"})
        row = adhesion.rattachements.get()
        for act in ("representer", "detacher", "rerattacher"):
            client.post(f"{page}professionnels/{row.pk}/{act}/")
        row.refresh_from_db()
        assert (row.representant, row.jusqu_a) == (True, None)
        client.post(page + "college/", {"college": "partenaires"})
        client.post(page + "terminer/")
        adhesion.refresh_from_db()
        assert (adhesion.etat, adhesion.college) == ("terminee", "partenaires")
        client.post(page + "reprendre/")
        adhesion.refresh_from_db()
        assert (adhesion.etat, adhesion.fin) == ("active", None)
