"""The JSON format: nothing is lost on the way, and each refusal names the place and what is expected there."""

import json
from datetime import date

import pytest

from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from maillon.regles.gardes import (
    Affectation,
    Genre,
    Indisponibilite,
    Limites,
    Personne,
    Poste,
    Probleme,
    Souhait,
    plan_to_json,
    probleme_to_json,
    read_plan,
    read_probleme,
    solve,
)
from regles.gardes.oracle import draw, instant, personne, poste, probleme

POSTE = {
    "cle": "q",
    "profession": "medecin",
    "debut": "2027-01-04T14:00",
    "fin": "2027-01-04T20:00",
    "genre": "semaine",
}
BASE = {
    "format": "maillon-gardes-probleme/1",
    "personnes": [{"cle": "p", "profession": "medecin"}],
    "postes": [POSTE],
}


def read(**faits):
    return read_probleme(json.dumps(BASE | faits))


@pytest.mark.parametrize("graine", range(4))
def test_a_problem_written_is_read_again(graine):
    question = draw(graine, personnes=3, postes=5, meles=True, serre=True)
    assert read_probleme(json.dumps(probleme_to_json(question))) == question


def test_a_plan_written_is_read_again():
    question = draw(1, personnes=3, postes=4)
    plan = solve(question)
    relu = read_plan(json.dumps(plan_to_json(plan)), question)
    assert (relu.affectations, relu.niveaux) == (plan.affectations, plan.niveaux)


def test_hours_are_those_of_the_place_and_days_are_whole():
    question = read(indisponibilites=[{"personne": "p", "du": "2027-01-04", "au": "2027-01-05"}])
    absence = question.indisponibilites[0]
    assert (absence.debut, absence.fin) == (instant(0), instant(2))
    assert question.postes[0].debut == instant(0, 14)
    exacte = read(indisponibilites=[{"personne": "p", "debut": "2027-01-04T08:00+01:00", "motif": "congé"}])
    assert (exacte.indisponibilites[0].debut, exacte.indisponibilites[0].fin) == (instant(0, 8), None)


def test_limits_of_everybody_may_be_changed_or_lifted_for_one():
    question = read(
        limites={"semaine": 1, "ecart_heures": 11},
        personnes=[
            {"cle": "p", "profession": "medecin"},
            {"cle": "r", "profession": "medecin", "limites": {"semaine": None, "mois": 4}},
        ],
    )
    assert question.par_personne["p"].limites == Limites(semaine=1, ecart_heures=11)
    assert question.par_personne["r"].limites == Limites(mois=4, ecart_heures=11)


def test_who_has_no_credits_is_given_the_mean_at_their_quotite():
    question = read(
        personnes=[
            {"cle": "a", "profession": "medecin", "credits": {"samedi": 4}},
            {"cle": "b", "profession": "medecin", "credits": {"samedi": 1, "dimanche": 3}, "quotite": 50},
            {"cle": "n", "profession": "medecin", "quotite": 60},
            {"cle": "i", "profession": "infirmier"},
        ]
    )
    # 5 Saturdays and 3 Sundays for 150 %: at 60 % that is 2 and 1.2, so 1.
    credits = question.credits_of(question.par_personne["n"])
    assert {g: n for g, n in credits.items() if n} == {Genre.SAMEDI: 2, Genre.DIMANCHE: 1}
    assert not any(question.credits_of(question.par_personne["i"]).values())


@pytest.mark.parametrize(
    ("faits", "phrase"),
    [
        ({"format": "autre/1"}, "« format » doit être"),
        ({"format": 1}, "« format » doit être un texte"),
        ({"postes": 1}, "« postes » doit être une liste"),
        ({"postes": ["q"]}, "postes, n° 1 : un objet"),
        ({"postes": [POSTE, POSTE]}, "« q » est écrit deux fois dans la liste des postes"),
        ({"postes": [{**POSTE, "genre": "lundi"}]}, "postes, n° 1 : « genre » vaut semaine, samedi, dimanche, ferie"),
        ({"postes": [{**POSTE, "debut": "lundi"}]}, "« debut » attend AAAA-MM-JJTHH:MM"),
        ({"postes": [{**POSTE, "fin": "2027-01-04T13:00"}]}, "finit avant d’avoir commencé"),
        ({"postes": [{**POSTE, "besoin": 0}]}, "de 1 à 100, pas 0"),
        ({"postes": [{**POSTE, "besoin": True}]}, "« besoin » doit être un nombre entier"),
        ({"postes": [{**POSTE, "besoin": 1.5}]}, "« besoin » doit être un nombre entier"),
        ({"postes": [{**POSTE, "charge": -1}]}, "pas -1"),
        ({"postes": [{**POSTE, "cle": " "}]}, "La clé d’un poste est vide"),
        ({"postes": [{**POSTE, "couleur": "bleu"}]}, "« couleur » n’est pas connu"),
        ({"postes": [{"cle": "q"}]}, "« profession » manque"),
        ({"couleur": "bleu"}, "Le problème : « couleur » n’est pas connu"),
        ({"fuseau": "Mars/Olympe"}, "Le fuseau « Mars/Olympe » n’existe pas"),
        ({"graine": -1}, "La graine"),
        ({"limites": {"semaine": -1}}, "Une limite"),
        ({"limites": {"jour": 1}}, "« jour » n’est pas connu"),
        ({"personnes": [{"cle": "p", "profession": "medecin", "quotite": 0}]}, "personnes, n° 1 : Une quotité"),
        ({"personnes": [{"cle": "p", "profession": "medecin", "credits": {"samedi": -1}}]}, "Un crédit"),
        ({"personnes": [{"cle": "p", "profession": "medecin", "credits": {"lundi": 1}}]}, "« lundi » n’est pas connu"),
        ({"indisponibilites": [{"personne": "x"}]}, "Une indisponibilité nomme la personne « x »"),
        ({"indisponibilites": [{"personne": "p", "du": "hier"}]}, "« du » attend une date"),
        (
            {"indisponibilites": [{"personne": "p", "du": "2027-01-04", "debut": "2027-01-04T08:00"}]},
            "pas les deux",
        ),
        (
            {"indisponibilites": [{"personne": "p", "debut": "2027-01-04T08:00", "fin": "2027-01-04T08:00"}]},
            "finit avant",
        ),
        ({"souhaits": [{"personne": "x", "sens": "evite", "jour_semaine": 1}]}, "Un souhait nomme la personne « x »"),
        ({"souhaits": [{"personne": "p", "sens": "evite", "poste": "x"}]}, "Un souhait nomme le poste « x »"),
        ({"souhaits": [{"personne": "p", "sens": "evite"}]}, "souhaits, n° 1 : Un souhait de « p » doit viser"),
        ({"souhaits": [{"personne": "p", "sens": "evite", "jour_semaine": 8}]}, "Le jour de la semaine"),
        ({"fixees": [{"personne": "p", "poste": "q"}] * 2}, "Une affectation fixée est écrite deux fois"),
        ({"interdites": [{"personne": "p", "poste": "x"}]}, "Une affectation interdite nomme le poste « x »"),
    ],
)
def test_refusals_name_the_place_and_what_is_expected(faits, phrase):
    with pytest.raises(ErreurRegle) as erreur:
        read(**faits)
    assert phrase in str(erreur.value)


@pytest.mark.parametrize("texte", ["[]", "{", '{"format": "a", "format": "b"}', ""])
def test_broken_json_is_refused(texte):
    with pytest.raises(ErreurRegle):
        read_probleme(texte)


def test_facts_built_by_hand_are_checked_too():
    with pytest.raises(SaisieInvalide, match="heure sans fuseau"):
        Poste(cle="q", profession="m", debut=instant(0).replace(tzinfo=None), fin=instant(1), genre=Genre.SEMAINE)
    with pytest.raises(SaisieInvalide, match="heure sans fuseau"):
        Indisponibilite(personne="p", fin=instant(0).replace(tzinfo=None))
    with pytest.raises(SaisieInvalide, match="Le fuseau"):
        Probleme(personnes=(), postes=(), fuseau="Mars/Olympe")
    with pytest.raises(SaisieInvalide, match="autre profession"):
        probleme([personne("i", profession="infirmier")], [poste("q", 0)], fixees=[Affectation("q", "i")])
    with pytest.raises(SaisieInvalide, match="doit viser"):
        Souhait(personne="p", sens="evite", jour=date(2027, 1, 4), jour_semaine=1)
    assert Personne(cle="p", profession="medecin", nom="Dr P").appel == "Dr P"
