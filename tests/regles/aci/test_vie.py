"""Contract files that tell the life of a contract, one or many, by the command."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest

from maillon.regles.aci import Mission, Termes, compute_echeancier
from maillon.regles.aci.recus import Recu, compare_recus
from regles.aci.test_commands import CONTRAT, INDICATEUR, run, run_json, write_contrat

VIE = {
    "cpts": "CPTS d'exemple",
    "signature": "2023-11-08",
    "taille": 4,
    "missions": ["acces", "crise"],
    "avenants": [
        {"effet": "2025-11-08", "objet": "parcours", "missions": ["acces", "crise", "parcours"]},
        {"effet": "2024-11-08", "taille": 3, "montants": {"fonctionnement": 70000, "source": "avenant 1"}},
    ],
    "evaluations": [{"annee": 1, "date": "2025-02-03", "montants": {"acces": 30000}}, {"annee": 2}],
    "activations": [{"date": "2024-03-01"}],
    "aide_demarrage": {"date": "2023-01-10"},
    "recus": [
        {"date": "2023-01-20", "montant": 15000, "annee": 0, "poste": "aide"},
        {"date": "2023-11-20", "montant": 90000, "annee": 1, "poste": "fonctionnement"},
        {"date": "2023-12-20", "montant": 80000, "annee": 1, "poste": "acces"},
        {"date": "2025-11-20", "montant": 52500, "annee": 3},
    ],
    "resiliation": "2026-02-16",
}


@pytest.fixture
def write(tmp_path):
    def write(contenu, nom="vie.json"):
        chemin = tmp_path / nom
        chemin.write_text(contenu if isinstance(contenu, str) else json.dumps(contenu), encoding="utf-8")
        return str(chemin)

    return write


def test_a_contract_file_tells_its_whole_life(write):
    reponse = run_json("versements --contrat", write(VIE))
    assert [(a["effet"], a["taille"]) for a in reponse["avenants"]] == [("2024-11-08", 3), ("2025-11-08", 3)]
    par_poste = {(v["annee_contrat"], v["poste"], v["nature"]): v for v in reponse["versements"]}
    assert par_poste[0, "aide", "aide"]["montant"] == 15000
    assert par_poste[1, "crise", "activation"] | {"statut": ""} == {
        "date": "2024-03-01", "annee_contrat": 1, "poste": "crise", "nature": "activation", "certain": True,
        "montant": 75000, "statut": "", "a_confirmer": False,
    }  # fmt: skip
    assert (par_poste[1, "acces", "variable"]["date"], par_poste[1, "acces", "variable"]["montant"]) == (
        "2025-02-03",
        30000,
    )
    assert par_poste[2, "fonctionnement", "avance"]["montant"] == 52500
    assert (par_poste[2, "acces", "variable"]["date"], par_poste[2, "acces", "variable"]["certain"]) == (None, False)
    assert par_poste[3, "parcours", "avance"]["montant"] == 33750
    assert reponse["par_annee"]["1"]["montant"] == 90000 + 110000 + 50000 + 75000 + 30000
    assert reponse["recus"]["recu"] == 237500
    # 100 days of 365 of 70 000, 90 000, 22 500 and 45 000; receipts of year 3 name no poste.
    assert reponse["resiliation"]["lignes"] == [
        {
            "poste": "ensemble",
            "paye": 52500,
            "du": 62328.76,
            "a_rembourser": 0,
            "reste_du": 9828.76,
            "regle": reponse["resiliation"]["lignes"][0]["regle"],
        }
    ]


def test_the_table_says_it_to_a_person(write):
    _, sortie = run("versements --contrat", write(VIE))
    assert "après évaluation" in sortie
    assert "au plus" in sortie
    assert "avant le contrat : 15 000 €" in sortie
    assert "Reçu au 20/11/2025 : 237 500 €" in sortie
    assert "Résiliation le 16/02/2026, 100 jours sur 365 de l’année 3" in sortie


def test_expected_and_received_by_year_and_poste():
    echeancier = compute_echeancier(
        signature=date(2023, 11, 8), termes=[Termes(depuis=date(2023, 11, 8), taille=4, missions=["acces"])]
    )
    recus = [
        Recu(date=date(2023, 11, 20), montant=Decimal(90_000), annee=1, poste="fonctionnement"),
        Recu(date=date(2023, 12, 20), montant=Decimal(80_000), annee=1, poste=Mission.ACCES.value),
        Recu(date=date(2024, 11, 20), montant=Decimal(150_000), annee=2),
        Recu(date=date(2030, 1, 1), montant=Decimal(1), annee=2),
    ]
    compte = compare_recus(echeancier, recus, on=date(2024, 12, 1))
    assert [(li.annee, li.poste, li.attendu, li.recu, li.ecart) for li in compte.lignes] == [
        (1, "fonctionnement", 90_000, 90_000, 0),
        (1, "acces", 110_000, 80_000, -30_000),
        (2, "ensemble", 150_000, 150_000, 0),
    ]
    assert (compte.attendu, compte.recu, compte.ecart) == (350_000, 320_000, -30_000)
    assert compte.cumuls[-1] == (date(2024, 11, 20), 350_000, 320_000)
    assert [jour for jour, _, _ in compte.cumuls] == sorted(jour for jour, _, _ in compte.cumuls)


def test_many_contracts_by_folder_by_lines_and_as_csv(write, tmp_path):
    write(VIE, "un.json")
    write(CONTRAT.read_text(encoding="utf-8"), "deux.yaml")
    write("ignored", "lisez-moi.txt")
    reponses = run_json(f"versements --contrats {tmp_path}")
    assert [r["contrat"] for r in reponses] == ["deux", "un"]
    assert "explication" not in reponses[0]
    lignes = write(json.dumps(VIE | {"cpts": "=cmd()"}) + "\n\n" + json.dumps(VIE | {"cpts": ""}), "lot.ndjson")
    assert [r["contrat"] for r in run_json(f"versements --contrats {lignes}")] == ["=cmd()", "ligne 3"]
    resultat, _ = run(f"versements --contrats {lignes} --csv")
    rangs = list(csv.DictReader(io.StringIO(resultat.stdout), delimiter=";"))
    assert rangs[0]["contrat"] == "'=cmd()"
    assert len(rangs) == 2 * len(reponses[1]["versements"])
    assert (rangs[-1]["date"], rangs[-1]["certain"], rangs[-1]["montant"]) == ("", "non", "45000.00")
    resultat, _ = run("versements --csv --contrat", write(VIE))
    assert resultat.stdout.startswith("contrat;date;annee_contrat;poste;nature;montant;certain;statut\nCPTS d'exemple;")


@pytest.mark.parametrize(
    ("contenu", "nom", "raison"),
    [
        (VIE | {"taille": 9}, "a.json", "contrat « a » : La taille « 9 » n’existe pas"),
        ({"taille": 2}, "a.json", "a.json » : Le contrat ne donne pas sa date de signature"),
        ("{}\n", "lot.ndjson", "lot.ndjson », ligne 1 : Le contrat ne donne pas"),
        ("\n", "lot.ndjson", "ne contient aucun contrat"),
        ("", "lot.txt", "n’est ni un dossier de contrats ni un fichier .ndjson"),
    ],
)
def test_a_refusal_among_many_names_its_file(write, tmp_path, contenu, nom, raison):
    fichier = write(contenu, nom)
    resultat, sortie = run("versements --contrats", str(tmp_path) if nom.endswith(".json") else fichier)
    assert (resultat.exit_code, sortie) == (2, "")
    assert raison in resultat.stderr.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("options", "raison"),
    [
        ("--contrats absent.ndjson", "ne peut pas être lu"),
        ("--contrats x --taille 2", "tout est dans les fichiers"),
        ("--taille 2 --json --csv", "--json ou --csv, pas les deux"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options, raison):
    resultat, _ = run(f"versements {options}")
    assert resultat.exit_code == 2
    assert raison in resultat.stderr


def test_an_empty_folder_is_refused(tmp_path):
    resultat, _ = run(f"versements --contrats {tmp_path}")
    assert "ne contient aucun contrat" in resultat.stderr


@pytest.mark.parametrize(
    ("changement", "raison"),
    [
        ({"avenants": [{"taille": 3}]}, "L’avenant n° 1 n’a pas de « effet »."),
        ({"avenants": [{"effet": "2024-02-30"}]}, "« avenant n° 1, effet » vaut « 2024-02-30 »"),
        ({"avenants": [{"effet": "2024-02-28", "bareme": 1}]}, "La clé « bareme » est inconnue dans « avenant n° 1 »"),
        ({"recus": [{"date": "2024-01-01", "annee": 1}]}, "Le versement reçu n° 1 n’a pas de « montant »."),
        ({"recus": [{"date": "2024-01-01", "annee": 1, "montant": 1, "poste": "x"}]}, "La mission « x » est inconnue"),
        ({"evaluations": [{"date": "2025-02-03"}]}, "L’évaluation n° 1 n’a pas de « annee »."),
        ({"activations": [{}]}, "L’activation n° 1 n’a pas de « date »."),
        ({"aide_demarrage": {"euros": 3}}, "La clé « euros » est inconnue dans « aide_demarrage »"),
        ({"resiliation": "2040-01-01"}, "ne peut pas être résilié le 01/01/2040"),
    ],
)
def test_bad_lives_are_refused(write, changement, raison):
    resultat, sortie = run("versements --contrat", write(VIE | changement))
    assert (resultat.exit_code, sortie) == (2, "")
    assert raison in resultat.stderr.replace("\u00a0", " ")


def test_indicators_of_a_year_are_those_of_its_last_day(tmp_path):
    """Year 5 ends on 30/06/2026: the avenant of 2025 moved 4 000 € from an ended indicator to a new one."""
    fini = INDICATEUR | {"code": "fini", "paliers": [{"seuil": 1, "montant": 14000}], "jusqu_a": "2025-06-30"}
    nouveau = INDICATEUR | {"code": "neuf", "paliers": [{"seuil": 1, "montant": 18000}], "depuis": "2025-06-30"}
    avenants = [
        {"effet": "2025-06-30", "montants": {"missions": {"acces": {"variable": 18000}}}},
        {"effet": "2026-06-30", "missions": ["prevention"]},
    ]
    faits = {"indicateurs": [fini, nouveau], "constatees": None, "prevues": None, "avenants": avenants}
    reponse = run_json("variable --date 2026-05-20 --contrat", write_contrat(tmp_path, **faits))
    assert [i["code"] for i in reponse["indicateurs"]] == ["neuf"]
    ancienne = run_json("variable --date 2026-05-20 --contrat", write_contrat(tmp_path, **faits, annee_contrat=4))
    assert [i["code"] for i in ancienne["indicateurs"]] == ["fini"]
    assert ancienne["montants"]["maximum"] == 14000
