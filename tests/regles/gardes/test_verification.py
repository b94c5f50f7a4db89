"""The checker: each rule goes red alone, and properties of any plan."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes import (
    Affectation,
    Genre,
    Indisponibilite,
    Niveau,
    Objectif,
    Sens,
    Souhait,
    check,
    list_obstacles,
    solve,
)
from regles.gardes.oracle import draw, instant, personne, poste, probleme

LUN, MAR, MER, SAM, DIM = 0, 1, 2, 5, 6


def codes(personnes, postes, affectations, **faits) -> list[str]:
    question = probleme(personnes, postes, **faits)
    return [faute.code for faute in check(question, [Affectation(q, p) for q, p in affectations]).fautes]


def hold(limites, *jours, heures=6, debut=14) -> list[str]:
    """One person on posts of these days."""
    postes = [poste(f"q{jour}", jour, debut, heures) for jour in jours]
    return codes([personne("p", limites=limites)], postes, [(q.cle, "p") for q in postes])


@pytest.mark.parametrize(
    ("limites", "jours", "attendues"),
    [
        ({"semaine": 2}, (LUN, MER, SAM), ["semaine"]),
        ({"semaine": 2}, (LUN, MER, LUN + 7), []),
        ({"semaine": 1}, (DIM, LUN + 7), []),
        ({"mois": 2}, (LUN, MER, SAM), ["mois"]),
        ({"mois": 2}, (LUN, MER, 28), []),  # 4 January + 28 is 1 February
        ({"periode": 2}, (LUN, MER, 40), ["periode"]),
        ({"consecutifs": 2}, (LUN, MAR, MER), ["consecutifs"]),
        ({"consecutifs": 2}, (LUN, MAR, MER + 1), []),
        ({"consecutifs": 1}, (LUN, MAR, SAM, DIM), ["consecutifs", "consecutifs"]),
        ({"week_ends": 1}, (SAM, DIM), []),
        ({"week_ends": 1}, (SAM, DIM + 7), ["week_ends"]),
        ({"week_ends": 1}, (26, 27, 33), []),  # Saturday 30 January with Sunday 31, then Saturday 6 February
        ({"ecart_heures": 18}, (LUN, MAR), []),
        ({"ecart_heures": 19}, (LUN, MAR), ["ecart_heures"]),
        ({}, (LUN, MAR, MER, SAM, DIM), []),
    ],
)
def test_limits_of_a_person(limites, jours, attendues):
    assert hold(limites, *jours) == attendues


def test_duties_may_touch_but_not_overlap():
    matin, midi, soir = poste("a", 0, 8, 6), poste("b", 0, 13, 2), poste("c", 0, 14, 6)
    assert codes([personne("p")], [matin, soir], [("a", "p"), ("c", "p")]) == []
    assert codes([personne("p")], [matin, midi], [("a", "p"), ("b", "p")]) == ["ecart_heures"]


def test_gaps_are_true_hours_on_the_day_when_clocks_change():
    # From Sunday 28 March 2027 2:00 to 3:00 the clocks jump: 20:00 to 8:00 is eleven hours.
    veille, matin = poste("v", 82, 14, 6), poste("m", 83, 8, 6)
    qui = [personne("p", limites={"ecart_heures": 12})]
    assert codes(qui, [veille, matin], [("v", "p"), ("m", "p")]) == ["ecart_heures"]


def test_leave_profession_fixed_forbidden_and_needs():
    qui, quoi = [personne("p"), personne("r"), personne("i", profession="infirmier")], [poste("q", 0)]
    absence = Indisponibilite(personne="p", debut=instant(0, 19), fin=instant(0, 23))
    assert codes(qui, quoi, [("q", "p")], indisponibilites=[absence]) == ["indisponible"]
    apres = Indisponibilite(personne="p", debut=instant(0, 20))
    assert codes(qui, quoi, [("q", "p")], indisponibilites=[apres]) == []
    assert codes(qui, quoi, [("q", "p")], indisponibilites=[Indisponibilite(personne="p", fin=instant(0, 14))]) == []
    assert codes(qui, quoi, [("q", "i")]) == ["profession"]
    assert codes(qui, quoi, [("q", "p"), ("q", "r")]) == ["besoin"]
    assert codes(qui, quoi, [("q", "r")], interdites=[Affectation("q", "r")]) == ["interdite"]
    assert codes(qui, quoi, [("q", "r")], interdites=[Affectation("q", "p")]) == []
    assert codes(qui, quoi, [("q", "r")], fixees=[Affectation("q", "p")]) == ["fixee"]
    assert codes(qui, [replace(quoi[0], obligatoire=True)], []) == ["obligatoire"]


def test_the_objectives_are_counted_by_hand():
    qui = [
        personne("p", quotite=50, credits={Genre.SAMEDI: 1}),
        personne("r", credits={}),
    ]
    quoi = [poste("a", LUN, importance=3, besoin=2), poste("b", SAM, charge=2)]
    souhaits = [
        Souhait(personne="p", sens=Sens.PREFERE, poids=3, jour_semaine=6),
        Souhait(personne="p", sens=Sens.EVITE, poids=2, poste="a"),
        Souhait(personne="r", sens=Sens.EVITE, poids=9, poste="b"),
    ]
    question = probleme(qui, quoi, souhaits=souhaits)
    verification = check(question, [Affectation("a", "p"), Affectation("b", "p")])
    assert (verification.couverture, verification.manques) == (3, (("a", 1),))
    # p, at half time: 1 in the week, 1 + 2 on Saturdays, 4 in all: 2000 × (1 + 9 + 16). r holds nothing.
    assert verification.equite == 2000 * 26
    assert verification.souhaits == 3 - 2


def test_a_plan_that_lies_about_itself_is_caught():
    question = draw(3, personnes=3, postes=4)
    plan = solve(question)
    assert check(question, plan).valide
    faux = replace(plan, niveaux=(Niveau(Objectif.COUVERTURE, 99, 99), *plan.niveaux[1:]))
    assert [faute.code for faute in check(question, faux).fautes] == ["valeur"]


def test_unknown_people_and_pairs_given_twice_are_refused():
    question = probleme([personne("p")], [poste("q", 0)])
    for affectations in ([Affectation("q", "x")], [Affectation("x", "p")], [Affectation("q", "p")] * 2):
        with pytest.raises(SaisieInvalide):
            check(question, affectations)


def test_what_forbids_a_duty_beside_those_held():
    qui = [personne("p", nom="Dr P", limites={"semaine": 1})]
    question = probleme(qui, [poste("a", LUN), poste("b", MER), poste("c", LUN + 7)])
    tenues = [Affectation("a", "p")]
    (obstacle,) = list_obstacles(question, tenues, "p", "b")
    assert obstacle.phrase.replace("\u00a0", " ") == (
        "Dr P ne tient pas plus d’une garde par semaine, et en aurait 2 la semaine du lundi 4 janvier 2027"
    )
    assert list_obstacles(question, tenues, "p", "c") == ()
    assert list_obstacles(question, tenues, "p", "a") == ()


@st.composite
def plans(tirage):
    """A small problem and any set of assignments."""
    question = draw(tirage(st.integers(0, 500)), personnes=4, postes=6, meles=True, serre=True)
    paires = [Affectation(q.cle, p.cle) for q in question.postes for p in question.personnes]
    return question, tirage(st.lists(st.sampled_from(paires), unique=True, max_size=10))


@settings(max_examples=30)
@given(plans())
def test_taking_a_duty_away_never_breaks_a_limit_and_order_is_nothing(tire):
    question, affectations = tire
    avant = check(question, affectations)
    assert check(question, affectations[::-1]).fautes == avant.fautes
    for rang in range(len(affectations)):
        reste = affectations[:rang] + affectations[rang + 1 :]
        apres = check(question, reste)
        assert {faute.code for faute in apres.fautes} <= {faute.code for faute in avant.fautes}
        assert apres.couverture >= avant.couverture


@settings(max_examples=30)
@given(plans())
def test_no_obstacle_means_no_new_fault(tire):
    question, affectations = tire
    for ajoutee in affectations:
        reste = [a for a in affectations if a != ajoutee]
        obstacles = list_obstacles(question, reste, ajoutee.personne, ajoutee.poste)
        propres = {f for f in check(question, affectations).fautes if ajoutee.personne in f.personnes}
        anciennes = {f for f in check(question, reste).fautes if ajoutee.personne in f.personnes}
        assert set(obstacles) == propres - anciennes
