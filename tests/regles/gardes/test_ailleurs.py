"""Duties of other rosters: they count in the weeks, months, week-ends and rows of a person, and take their time."""

import json

import pytest

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes import (
    Affectation,
    ProblemeContradictoire,
    check,
    list_obstacles,
    probleme_to_json,
    read_probleme,
    solve,
)
from regles.gardes.oracle import ailleurs, draw, find_best, personne, poste, probleme

LUN, MAR, MER, JEU, SAM, DIM = 0, 1, 2, 3, 5, 6  # of the week of Monday 4 January 2027


def codes(limites, ici, dehors) -> list[str]:
    """Faults of one person on duty here these days, and there those days."""
    postes = [poste(f"q{jour}", jour) for jour in ici]
    question = probleme([personne("p", limites=limites)], postes, ailleurs=[ailleurs("p", jour) for jour in dehors])
    return [faute.code for faute in check(question, [Affectation(q.cle, "p") for q in postes]).fautes]


CAS = [
    ({"semaine": 2}, (LUN,), (MER,), []),
    ({"semaine": 2}, (LUN,), (MER, SAM), ["semaine"]),
    ({"semaine": 2}, (LUN,), (-1, 7), []),  # the Sunday before, the Monday after
    ({"semaine": 1}, (), (MER, SAM), []),  # nothing held here: not a fault of this roster
    ({"mois": 2}, (LUN, 7), (-4,), []),  # Thursday 31 December
    ({"mois": 2}, (LUN, 7), (-3,), ["mois"]),  # Friday 1 January
    ({"periode": 1}, (LUN,), (MER, SAM), []),  # the period is that of this roster
    ({"consecutifs": 2}, (LUN,), (MAR, MER), ["consecutifs"]),
    ({"consecutifs": 2}, (LUN,), (MAR, JEU), []),
    ({"consecutifs": 1}, (LUN,), (-1,), ["consecutifs"]),
    ({"consecutifs": 1}, (LUN,), (7, 8), []),  # too long a row elsewhere is not of this roster
    ({"week_ends": 1}, (SAM,), (DIM,), []),  # the same week-end
    ({"week_ends": 1}, (SAM,), (DIM + 7,), ["week_ends"]),
    ({"week_ends": 1}, (26,), (33,), []),  # Saturday 30 January, Saturday 6 February
    ({"week_ends": 1}, (LUN,), (SAM, SAM + 7), []),
    ({"ecart_heures": 18}, (LUN,), (MAR,), []),
    ({"ecart_heures": 19}, (LUN,), (MAR,), ["ecart_heures"]),
    ({"ecart_heures": 19}, (MAR,), (LUN,), ["ecart_heures"]),
]


@pytest.mark.parametrize(("limites", "ici", "dehors", "attendues"), CAS)
def test_duties_of_other_rosters_count(limites, ici, dehors, attendues):
    meme_jour = [jour for jour in dehors if jour in ici]
    assert not meme_jour
    assert codes(limites, ici, dehors) == attendues


@pytest.mark.parametrize(("limites", "ici", "dehors", "attendues"), [cas for cas in CAS if cas[1]])
def test_the_solver_leaves_empty_what_the_checker_would_refuse(limites, ici, dehors, attendues):
    postes = [poste(f"q{jour}", jour) for jour in ici]
    question = probleme([personne("p", limites=limites)], postes, ailleurs=[ailleurs("p", jour) for jour in dehors])
    plan = solve(question)
    assert plan.prouve
    assert check(question, plan).fautes == ()
    assert (len(plan.affectations) < len(ici)) == bool(attendues)


def test_at_the_same_time_is_refused_even_without_a_gap():
    question = probleme([personne("p")], [poste("q", LUN)], ailleurs=[ailleurs("p", LUN, 19)])
    assert [faute.code for faute in check(question, [Affectation("q", "p")]).fautes] == ["ecart_heures"]
    touche = probleme([personne("p")], [poste("q", LUN)], ailleurs=[ailleurs("p", LUN, 20)])
    assert check(touche, [Affectation("q", "p")]).valide


@pytest.mark.parametrize("graine", range(12))
def test_nothing_is_better_than_the_plan_found_beside_other_rosters(graine):
    question = draw(300 + graine, personnes=3, postes=4, serre=True, dehors=True)
    assert question.ailleurs
    plan = solve(question, duree=20)
    assert plan.prouve
    assert check(question, plan).fautes == ()
    assert tuple(niveau.valeur for niveau in plan.niveaux) == find_best(question)


def test_what_forbids_a_duty_names_the_other_roster():
    qui = [personne("p", nom="Dr P", limites={"semaine": 2, "ecart_heures": 12})]
    dehors = [ailleurs("p", MER, tableau="SAS"), ailleurs("p", SAM)]
    question = probleme(qui, [poste("a", LUN), poste("b", MER, 8)], ailleurs=dehors)
    dits = [faute.raison.replace("\u00a0", " ") for faute in list_obstacles(question, [], "p", "a")]
    assert dits == [
        "Dr P ne tient pas plus de 2 gardes par semaine, et en aurait 3 la semaine du lundi 4 janvier 2027, dont 2 "
        "dans un autre tableau"
    ]
    assert list_obstacles(question, [], "p", "b")[0].raison.replace("\u00a0", " ") == (
        "Dr P a au moins 12 h entre deux gardes, et une autre garde l’occupe le mercredi 6 janvier 2027, "
        "14 h–20 h (« SAS »)"
    )


def test_reasons_that_contradict_name_the_other_rosters():
    qui = [personne("p", limites={"semaine": 1}), personne("r")]
    must = [poste("a", LUN, obligatoire=True)]
    with pytest.raises(ProblemeContradictoire) as erreur:
        solve(probleme(qui, must, ailleurs=[ailleurs("p", MER), ailleurs("r", LUN, 8, 10)]))
    assert sorted(raison.phrase.replace("\u00a0", " ") for raison in erreur.value.raisons) == [
        "la garde du lundi 4 janvier 2027, 14 h–20 h doit être tenue par 1 personne",
        "p ne tient pas plus d’une garde par semaine, gardes des autres tableaux comprises",
        "r ne tient pas deux gardes en même temps, et une autre garde l’occupe le lundi 4 janvier 2027, 8 h–18 h",
    ]


def test_they_are_written_and_read_and_must_name_somebody_of_the_roster():
    question = draw(301, personnes=3, postes=4, dehors=True)
    assert read_probleme(json.dumps(probleme_to_json(question))) == question
    with pytest.raises(SaisieInvalide, match="autre tableau"):
        probleme([personne("p")], [], ailleurs=[ailleurs("x", LUN)])
    with pytest.raises(SaisieInvalide, match="finit avant"):
        ailleurs("p", LUN, heures=-1)
