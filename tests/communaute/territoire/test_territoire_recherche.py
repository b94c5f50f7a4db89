"""Finding communes and drawing them."""

import pytest
from django.db import connection

from maillon.communaute.recherche import filter_noms
from maillon.communaute.territoire.enums import Niveau
from maillon.communaute.territoire.fichiers import read_contours
from maillon.communaute.territoire.models import Commune
from maillon.communaute.territoire.selectors import get_zones, search_communes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("texte", "code"),
    [
        ("Saint-Étienne", "42218"),
        ("SAINT ETIENNE", "42218"),
        ("st etienne", "42218"),
        ("saint etiene", "42218"),
        ("l'étrat", "42092"),
        ("l’étrat", "42092"),
        ("ETRAT", "42092"),
        ("roche la moliere", "42189"),
        ("vaulx en vellin", "69256"),
        ("42100", "42218"),
        ("69381", "69381"),
        ("2A004", "2A004"),
        ("2a004", "2A004"),
    ],
)
def test_the_commune_meant_comes_first(texte: str, code: str):
    assert search_communes(texte)[0].code_insee == code


@pytest.mark.parametrize("texte", ["", "  ", "%", "'; --", "xqzwk", "99999"])
def test_nothing_is_found_without_a_name(texte: str):
    assert search_communes(texte) == []


def test_as_many_as_asked():
    assert len(search_communes("saint", limit=7)) == 7


def test_name_search_uses_its_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "commune_nom_trgm" in filter_noms(Commune.objects.all(), "saint etiene").explain()


def test_zones_of_communes_across_departements():
    zones = get_zones(["42218", "69381", "98412", "00000"])
    assert [(zone.id, zone.nom) for zone in zones] == [("42218", "Saint-Étienne"), ("69381", "Lyon 1er Arrondissement")]
    longitudes, latitudes = zip(*zones[0].rings[0], strict=True)
    assert 4.2 < min(longitudes) < max(longitudes) < 4.6
    assert 45.3 < min(latitudes) < max(latitudes) < 45.6


def test_zones_of_departements():
    zones = get_zones(["42", "69", "zz"], level=Niveau.DEPARTEMENT)
    assert [zone.nom for zone in zones] == ["Loire", "Rhône"]
    assert all(zone.rings for zone in zones)


def test_contours_cover_every_departement_with_areas():
    assert len(read_contours("departements")) == 101
    assert set(read_contours("69")) == set(Commune.objects.filter(departement="69").values_list("pk", flat=True))
    assert read_contours("987") == {}


def test_neighbours_share_their_boundary():
    loire = read_contours("42")
    points = {point for ring in loire["42218"] for point in ring}
    neighbour = {point for ring in loire["42237"] for point in ring}
    assert len(points & neighbour) >= 2
