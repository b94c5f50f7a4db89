"""Who acts in which community."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from fabriques.droits import make_cpts
from maillon.socle.contexte import Contexte, act_in, get_contexte, use_acteur, use_contexte, use_cpts
from maillon.socle.fichiers.models import Fichier


def make_fichier(cpts_id) -> Fichier:
    return Fichier.objects.create(
        cpts_id=cpts_id, nom="a.txt", type="text/plain", taille=1, empreinte="0" * 64, permission="fichiers.lire"
    )


@pytest.mark.django_db
def test_an_agent_acts_in_a_community_of_its_territory_and_is_itself_again_after() -> None:
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        make_fichier(cpts.pk)
    with use_contexte(Contexte(acteur="cpam", cpts_lues=frozenset({cpts.pk}))):
        assert not Fichier.objects.exists()
        with act_in(cpts.pk):
            assert Fichier.objects.count() == 1
            assert get_contexte().acteur == "cpam"
        assert not Fichier.objects.exists()
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            make_fichier(cpts.pk)


@pytest.mark.django_db
def test_an_agent_does_not_act_elsewhere() -> None:
    cpts, voisine = make_cpts(), make_cpts()
    with (
        use_contexte(Contexte(acteur="cpam", cpts_lues=frozenset({cpts.pk}))),
        pytest.raises(PermissionError),
        act_in(voisine.pk),
    ):
        pass


def read_acteur() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('maillon.acteur', true)")
        return cursor.fetchone()[0]


def fail_in_python() -> None:
    raise ZeroDivisionError


def fail_in_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.django_db
def test_whoever_acted_before_is_itself_again_when_the_other_fails() -> None:
    with use_contexte(Contexte(acteur="guichet")):
        with pytest.raises(ZeroDivisionError), use_acteur(acteur="robot", compte_id=None):
            fail_in_python()
        assert read_acteur() == get_contexte().acteur == "guichet"
        with pytest.raises(DatabaseError), transaction.atomic(), use_acteur(acteur="robot", compte_id=None):
            fail_in_database()
        assert read_acteur() == get_contexte().acteur == "guichet"


@pytest.mark.commits
@pytest.mark.parametrize("is_failing", [False, True])
def test_a_transaction_that_begins_inherits_nobody(is_failing: bool) -> None:
    """On the same connection, after one that named a community and ended, well or badly."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        make_fichier(cpts.pk)
    with suppress(RuntimeError), use_cpts(cpts.pk, acteur="membre"):
        assert Fichier.objects.count() == 1
        if is_failing:
            raise RuntimeError
    with use_contexte(Contexte()), connection.cursor() as cursor:
        assert not Fichier.objects.exists()
        names = ("cpts_id", "compte_id", "acteur", "cpts_lues", "cpts_regulees")
        for name in names:
            cursor.execute("SELECT current_setting(%s, true)", [f"maillon.{name}"])
            assert cursor.fetchone()[0] in ("", None), name
