"""The dated territory of a community."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from fabriques.droits import make_cpts
from fabriques.territoire import GRAND_SAINT_ETIENNE, make_territoire
from maillon.communaute.territoire.models import Territoire, TerritoireCommune
from maillon.communaute.territoire.selectors import CompositionRefusee, get_codes_by_cpts, get_territoire
from maillon.communaute.territoire.services import define_territoire
from maillon.socle.contexte import Contexte, use_contexte, use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpts():
    return make_cpts()


def test_territory_at_a_date(cpts, django_assert_num_queries):
    with use_cpts(cpts.pk):
        make_territoire(cpts)
        with django_assert_num_queries(2):
            territoire = get_territoire(cpts.pk, on=date(2024, 1, 1))
            assert {commune.pk for commune in territoire.communes.all()} == set(GRAND_SAINT_ETIENNE)
        assert get_territoire(cpts.pk, on=date(2023, 1, 1)) is None
        assert Entree.objects.get(evenement="territoire.defini").details == {"communes": 11, "debut": "2023-11-08"}


def test_a_new_territory_ends_the_one_before(cpts):
    with use_cpts(cpts.pk):
        before = make_territoire(cpts, "42218", start=date(2020, 1, 1))
        after = make_territoire(cpts, "42218", "42330", start=date(2022, 7, 1))
        assert get_territoire(cpts.pk, on=date(2022, 6, 30)) == before
        assert get_territoire(cpts.pk, on=date(2022, 7, 1)) == after
        with pytest.raises(CompositionRefusee, match="commence déjà"):
            make_territoire(cpts, "42218", start=date(2022, 7, 1))
        assert Territoire.objects.filter(cpts=cpts).count() == 2


def test_wrong_codes_write_nothing(cpts):
    with use_cpts(cpts.pk):
        make_territoire(cpts, "42218", start=date(2020, 1, 1))
        with pytest.raises(CompositionRefusee):
            define_territoire(cpts_id=cpts.pk, codes=["69123", "69381"], start=date(2022, 1, 1), by=SYSTEME)
        assert get_territoire(cpts.pk, on=date(2024, 1, 1)).periode.upper is None


def test_database_refuses_two_territories_at_one_date(cpts):
    with use_cpts(cpts.pk):
        Territoire.objects.create(cpts=cpts, periode=(date(2020, 1, 1), date(2021, 1, 1)))
        Territoire.objects.create(cpts=cpts, periode=(date(2021, 1, 1), None))
        with pytest.raises(IntegrityError, match="territoire_un_seul_a_une_date"), transaction.atomic():
            Territoire.objects.create(cpts=cpts, periode=(date(2020, 12, 31), date(2021, 1, 1)))


def test_database_refuses_a_commune_twice(cpts):
    with use_cpts(cpts.pk):
        territoire = make_territoire(cpts, "42218")
        with pytest.raises(IntegrityError, match="territoire_commune_unique"), transaction.atomic():
            TerritoireCommune.objects.create(cpts=cpts, territoire=territoire, commune_id="42218")


def test_everybody_reads_the_composition_and_only_the_community_writes_it(cpts):
    with use_cpts(cpts.pk):
        territoire = make_territoire(cpts, "42218", "42330")
    with use_contexte(Contexte(acteur="public")):
        assert get_codes_by_cpts([cpts.pk], on=date(2024, 1, 1)) == {cpts.pk: ["42218", "42330"]}
        assert [c.nom for c in get_territoire(cpts.pk, on=date(2024, 1, 1)).communes.all()] == [
            "Saint-Étienne",
            "Villars",
        ]
    with use_cpts(make_cpts().pk):
        assert Territoire.objects.filter(pk=territoire.pk).update(periode=(date(2000, 1, 1), None)) == 0
        assert TerritoireCommune.objects.filter(territoire=territoire).delete()[0] == 0
