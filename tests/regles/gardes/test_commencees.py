"""What has begun is a fact: it binds what comes, and nothing has to be satisfied by it."""

import json

import pytest

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes import (
    Affectation,
    Indisponibilite,
    Objectif,
    Plan,
    ProblemeContradictoire,
    check,
    probleme_to_json,
    read_probleme,
    replan,
    solve,
    withdraw,
)
from regles.gardes.oracle import ailleurs, draw, find_best, instant, personne, poste, probleme

LUN, MAR, MER, JEU, VEN, SAM, DIM = range(7)


def hold(*paires: str) -> set[Affectation]:
    return {Affectation(*paire.split()) for paire in paires}


@pytest.mark.parametrize(
    ("limites", "postes"),
    [
        ({"semaine": 1}, [poste("a", LUN), poste("b", MER)]),
        ({"mois": 1}, [poste("a", LUN), poste("b", MER)]),
        ({"periode": 1}, [poste("a", LUN), poste("b", MER)]),
        ({"ecart_heures": 24}, [poste("a", LUN, 8), poste("b", LUN, 20)]),
        ({"consecutifs": 1}, [poste("a", LUN), poste("b", MAR)]),
        ({"week_ends": 0}, [poste("a", SAM), poste("b", DIM)]),
    ],
)
def test_duties_begun_beyond_a_limit_stay_and_nothing_is_added_to_them(limites, postes):
    """The third duty is for the other person; the control, where the two are only fixed, has no plan."""
    qui = [personne("p", limites=limites), personne("r")]
    suite = poste("c", DIM if "week_ends" not in limites else VEN)
    if limites == {"ecart_heures": 24}:
        suite = poste("c", MAR)
    if limites == {"consecutifs": 1}:
        suite = poste("c", MER)
    faits = hold("a p", "b p")
    question = probleme(qui, [*postes, suite], commencees=faits)
    plan = solve(question, duree=10)
    if "week_ends" in limites:
        assert faits < set(plan.affectations)
    else:
        assert set(plan.affectations) == faits | hold("c r")
    assert plan.prouve
    assert check(question, plan).fautes == ()
    with pytest.raises(ProblemeContradictoire):
        solve(probleme(qui, [*postes, suite], fixees=faits), duree=10)


def test_who_falls_ill_during_a_duty_keeps_what_has_begun():
    qui = [personne("p"), personne("r")]
    postes = [poste("a", LUN), poste("b", MER)]
    question = probleme(qui, postes, commencees=hold("a p"), ailleurs=[ailleurs("p", LUN)], interdites=hold("a p"))
    absents = [Indisponibilite(personne="p", debut=instant(LUN))]
    plan = replan(question, Plan(affectations=tuple(hold("a p", "b p")), niveaux=()), absents, duree=10)
    assert set(plan.affectations) == hold("a p", "b r")
    assert check(withdraw(question, absents), plan).fautes == ()


def test_a_plan_that_forgets_what_has_begun_is_at_fault():
    question = probleme([personne("p")], [poste("a", LUN)], commencees=hold("a p"))
    (faute,) = check(question, []).fautes
    assert faute.phrase.replace("\u00a0", " ") == "p doit garder la garde du lundi 4 janvier 2027, 14 h–20 h, commencée"


def test_a_duty_more_than_those_begun_is_at_fault():
    qui = [personne("p", limites={"semaine": 1})]
    postes = [poste("a", LUN), poste("b", MER), poste("c", VEN)]
    question = probleme(qui, postes, commencees=hold("a p", "b p"))
    assert check(question, hold("a p", "b p")).fautes == ()
    assert [faute.code for faute in check(question, hold("a p", "b p", "c p")).fautes] == ["semaine"]


def test_reasons_that_contradict_never_accuse_what_has_begun():
    qui = [personne("p", limites={"semaine": 1})]
    postes = [poste("a", LUN), poste("b", MER), poste("c", VEN, obligatoire=True)]
    absences = [Indisponibilite(personne="p", fin=instant(JEU))]
    with pytest.raises(ProblemeContradictoire) as erreur:
        solve(probleme(qui, postes, commencees=hold("a p", "b p"), indisponibilites=absences), duree=10)
    assert sorted(raison.code for raison in erreur.value.raisons) == ["besoin", "semaine"]


def test_a_wish_that_an_exchange_grants_is_explained_in_spite_of_what_has_begun():
    qui = [personne("p", limites={"semaine": 1}), personne("r")]
    postes = [poste("a", LUN), poste("b", MER), poste("c", 8)]
    question = probleme(qui, postes, commencees=hold("a p", "b p"))
    assert set(solve(question, duree=10).affectations) == hold("a p", "b p", "c r")


@pytest.mark.parametrize("graine", range(12))
def test_nothing_is_better_than_the_plan_found_after_what_has_begun(graine):
    """Two people hold the first two shifts, whatever the rules say."""
    question = draw(500 + graine, personnes=3, postes=4, serre=True, dehors=graine % 2 == 1)
    faits = {Affectation(question.postes[0].cle, "p0"), Affectation(question.postes[1].cle, "p0")}
    question = probleme(
        question.personnes, question.postes, indisponibilites=question.indisponibilites, souhaits=question.souhaits,
        ailleurs=question.ailleurs, interdites=question.interdites, commencees=faits,
    )  # fmt: skip
    plan = solve(question, duree=20)
    assert plan.prouve
    assert check(question, plan).fautes == ()
    assert tuple(
        plan.niveau(objectif).valeur for objectif in (Objectif.COUVERTURE, Objectif.EQUITE, Objectif.SOUHAITS)
    ) == find_best(question)


def test_what_has_begun_is_written_and_read():
    question = probleme([personne("p")], [poste("a", LUN)], commencees=hold("a p"))
    assert read_probleme(json.dumps(probleme_to_json(question))).commencees == question.commencees


def test_what_has_begun_with_too_many_people_is_refused():
    with pytest.raises(SaisieInvalide, match="commenc"):
        probleme([personne("p"), personne("r")], [poste("a", LUN)], commencees=hold("a p", "a r"))
