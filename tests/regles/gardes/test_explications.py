"""Why nobody on a post, and why not this wish: what forbids it, or what granting it would cost."""

from dataclasses import replace

from maillon.regles.gardes import (
    Affectation,
    Indisponibilite,
    Plan,
    Raison,
    Sens,
    Souhait,
    check,
    explain,
    price_souhait,
    solve,
)
from maillon.regles.gardes.explications import say_cout
from regles.gardes.oracle import draw, instant, personne, poste, probleme


def sentence(refus) -> str:
    return refus.raison.replace("\u00a0", " ")


def look(question, *paires):
    """What is said of assignments made by hand."""
    return explain(question, Plan(affectations=tuple(Affectation(q, p) for q, p in paires), niveaux=()))


def test_each_person_not_on_an_empty_post_has_a_reason():
    qui = [personne("p", limites={"semaine": 1}), personne("r"), personne("s"), personne("i", profession="infirmier")]
    question = probleme(qui, [poste("a", 0), poste("b", 2, besoin=2)], indisponibilites=[Indisponibilite(personne="r")])
    (manque,) = look(question, ("a", "p"), ("b", "s")).manques
    assert (manque.poste, manque.nombre) == ("b", 1)
    assert [(r.personne, r.code, r.phrase.replace("\u00a0", " ")) for r in manque.raisons] == [
        (
            "p",
            "semaine",
            "p ne tient pas plus d’une garde par semaine, et en aurait 2 la semaine du lundi 4 janvier 2027.",
        ),
        ("r", "indisponible", "r est indisponible tout le temps."),
    ]
    libre = look(question, ("a", "p")).manques[0].raisons[2]
    assert libre == Raison("possible", "s pourrait prendre cette garde.", "s", "b")


def test_a_wish_that_a_rule_forbids():
    postes = [poste("a", 0), poste("b", 2)]
    souhaits = [
        Souhait(personne="p", sens=Sens.PREFERE, poste="a"),
        Souhait(personne="p", sens=Sens.PREFERE, poste="b"),
        Souhait(personne="p", sens=Sens.PREFERE, jour_semaine=5),
        Souhait(personne="r", sens=Sens.EVITE, poste="b"),
        Souhait(personne="i", sens=Sens.PREFERE, poste="b"),
    ]
    question = probleme(
        [personne("p"), personne("r"), personne("i", profession="infirmier")],
        postes,
        souhaits=souhaits,
        fixees=[Affectation("b", "r")],
        indisponibilites=[Indisponibilite(personne="p", debut=instant(0), fin=instant(1))],
    )
    refus = look(question, ("b", "r")).refus
    assert not any(r.possible for r in refus)
    assert [sentence(r) for r in refus] == [
        "p est indisponible le lundi 4 janvier 2027.",
        "La garde du mercredi 6 janvier 2027, 14 h–20 h est déjà publiée avec d’autres.",
        "Aucune garde de sa profession ne correspond à ce souhait.",
        "La garde du mercredi 6 janvier 2027, 14 h–20 h est déjà publiée ainsi.",
        "Aucune garde de sa profession ne correspond à ce souhait.",
    ]


def test_what_granting_a_wish_would_cost():
    un = Souhait(personne="p", sens=Sens.EVITE, poids=2, poste="a")
    question = probleme([personne("p"), personne("r", nom="Dr R")], [poste("a", 0), poste("b", 2)], souhaits=[un])
    # Each has one duty: an exchange changes no load, and gains the two points of the wish.
    (refus,) = look(question, ("a", "p"), ("b", "r")).refus
    assert (refus.possible, refus.cout) == (True, (0, 0, -2))
    assert sentence(refus) == (
        "Il faudrait échanger la garde du lundi 4 janvier 2027, 14 h–20 h contre celle du mercredi 6 janvier 2027, "
        "14 h–20 h, avec Dr R, et rien n’y perdrait."
    )
    # With both duties on p, giving one is fairer: from 2² + 2² to 1 + 1 + 1 + 1, by 1000.
    (refus,) = look(question, ("a", "p"), ("b", "p")).refus
    assert refus.cout == (0, -4000, -2)
    assert sentence(refus) == "Il faudrait donner cette garde à Dr R, et rien n’y perdrait."


def test_cover_then_fairness_then_wishes_are_what_is_lost():
    seul = Souhait(personne="p", sens=Sens.EVITE, poste="a")
    question = probleme([personne("p")], [poste("a", 0)], souhaits=[seul])
    assert sentence(look(question, ("a", "p")).refus[0]) == (
        "Il faudrait laisser cette garde sans personne, mais pourvoir les gardes passe avant les souhaits."
    )
    envie = Souhait(personne="p", sens=Sens.PREFERE, poste="b")
    question = probleme([personne("p"), personne("r")], [poste("a", 0), poste("b", 2)], souhaits=[envie])
    refus = look(replace(question, fixees=(Affectation("a", "p"),)), ("a", "p"), ("b", "r")).refus[0]
    assert sentence(refus) == "Il faudrait lui donner celle de r, mais le partage des gardes serait moins juste."
    contre = [envie, Souhait(personne="r", sens=Sens.PREFERE, poids=3, poste="b")]
    question = probleme([personne("p"), personne("r")], [poste("a", 0), poste("b", 2)], souhaits=contre)
    refus = look(question, ("a", "p"), ("b", "r")).refus[0]
    assert refus.cout == (0, 0, 2)
    assert sentence(refus).endswith("mais d’autres souhaits, qui pèsent plus au total, ne seraient plus suivis.")


def test_an_empty_post_is_taken_by_leaving_another():
    envie = Souhait(personne="p", sens=Sens.PREFERE, poste="b")
    qui = [personne("p", limites={"semaine": 1})]
    question = probleme(qui, [poste("a", 0, importance=2), poste("b", 2)], souhaits=[envie])
    refus = look(question, ("a", "p")).refus[0]
    assert refus.cout == (1, 0, -1)
    assert "laisser une autre de ses gardes sans personne" in refus.raison


def test_several_duties_to_avoid_at_once_and_no_simple_way():
    lundis = Souhait(personne="p", sens=Sens.EVITE, jour_semaine=1)
    question = probleme([personne("p"), personne("r")], [poste("a", 0), poste("b", 7)], souhaits=[lundis])
    assert "laisser ces gardes sans personne" in look(question, ("a", "p"), ("b", "p")).refus[0].raison
    envie = Souhait(personne="p", sens=Sens.PREFERE, poste="b")
    fixee = [Affectation("a", "p")]
    qui = [personne("p", limites={"semaine": 1}), personne("r")]
    question = probleme(
        qui, [poste("a", 0), poste("b", 2, besoin=2)], souhaits=[envie], fixees=[*fixee, Affectation("b", "r")]
    )
    assert sentence(look(question, ("a", "p"), ("b", "r")).refus[0]).startswith("Aucun échange simple")


def test_costs_found_are_those_of_true_plans():
    """Whatever is proposed, the plan that follows costs what was said."""
    for graine in range(3):
        question = draw(graine, personnes=5, postes=8, meles=True)
        plan = solve(question)
        for refus in plan.refus:
            if refus.cout is not None:
                assert refus.cout >= (0, 0, 0)
                assert price_souhait(question, plan, refus.souhait).cout <= refus.cout


def test_the_exact_cost_solves_again():
    souhaits = [
        Souhait(personne="p", sens=Sens.PREFERE, jour_semaine=1, poids=1),
        Souhait(personne="r", sens=Sens.PREFERE, jour_semaine=1, poids=3),
        Souhait(personne="s", sens=Sens.EVITE, poste="a", poids=2),
        Souhait(personne="s", sens=Sens.PREFERE, poste="a"),
    ]
    question = probleme(
        [personne("p"), personne("r"), personne("s")],
        [poste("a", 0), poste("b", 2), poste("c", 3)],
        souhaits=souhaits,
        interdites=[Affectation("a", "s")],
    )
    plan = solve(question)
    assert Affectation("a", "r") in plan.affectations
    refus = price_souhait(question, plan, souhaits[0])
    assert (refus.possible, refus.exact, refus.cout) == (True, True, (0, 0, 2))
    assert price_souhait(question, plan, souhaits[2]).cout == (0, 0, 0)
    impossible = price_souhait(question, plan, souhaits[3])
    assert (impossible.possible, impossible.exact) == (False, True)
    assert check(question, plan).valide


def test_a_wish_that_takes_the_place_of_another_says_so():
    dit = say_cout((0, 0, 0), "échanger").replace("\u00a0", " ")
    assert dit == "Il faudrait échanger, mais un autre souhait, qui pèse autant, ne serait plus suivi."
