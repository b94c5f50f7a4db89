"""Paths that few problems take: no time, uneven loads, empty professions, bounds that do not fit, progress."""

from dataclasses import replace

import pytest

from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from maillon.regles.gardes import (
    Affectation,
    Genre,
    Indisponibilite,
    Objectif,
    Plan,
    Sens,
    Souhait,
    check,
    course,
    replan,
    solve,
)
from maillon.regles.gardes.flot import compute_borne
from maillon.regles.gardes.groupe import Groupe
from maillon.regles.gardes.recherche import Reponse
from regles.gardes.oracle import draw, find_best, instant, personne, poste, probleme


def values(plan):
    return tuple(niveau.valeur for niveau in plan.niveaux)


@pytest.mark.parametrize("graine", range(4))
def test_the_bound_changes_nothing_to_what_is_best(graine, monkeypatch):
    """Without counting bounds, the plain objectives one after the other give the same values."""
    question = draw(200 + graine, personnes=6, postes=10, serre=True)
    attendues = values(solve(question))
    monkeypatch.setattr(course, "compute_borne", lambda *a, **k: None)
    plan = solve(question)
    assert (plan.prouve, values(plan)) == (True, attendues)


@pytest.mark.parametrize("graine", range(8))
def test_the_bound_is_never_above_the_best(graine):
    question = draw(graine, personnes=3, postes=4, serre=True)
    borne = compute_borne(Groupe(question, "medecin"))
    couverture, equite, souhaits = find_best(question)
    assert (borne.valeurs[0], borne.valeurs[2], -borne.valeurs[3]) <= (couverture, equite, -souhaits)


def test_short_staff_is_solved_level_by_level():
    # Two people, one duty a week each, three duties a week: one is always missing, which no flow can know.
    qui = [personne(cle, limites={"semaine": 1}) for cle in "pr"]
    postes = [poste(f"q{n}", 7 * (n // 3) + 2 * (n % 3)) for n in range(9)]
    envies = [Souhait(personne="p", sens=Sens.PREFERE, poids=2, jour_semaine=3)]
    question = probleme(qui, postes, souhaits=envies)
    plan = solve(question)
    # Six duties, three each: 2 × 1000 × (9 + 9); p has each Wednesday.
    assert (plan.prouve, values(plan)) == (True, (3, 36_000, 6))
    inegale = replace(question, postes=(replace(postes[0], importance=2), *postes[1:]))
    assert values(solve(inegale)) == (3, 36_000, 6)


def test_fairness_above_the_bound_is_found_and_proven():
    # The flow would give two duties to each; the gap leaves p only one of the first three days.
    qui = [personne("p", limites={"ecart_heures": 90}), personne("r")]
    postes = [poste(f"q{n}", n) for n in range(4)]
    absence = Indisponibilite(personne="p", debut=instant(3), fin=instant(4))
    question = probleme(qui, postes, indisponibilites=[absence])
    plan = solve(question)
    assert plan.prouve
    assert values(plan) == find_best(question)
    assert values(plan) == (0, 2 * 1000 * (1 + 9), 0)


def test_loads_that_differ_are_shared_too():
    postes = [poste("a", 0, charge=3), poste("b", 1, charge=1), poste("c", 2, charge=1), poste("d", 3, charge=1)]
    plan = solve(probleme([personne("p"), personne("r")], postes))
    # Three against three: the long duty to one, the others to the other.
    assert (plan.prouve, values(plan)) == (True, (0, 4 * 1000 * 9, 0))
    assert sorted(bilan.gardes for bilan in plan.bilans if bilan.genre is None) == [1, 3]
    assert all(bilan.ecart == 0 for bilan in plan.bilans)


def test_professions_are_solved_apart_and_added_up():
    qui = [personne("p"), personne("i", profession="infirmier")]
    postes = [poste("a", 0), poste("b", 0, profession="infirmier"), poste("k", 0, profession="kine", importance=5)]
    autre = Souhait(personne="p", sens=Sens.PREFERE, poste="b")
    plan = solve(probleme(qui, postes, souhaits=[autre], fixees=[Affectation("b", "i")]))
    assert plan.affectations == (Affectation("a", "p"), Affectation("b", "i"))
    assert (plan.prouve, values(plan)) == (True, (5, 4000, 0))
    assert solve(probleme([], [])).niveaux == ()
    assert solve(probleme(qui, [])).prouve


def test_newcomers_do_not_catch_up_and_credits_even_out():
    anciens = [personne("a", credits={Genre.SEMAINE: 6}), personne("b", credits={Genre.SEMAINE: 8})]
    postes = [poste(f"q{n}", 7 * n) for n in range(4)]
    plan = solve(probleme([*anciens, personne("n")], postes))
    gardes = {bilan.personne: bilan.gardes for bilan in plan.bilans if bilan.genre is None}
    # The newcomer is credited 7: 25 in all, 8 or 9 each.
    assert (gardes["a"] + 6, gardes["b"] + 8, gardes["n"] + 7) in {(8, 8, 9), (8, 9, 8), (9, 8, 8)}
    bilan = next(b for b in plan.bilans if b.personne == "n" and b.genre is None)
    assert (bilan.credit, str(bilan.part)) == (7, "8.33")


def test_the_same_question_has_the_same_answer():
    question = draw(12, personnes=8, postes=14, serre=True)
    assert solve(question) == solve(question)
    assert values(solve(question, depart=solve(question).affectations)) == values(solve(question))


def test_progress_is_told():
    etapes = []
    solve(draw(2, personnes=6, postes=12, serre=True, meles=True), avance=etapes.append)
    assert {etape.objectif for etape in etapes} >= {Objectif.COUVERTURE, Objectif.EQUITE}
    assert all(0 <= etape.part <= 1 and etape.profession == "medecin" for etape in etapes)
    assert any(etape.valeur is not None for etape in etapes)


def stop_after(nombre, monkeypatch):
    """A search that finds nothing more after so many questions, as when the time is over."""
    vraie, faites = course.search, []

    def search(modele, but, **reste):
        faites.append(but)
        if len(faites) > nombre:
            return Reponse(None, 0, 0, False, 0.1)
        return vraie(modele, but, **reste)

    monkeypatch.setattr(course, "search", search)


def test_out_of_time_the_plan_says_what_is_not_proven(monkeypatch):
    question = draw(5, personnes=4, postes=6, serre=True)
    monkeypatch.setattr(course, "compute_borne", lambda *a, **k: None)
    stop_after(1, monkeypatch)
    plan = solve(question)
    assert check(question, plan).fautes == ()
    assert [niveau.prouve for niveau in plan.niveaux] == [True, False, False]
    assert plan.niveau(Objectif.EQUITE).borne < plan.niveau(Objectif.EQUITE).valeur
    assert plan.niveau(Objectif.SOUHAITS).borne > plan.niveau(Objectif.SOUHAITS).valeur
    assert not plan.prouve


def test_out_of_time_when_somebody_drops_out(monkeypatch):
    question = draw(5, personnes=4, postes=6, serre=True)
    plan = solve(question)
    monkeypatch.setattr(course, "compute_borne", lambda *a, **k: None)
    stop_after(1, monkeypatch)
    apres = replan(question, plan, [Indisponibilite(personne="p0")])
    assert apres.niveau(Objectif.CHANGEMENTS).borne == 0


def test_out_of_time_before_any_plan_it_is_said(monkeypatch):
    stop_after(0, monkeypatch)
    with pytest.raises(ErreurRegle, match="donnez plus de temps"):
        solve(draw(5, personnes=4, postes=6))


def test_searching_at_the_bound_gives_way_when_time_runs(monkeypatch):
    """Nothing found straight at the bound, then nothing with its prices: the plain model still answers."""
    question = draw(0, personnes=6, postes=10, serre=True)
    attendues = values(solve(question))
    vraie = course.search

    def search(modele, but, **reste):
        if modele.marge.nombres is not None:
            return Reponse(None, 0, 0, False, 0.1)
        return vraie(modele, but, **reste)

    monkeypatch.setattr(course, "search", search)
    plan = solve(question)
    assert (plan.prouve, values(plan)) == (True, attendues)


def test_costs_that_would_not_fit_are_left_to_the_plain_model_or_refused():
    qui = [personne("p", credits={Genre.SEMAINE: 20_000}), personne("r", quotite=1)]
    postes = [poste(f"q{n}", n, charge=10_000, importance=1000) for n in range(4)]
    envies = [Souhait(personne="p", sens=Sens.PREFERE, poids=1000, jour_semaine=1)]
    question = probleme(qui, postes, souhaits=envies)
    assert compute_borne(Groupe(question, "medecin")) is None
    assert check(question, solve(question)).valide
    with pytest.raises(SaisieInvalide, match="trop grands"):
        solve(probleme([personne(f"p{n}", quotite=1, credits={Genre.SEMAINE: 1_000_000}) for n in range(3)], postes))


def test_the_former_plan_must_be_of_the_same_problem():
    question = draw(1, personnes=3, postes=4)
    with pytest.raises(SaisieInvalide, match="ancien plan"):
        replan(question, Plan(affectations=(Affectation("x", "p0"),), niveaux=()), [])
    with pytest.raises(SaisieInvalide, match="de départ"):
        solve(question, depart=[Affectation("q0", "x")])


def test_what_the_absent_were_fixed_on_is_freed():
    qui = [personne("p"), personne("r")]
    fixees = [Affectation("a", "p"), Affectation("b", "p")]
    question = probleme(qui, [poste("a", 0), poste("b", 7)], fixees=fixees)
    plan = solve(question)
    apres = replan(question, plan, [Indisponibilite(personne="p", debut=instant(7))])
    assert apres.affectations == (Affectation("a", "p"), Affectation("b", "r"))
    assert apres.niveau(Objectif.CHANGEMENTS).valeur == 1
