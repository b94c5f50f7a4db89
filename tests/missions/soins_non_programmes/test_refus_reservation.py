"""A slot that is not taken: who comes too late, or clicks again, keeps nobody waiting and loses nothing."""

import pytest
from django.db import connection, transaction

from fabriques.droits import make_acteur, make_membre
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatCreneau, Origine
from maillon.missions.soins_non_programmes.models import Creneau, CreneauPris, RendezVous
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def soins():
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        yield soins


@pytest.fixture
def creneau(soins):
    return make_creneau(soins, make_pro(soins))


def hold(creneau, by, cle: str) -> RendezVous:
    return services.hold(creneau_id=creneau.pk, by=by, cle_depot=cle, origine=Origine.GUICHET)


def count_verrous() -> int:
    """The advisory locks that this transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return cursor.fetchone()[0]


def test_who_comes_too_late_keeps_nobody_waiting(soins, creneau) -> None:
    """The page of the next slots is written in the transaction that was refused, without the professional's lock."""
    assert count_verrous() == 0
    with transaction.atomic():
        hold(creneau, soins.acteur, "a")
        assert count_verrous() == 2, "the professional's time and the rank of the hold, until the end"
        transaction.set_rollback(True)
    Creneau.objects.filter(pk=creneau.pk).update(etat=EtatCreneau.RESERVE)
    with pytest.raises(CreneauPris):
        hold(creneau, soins.acteur, "b")
    assert count_verrous() == 0


def test_ones_own_hold_is_found_again_by_another_key(soins, creneau) -> None:
    tenu = hold(creneau, soins.acteur, "a")
    assert hold(creneau, soins.acteur, "b") == tenu
    collegue = make_acteur(make_membre(soins.cpts, Role.SECRETARIAT))
    with pytest.raises(CreneauPris):
        hold(creneau, collegue, "c")
    assert RendezVous.objects.count() == 1
