"""Loading the national geography."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maillon.communaute.territoire.models import Commune, Departement, FichierCharge, Population, Region
from maillon.communaute.territoire.services import load_communes

pytestmark = pytest.mark.django_db


def test_everything_is_loaded():
    assert Commune.objects.count() == 35_014
    assert Commune.objects.filter(type="arrondissement_municipal").count() == 45
    assert (Departement.objects.count(), Region.objects.count()) == (109, 26)
    saint_etienne = Commune.objects.get(pk="42218")
    assert saint_etienne.nom_recherche == "saint etienne"
    assert saint_etienne.codes_postaux == ["42000", "42100", "42230"]
    assert (saint_etienne.departement, saint_etienne.region, saint_etienne.epci) == ("42", "84", "244200770")
    assert 79 < saint_etienne.superficie_km2 < 81
    assert Commune.objects.get(pk="69381").commune_parente_id == "69123"


def test_a_second_run_writes_nothing():
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert load_communes() is False
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE", "COPY", "CREATE"))]


def test_a_new_file_mends_what_differs_and_only_that():
    Commune.objects.filter(pk="42218").update(nom="Armeville")
    Population.objects.filter(commune="42218", millesime=2019).update(municipale=1)
    Population.objects.filter(commune="42218", millesime=2020).delete()
    Population.objects.create(commune_id="42218", millesime=1793, municipale=28_000)
    untouched = _ctid("42092")
    FichierCharge.objects.update(empreinte="autre")
    assert load_communes() is True
    assert Commune.objects.get(pk="42218").nom == "Saint-Étienne"
    populations = dict(Population.objects.filter(commune="42218").values_list("millesime", "municipale"))
    assert populations == {2019: 173_821, 2020: 174_082, 2021: 172_718, 2022: 172_569, 2023: 173_136}
    assert _ctid("42092") == untouched
    assert Commune.objects.count() == 35_014


def _ctid(code: str) -> str:
    """Where the row lies: it moves when the row is written again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text FROM territoire_commune WHERE code_insee = %s", [code])
        return cursor.fetchone()[0]
