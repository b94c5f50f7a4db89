import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from maillon.regles.aci.commands import groupe

CONTRAT = Path(__file__).parent / "contrat.yaml"
BASE = "plafond --date 2023-12-22"


def run(commande, *suite):
    resultat = CliRunner().invoke(groupe, [*commande.split(), *suite])
    return resultat, resultat.stdout.replace("\u00a0", " ").replace("\u202f", " ")


def run_json(commande, *suite):
    resultat, _ = run(commande, *suite, "--json")
    assert resultat.exit_code == 0, resultat.stderr
    return json.loads(resultat.stdout)


def write_contrat(tmp_path, **changements):
    """File of the example contract with some keys changed; ``None`` removes a key."""
    brut = yaml.safe_load(CONTRAT.read_text(encoding="utf-8")) | changements
    chemin = tmp_path / "contrat.yaml"
    chemin.write_text(yaml.safe_dump({c: v for c, v in brut.items() if v is not None}), encoding="utf-8")
    return str(chemin)


def test_importing_the_commands_does_not_import_django():
    code = "import sys, maillon.regles.aci.commands; sys.exit(any(m.split('.')[0] == 'django' for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_plafond_json_shows_both_ceilings_and_each_amount_with_its_statut():
    reponse = run_json(f"{BASE} --population 97000 --missions acces,parcours,prevention,crise,accompagnement")
    assert reponse["plafond"] == {"montant": 457500, "statut": "arithmetique", "a_confirmer": False}
    assert reponse["hors_activation"]["montant"] == 390000
    assert (reponse["taille"], reponse["population"], reponse["annee_contrat"]) == (3, 97000, 1)
    assert [ligne["poste"] for ligne in reponse["lignes"]] == ["fonctionnement", *reponse["missions"]]
    assert sum(ligne["total"]["montant"] for ligne in reponse["lignes"]) == 457500
    for ligne in reponse["explication"]:
        assert set(ligne) == {"libelle", "montant", "regle", "source", "date", "statut", "a_confirmer"}


def test_plafond_table_marks_what_is_to_be_confirmed():
    resultat, sortie = run(f"{BASE} --population", "51 800", "--missions", "Accès, prévention")
    assert resultat.exit_code == 0
    lignes = {ligne.split("  ")[0]: ligne for ligne in sortie.splitlines()}
    assert "à confirmer" not in lignes["Fonctionnement"]
    assert lignes["Accès aux soins"].endswith("105 000 €  à confirmer")
    assert "Plafond : 190 000 € (à confirmer)" in sortie
    assert "51 800 habitants : taille 2." in sortie
    assert "JO du 31/03/2022" in sortie


def test_plafond_table_shows_both_ceilings_and_the_corroborating_total():
    _, sortie = run(f"{BASE} --taille 4")
    assert "Plafond si l’ARS reconnaît une crise : 580 000 €" in sortie
    assert "Plafond sans crise reconnue : 505 000 €" in sortie
    assert "Recoupement : plafond annuel de la taille 4, toutes missions réunies : 580 000 €" in sortie


def test_plafond_of_2019_says_that_parts_are_unknown():
    _, sortie = run("plafond --date 2020-01-01 --taille 2")
    assert "Seul le plafond total est connu" in sortie
    assert "environ 287 000 €" in sortie
    reponse = run_json("plafond --date 2020-01-01 --taille 2")
    assert (reponse["lignes"], reponse["fixe"], reponse["population"]) == ([], None, None)


@pytest.mark.parametrize(
    ("commande", "phrase"),
    [
        (
            f"{BASE} --population 97000 --missions acces,loisirs",
            "La mission « loisirs » est inconnue. Missions poss",
        ),
        (f"{BASE} --population 97000 --missions ,", "--missions est vide : donnez au moins une mission"),
        (f"{BASE} --population -4", "La population « -4 » n’est pas un nombre d’habitants supérieur à zéro."),
        (f"{BASE} --population beaucoup", "--population attend un nombre entier, pas « beaucoup »."),
        (f"{BASE} --population ²", "--population attend un nombre entier"),
        (f"{BASE} --population 9999999999999", "--population attend un nombre entier"),
        (f"{BASE} --taille 7", "La taille « 7 » n’existe pas"),
        (f"{BASE} --taille 2 --annee-contrat 9", "L’année de contrat « 9 » n’existe pas : un contrat dure 5 ans."),
        ("plafond --taille 2", "Indiquez --date, écrit AAAA-MM-JJ."),
        ("plafond --taille 2 --date 2023-02-30", "« --date » vaut « 2023-02-30 » : il faut une date qui existe"),
        ("plafond --taille 2 --date 2023-W51-5", "« --date » vaut « 2023-W51-5 »"),
        ("plafond --taille 2 --date 2010-01-01", "L’accord des CPTS n’existe que depuis le 21/08/2019"),
        ("plafond --taille 2 --date 2021-01-01 --missions acces", "Le barème en vigueur le 01/01/2021 ne publie que"),
        (f"{BASE} --habitants 3", "L’option --habitants n’existe pas. Voir l’aide avec --help."),
        (f"{BASE} --population", "L’option --population attend une valeur. Voir l’aide avec --help."),
        (f"{BASE} 97000", "La commande n’attend que des options"),
        ("versements --taille 2", "Indiquez --signature, écrit AAAA-MM-JJ."),
        ("versements --taille 2 --signature 2023-01-01 --demarrage acces", "--demarrage attend mission=AAAA-MM-JJ"),
        ("versements --contrat absent.yaml --taille 2", "Avec --contrat, les autres options sont dans le fichier"),
        ("versements --contrat absent.yaml", "Le fichier « absent.yaml » ne peut pas être lu"),
        ("versements --contrat /", "Le fichier « / » ne peut pas être lu"),
        ("variable --date 2023-01-01", "Indiquez le fichier du contrat avec --contrat."),
        (f"variable --contrat {CONTRAT}", "Indiquez --date"),
    ],
)
def test_refusals_are_one_french_sentence_and_exit_code_2(commande, phrase):
    resultat, sortie = run(commande)
    assert resultat.exit_code == 2
    assert sortie == ""
    erreur = resultat.stderr.replace("\u00a0", " ")
    assert erreur.startswith(phrase)
    assert erreur.count("\n") == 1


def test_versements_by_options():
    reponse = run_json("versements --population 230515 --signature 2023-11-08")
    assert reponse["premiere_annee"]["montant"] == 288750
    assert reponse["anniversaires"][0] == "2024-11-08"
    assert reponse["versements"][0] == {
        "date": "2023-11-08",
        "annee_contrat": 1,
        "poste": "fonctionnement",
        "nature": "totalite",
        "certain": True,
        "montant": 90000,
        "statut": "verifie",
        "a_confirmer": False,
    }
    assert len(reponse["explication"]) == 1 + len(reponse["versements"])


def test_versements_with_a_late_start_has_cents():
    commande = "versements --taille 4 --missions parcours --signature 2023-11-08 --demarrage parcours=2024-05-08"
    reponse = run_json(f"{commande} --date 2023-11-08")
    assert [v["montant"] for v in reponse["versements"][1:3]] == [18852.46, 6284.15]
    _, sortie = run(commande)
    assert "08/05/2024        année 1  Parcours pluriprofessionnels  avance         18 852,46 €" in sortie
    assert "Avant le premier anniversaire : 108 852,46 €" in sortie


def test_versements_of_a_contract_file():
    reponse = run_json("versements --contrat", str(CONTRAT))
    assert {v["poste"] for v in reponse["versements"]} == {"fonctionnement", "acces", "prevention", "qualite"}
    assert min(v["date"] for v in reponse["versements"] if v["poste"] == "qualite" and v["certain"]) == "2022-06-30"
    assert reponse["date_bareme"] == "2022-03-31"


def test_variable_of_a_contract_file():
    reponse = run_json("variable --date 2026-05-20 --contrat", str(CONTRAT))
    assert reponse["montants"] == {
        "constate": 3000,
        "a_confirmer": 5000,
        "encore_possible": 6000,
        "perdu": 0,
        "maximum": 14000,
    }
    assert (reponse["fin_periode"], reponse["jours_restants"], reponse["close"]) == ("2026-06-30", 41, False)
    ald, plus_de_70 = reponse["indicateurs"]
    assert (ald["prochain_palier"]["distance"], ald["prochain_palier"]["gain"]) == (12, 3000)
    assert (ald["palier_constate"], ald["palier_prevu"]) == (219, 219)
    assert (plus_de_70["valeur_constatee"], plus_de_70["palier_constate"], plus_de_70["prochain_palier"]) == (
        None,
        None,
        None,
    )
    assert plus_de_70["palier_prevu"] == 203
    assert reponse["missions"] == [{"mission": "acces", "montants": reponse["montants"]}]


def test_variable_table():
    _, sortie = run("variable --date 2026-05-20 --contrat", str(CONTRAT))
    assert "encore 41 j, jusqu’au 30/06/2026" in sortie
    assert "encore 12 patients en ALD pour 3 000 € de plus" in sortie
    assert sortie.splitlines()[-1].split("  ")[0] == "Total"
    _, close = run("variable --date 2026-06-30 --contrat", str(CONTRAT))
    assert "année close le 30/06/2026, pas encore évaluée" in close


def test_variable_of_an_evaluated_year(tmp_path):
    _, sortie = run("variable --date 2026-09-01 --contrat", write_contrat(tmp_path, evaluee=True))
    assert "année close le 30/06/2026, évaluée" in sortie


def test_a_json_contract_says_the_same(tmp_path):
    chemin = tmp_path / "contrat.json"
    chemin.write_text(json.dumps(yaml.safe_load(CONTRAT.read_text()), default=str), encoding="utf-8")
    for commande in ("versements --contrat", "variable --date 2026-05-20 --contrat"):
        assert run_json(commande, str(chemin)) == run_json(commande, str(CONTRAT))


def test_unreadable_files_are_refused(tmp_path):
    chemin = tmp_path / "contrat.yaml"
    for octets, raison in (
        (b"\xff\xfe\x00", "n’est pas un texte en UTF-8"),
        (b"a" * 1_000_001, "trop gros"),
        (b"a: [", "n’est pas du YAML correct"),
        (b"signature: 2023-02-30", "date ou un nombre impossible"),
        (b"bonjour", "vaut « bonjour » : il faut un ensemble"),
    ):
        chemin.write_bytes(octets)
        resultat, _ = run("versements --contrat", str(chemin))
        assert resultat.exit_code == 2
        assert raison in resultat.stderr.replace("\u00a0", " ")


INDICATEUR = {
    "code": "a",
    "libelle": "A",
    "mission": "acces",
    "genre": "livrable",
    "paliers": [{"seuil": 1, "montant": 10}],
}


@pytest.mark.parametrize(
    ("changements", "raison"),
    [
        ({"signature": None}, "ne donne pas sa date de signature"),
        ({"signature": 12}, "« signature » vaut « 12 » : il faut une date AAAA-MM-JJ."),
        ({"signature": "hier"}, "« signature » vaut « hier » : il faut une date qui existe"),
        ({"population": "97000"}, "« population » vaut « 97000 » : il faut un nombre entier."),
        ({"population": True}, "il faut un nombre entier"),
        ({"taille": 2}, "soit la population, soit la taille"),
        ({"habitants": 3}, "La clé « habitants » est inconnue dans « le contrat »"),
        ({"cpts": 3}, "il faut un texte"),
        ({"cpts": ["x" * 90]}, "…"),
        ({"evaluee": "oui"}, "il faut oui ou non (true ou false)"),
        ({"missions": ["acces", "sport"]}, "« sport » est inconnue"),
        ({"missions": {"acces": "bientôt"}}, "« missions.acces » vaut « bientôt »"),
        ({"missions": "acces"}, "« missions » vaut « acces » : il faut un ensemble de clés"),
        ({"montants": {"missions": {"acces": {"fixe": "cher"}}}}, "« montants.missions.acces.fixe » vaut « cher »"),
        ({"montants": {"missions": {"acces": {"fixe": True}}}}, "il faut un nombre"),
        ({"montants": {"missions": {"acces": {"fixe": -1}}}}, "positifs"),
        ({"montants": {"plafond": 210000}}, "ne donne qu’un plafond total"),
        ({"indicateurs": {"a": 1}}, "« indicateurs » vaut"),
        ({"indicateurs": [{"code": "a"}]}, "L’indicateur n° 1 n’a pas de « libelle »."),
        ({"indicateurs": [INDICATEUR | {"genre": "note"}]}, "un de ces mots (stock, taux, seuil, livrable)"),
        ({"missions": ["qualite"], "indicateurs": [INDICATEUR]}, "de la mission « acces », qui n’est pas au contrat"),
        ({"indicateurs": [INDICATEUR | {"sens": "gauche"}]}, "un de ces mots (baisse, hausse)"),
        ({"indicateurs": [INDICATEUR | {"paliers": [{"seuil": 1}]}]}, "Un palier de l’indicateur n° 1 doit donner"),
        ({"indicateurs": [INDICATEUR | {"paliers": [3]}]}, "« indicateur n° 1, palier » vaut « 3 »"),
    ],
)
def test_bad_contracts_are_refused(tmp_path, changements, raison):
    resultat, sortie = run("versements --contrat", write_contrat(tmp_path, **changements))
    assert resultat.exit_code == 2
    assert sortie == ""
    assert raison in resultat.stderr.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("changements", "raison"),
    [
        ({"indicateurs": None}, "n’a aucun indicateur"),
        ({"annee_contrat": 6}, "un contrat dure 5 ans"),
        ({"enveloppes": {"acces": 15000}}, "totalisent 14 000 € pour une enveloppe variable de 15 000 €"),
        ({"montants": {"missions": {"acces": {"variable": 13000}}}}, "pour une enveloppe variable de 13 000 €"),
        ({"constatees": {"inconnu": 1}}, "« inconnu », qui n’est pas au contrat"),
    ],
)
def test_contradictions_are_refused_with_their_numbers(tmp_path, changements, raison):
    resultat, _ = run("variable --date 2026-05-20 --contrat", write_contrat(tmp_path, **changements))
    assert resultat.exit_code == 2
    assert raison in resultat.stderr.replace("\u00a0", " ").replace("\u202f", " ")


def test_missions_may_be_a_list_and_the_single_ceiling_a_contract_amount(tmp_path):
    chemin = write_contrat(tmp_path, missions=["acces"], montants={"fonctionnement": 1000})
    assert run_json("versements --contrat", chemin)["versements"][0]["montant"] == 1000
    chemin = write_contrat(tmp_path, missions=None)
    assert len({v["poste"] for v in run_json("versements --contrat", chemin)["versements"]}) == 7


def test_help_is_in_french():
    resultat, sortie = run("--help")
    assert resultat.exit_code == 0
    assert "Plafond d’une année de contrat" in sortie
