"""The optimum: proven on fifty problems, equal to the best of all plans on small ones, whatever path finds it."""

import pytest

from maillon.regles.gardes import (
    Indisponibilite,
    Objectif,
    check,
    replan,
    solve,
    withdraw,
)
from regles.gardes.oracle import draw, find_best, iter_plans

UN, DEUX = Objectif.COUVERTURE, Objectif.EQUITE


def values(plan):
    return tuple(plan.niveau(objectif).valeur for objectif in (UN, DEUX, Objectif.SOUHAITS))


@pytest.mark.parametrize("graine", range(50))
def test_fifty_problems_are_solved_to_the_proven_optimum_and_the_checker_agrees(graine):
    question = draw(graine, personnes=10, postes=21, serre=graine % 2 == 1)
    plan = solve(question, duree=20)
    assert plan.prouve
    assert check(question, plan).fautes == ()


@pytest.mark.parametrize("graine", range(16))
def test_nothing_is_better_than_the_plan_found(graine):
    question = draw(graine, personnes=3, postes=4, meles=graine % 4 == 0, serre=graine % 2 == 1)
    plan = solve(question, duree=20)
    assert plan.prouve
    assert check(question, plan).fautes == ()
    assert values(plan) == find_best(question)


@pytest.mark.parametrize("graine", range(6))
def test_when_somebody_drops_out_as_little_changes_as_can_be(graine):
    question = draw(100 + graine, personnes=3, postes=4)
    plan = solve(question, duree=20)
    absents = [Indisponibilite(personne="p0")]
    apres = replan(question, plan, absents, duree=20)
    avant = {a for a in plan.affectations if a.personne != "p0"}
    meilleur = min(
        (v.couverture, len(avant ^ affectations), v.equite, -v.souhaits)
        for affectations, v in iter_plans(withdraw(question, absents))
    )
    assert apres.prouve
    assert check(withdraw(question, absents), apres).fautes == ()
    assert tuple(n.valeur for n in apres.niveaux) == (*meilleur[:3], -meilleur[3])
