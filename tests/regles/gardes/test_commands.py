"""``maillon gardes``: the answers, the refusals in French, and the exit codes."""

import json

import pytest
from click.testing import CliRunner

from maillon.regles.gardes import probleme_to_json
from maillon.regles.gardes.commands import groupe
from regles.gardes.oracle import draw

QUART = {"cle": "q", "debut": "2027-01-04T08:00", "fin": "2027-01-04T09:00", "genre": "semaine"}


@pytest.fixture
def run(tmp_path):
    question = draw(7, personnes=4, postes=6)
    (tmp_path / "probleme.json").write_text(json.dumps(probleme_to_json(question)), encoding="utf-8")

    def run(*mots):
        arguments = [str(tmp_path / mot) if mot.endswith(".json") else mot for mot in mots]
        resultat = CliRunner().invoke(groupe, arguments)
        return resultat.exit_code, resultat.stdout, resultat.stderr.replace("\u00a0", " ")

    run.dossier = tmp_path
    run.question = question
    return run


def keep(run, nom, texte):
    (run.dossier / nom).write_text(texte, encoding="utf-8")


def test_plan_then_check_then_somebody_drops_out(run):
    code, sortie, progres = run("planifier", "probleme.json", "--json", "--duree", "20,5")
    plan = json.loads(sortie)
    assert (code, plan["format"], plan["prouve"]) == (0, "maillon-gardes-plan/1", True)
    assert "medecin" in progres
    keep(run, "plan.json", sortie)
    code, sortie, _ = run("verifier", "probleme.json", "plan.json", "--json")
    assert (code, json.loads(sortie)["valide"]) == (0, True)
    depart = ("--depart", "plan.json")
    assert run("planifier", "probleme.json", *depart)[0] == 0
    code, sortie, _ = run("planifier", "probleme.json", *depart, "--absent", "p1", "--json")
    apres = json.loads(sortie)
    assert "p1" not in {affectation["personne"] for affectation in apres["affectations"]}
    assert [niveau["objectif"] for niveau in apres["niveaux"]] == ["couverture", "changements", "equite", "souhaits"]
    code, sortie, _ = run("planifier", "probleme.json", *depart, "--absent", "p1=2027-03-01/2027-03-02", "--json")
    assert json.loads(sortie)["affectations"] == plan["affectations"]


def test_the_text_says_it_all(run):
    code, sortie, _ = run("planifier", "probleme.json")
    assert code == 0
    assert "La garde du lundi 4 janvier 2027" in sortie
    assert sortie.count("(optimum prouvé)") == 3
    keep(run, "plan.json", run("planifier", "probleme.json", "--json")[1])
    assert run("verifier", "probleme.json", "plan.json")[1].startswith("Aucune faute.")


def test_a_plan_that_gives_everything_says_no_more(run):
    p = {"cle": "p", "profession": "medecin"}
    q = QUART | {"profession": "medecin"}
    faits = {"personnes": [p], "postes": [q], "fixees": [{"personne": "p", "poste": "q"}]}
    keep(run, "seul.json", json.dumps({"format": "maillon-gardes-probleme/1", **faits}))
    code, sortie, _ = run("planifier", "seul.json")
    assert (code, len(sortie.splitlines())) == (0, 5)
    keep(run, "plan.json", run("planifier", "seul.json", "--json")[1])
    assert run("verifier", "seul.json", "plan.json")[0] == 0


def test_nobody_and_no_wish(run):
    vide = {"format": "maillon-gardes-probleme/1", "personnes": [{"cle": "p", "profession": "m"}], "postes": []}
    q = QUART | {"profession": "k"}
    envie = {"personne": "p", "sens": "prefere", "jour": "2027-01-04"}
    keep(run, "vide.json", json.dumps(vide | {"postes": [q], "souhaits": [envie]}))
    _, sortie, _ = run("planifier", "vide.json")
    assert "- personne n’est de cette profession." in sortie
    assert "Souhaits qui n’ont pas pu être suivis" in sortie


def test_a_plan_with_faults_exits_with_1(run):
    tous = [{"poste": "q0", "personne": f"p{n}"} for n in range(4)]
    keep(run, "plan.json", json.dumps({"format": "maillon-gardes-plan/1", "affectations": tous}))
    code, sortie, _ = run("verifier", "probleme.json", "plan.json")
    assert code == 1
    assert "faute" in sortie.splitlines()[0]


def test_rules_that_contradict_exit_with_3_and_say_which(run):
    p = {"cle": "p", "profession": "medecin", "limites": {"periode": 0}}
    q = {
        "cle": "q",
        "profession": "medecin",
        "debut": "2027-01-04T08:00",
        "fin": "2027-01-04T09:00",
        "genre": "semaine",
    }
    faits = {"format": "maillon-gardes-probleme/1", "personnes": [p], "postes": [q | {"obligatoire": True}]}
    keep(run, "dur.json", json.dumps(faits))
    code, _, refus = run("planifier", "dur.json")
    assert code == 3
    assert "- p ne tient pas plus de 0 garde sur la période" in refus


@pytest.mark.parametrize(
    ("mots", "phrase"),
    [
        (("planifier",), "Il manque un fichier."),
        (("planifier", "probleme.json", "--couleur"), "L’option --couleur n’existe pas."),
        (("planifier", "probleme.json", "--duree"), "L’option --duree attend une valeur."),
        (("planifier", "probleme.json", "reste"), "La commande est mal écrite."),
        (("planifier", "absent.json"), "ne peut pas être lu"),
        (("planifier", "octets.json"), "n’est pas un texte en UTF-8"),
        (("planifier", "casse.json"), "n’est pas du JSON correct"),
        (("planifier", "probleme.json", "--duree", "zut"), "--duree attend un nombre de secondes"),
        (("planifier", "probleme.json", "--duree", "-1"), "--duree attend un nombre de secondes"),
        (("planifier", "probleme.json", "--absent", "p1"), "donnez-le avec --depart"),
        (("planifier", "probleme.json", "--depart", "vide.json", "--absent", "x"), "la personne « x »"),
        (("planifier", "probleme.json", "--depart", "vide.json", "--absent", "p1=hier"), "--absent attend personne="),
        (("verifier", "probleme.json", "inconnu.json"), "Une affectation nomme le poste « x »"),
    ],
)
def test_refusals_are_french_and_exit_with_2(run, mots, phrase):
    keep(run, "casse.json", "{")
    (run.dossier / "octets.json").write_bytes(b"\xff\xfe\x00")
    keep(run, "vide.json", json.dumps({"format": "maillon-gardes-plan/1", "affectations": []}))
    inconnu = {"format": "maillon-gardes-plan/1", "affectations": [{"poste": "x", "personne": "p1"}]}
    keep(run, "inconnu.json", json.dumps(inconnu))
    code, sortie, refus = run(*mots)
    assert (code, sortie) == (2, "")
    assert phrase in refus


def test_a_file_too_big_is_not_read(run, monkeypatch):
    monkeypatch.setattr("maillon.regles.gardes.commands._OCTETS_MAX", 10)
    assert "dépasse 50 Mo" in run("planifier", "probleme.json")[2]
