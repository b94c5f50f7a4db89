"""The race by the pages: people with a session, a token and a connection of their own, two web processes, one slot a
round. `./dev bench course` does the same with two hundred people and a thousand rounds."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from bases import Base
from fabriques.rivaux import (
    drop_guards,
    make_demandeurs,
    read_constat,
    run_course,
)
from fabriques.soins import make_creneau, make_pro, make_soins
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from serveurs import Serveur, serve

TOURS, RIVAUX = 12, 16


@pytest.fixture
def terrain(clone_base: Base):
    """A slot a round, of two professionals in turn; committed."""
    soins = make_soins()
    with use_cpts(soins.cpts.pk):
        pros, debut = [make_pro(soins), make_pro(soins)], horloge.now() + timedelta(days=1)
        creneaux: list[UUID] = [
            make_creneau(soins, pros[tour % 2], debut=debut + tour * timedelta(minutes=20)).pk for tour in range(TOURS)
        ]
    return soins, creneaux


def test_one_has_the_slot_and_the_others_read_a_clean_409(terrain, clone_base: Base, serveur: Serveur) -> None:
    soins, creneaux = terrain
    before = read_constat(clone_base.url_proprietaire, creneaux)
    bilan = run_course(make_demandeurs(soins.cpts, serveur.port, RIVAUX), creneaux)
    assert bilan.tours == [Counter(donne=1, pris=RIVAUX - 1)] * TOURS
    after = read_constat(clone_base.url_proprietaire, creneaux)
    assert (after.vivants, after.doubles, after.reserves) == (TOURS, 0, TOURS)
    assert after.patients - before.patients == TOURS, "nobody was entered for nothing"
    assert after.interblocages == before.interblocages


def test_control_without_lock_nor_constraint_a_slot_is_given_twice(terrain, clone_base: Base, tmp_path) -> None:
    soins, creneaux = terrain
    drop_guards(clone_base.url_proprietaire)
    with serve(clone_base.environnement, tmp_path) as serveur:
        bilan = run_course(make_demandeurs(soins.cpts, serveur.port, 6), creneaux[:4])
    assert bilan.mauvais, "the same check sees it"
    assert read_constat(clone_base.url_proprietaire, creneaux).doubles > 0
