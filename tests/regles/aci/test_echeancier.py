"""What is paid beside the fixed schedule: variable parts, recognised crises, start-up aid; a new scale by its file."""

import shutil
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
import yaml

from maillon.regles.aci import (
    Activation,
    AideDemarrage,
    Avenant,
    Evaluation,
    Mission,
    Nature,
    Termes,
    apply_avenants,
    compute_echeancier,
    compute_plafond,
    compute_versements,
    load_bareme,
    use_bareme,
)
from maillon.regles.erreurs import SaisieInvalide

SIGNATURE = date(2023, 11, 8)
ANNEE_2, ANNEE_3 = date(2024, 11, 8), date(2025, 11, 8)


def build(*avenants, termes=None, **faits):
    base = Termes(depuis=SIGNATURE, **({"taille": 3, "missions": ["acces", "crise"]} | (termes or {})))
    return compute_echeancier(signature=SIGNATURE, termes=apply_avenants(base, avenants), **faits)


def of_nature(echeancier, nature):
    return [v for v in echeancier.versements if v.nature is nature]


def test_the_variable_part_waits_for_the_evaluation_without_an_invented_date():
    echeancier = build()
    variables = of_nature(echeancier, Nature.VARIABLE)
    # Size 3: 35 000 € a year for accès aux soins; the crisis mission has no variable part.
    assert [(v.annee_contrat, v.date, v.valeur, v.certain) for v in variables] == [
        (annee, None, 35_000, False) for annee in range(1, 6)
    ]
    assert variables[0].regle == "Au plus, selon les indicateurs, après l’évaluation de l’année 1."
    assert echeancier.versements[-5:] == tuple(variables)
    fixe = compute_versements(signature=SIGNATURE, taille=3, missions=["acces", "crise"])
    assert echeancier.total.valeur == fixe.total.valeur
    assert echeancier.au_plus.valeur == 175_000
    assert None not in echeancier.by_date()


def test_an_evaluation_gives_the_date_then_the_amount():
    prevue = Evaluation(annee=1, le=date(2025, 2, 3))
    faite = Evaluation(annee=2, le=date(2026, 2, 2), montants={Mission.ACCES: Decimal("21500.50")})
    nulle = Evaluation(annee=3, le=date(2027, 2, 2), montants={Mission.ACCES: Decimal(0)})
    echeancier = build(evaluations=[faite, prevue, nulle])
    un, deux, *reste = of_nature(echeancier, Nature.VARIABLE)
    assert (un.date, un.valeur, un.certain) == (date(2025, 2, 3), 35_000, False)
    assert "prévue le 03/02/2025" in un.regle
    assert (deux.date, deux.valeur, deux.certain) == (date(2026, 2, 2), Decimal("21500.50"), True)
    assert [v.annee_contrat for v in reste] == [4, 5]
    assert echeancier.by_annee()[2].valeur == 75_000 + 90_000 + 22_500 + Decimal("21500.50")
    assert [v.date for v in echeancier.versements if v.date] == sorted(v.date for v in echeancier.versements if v.date)


def test_a_recognised_crisis_is_paid_on_the_decision_under_the_terms_of_that_day():
    avenant = Avenant(effet=ANNEE_3, taille=4)
    echeancier = build(avenant, activations=[Activation(le=date(2026, 1, 5)), Activation(le=date(2024, 3, 1))])
    activations = of_nature(echeancier, Nature.ACTIVATION)
    assert [(v.date, v.annee_contrat, v.valeur) for v in activations] == [
        (date(2024, 3, 1), 1, 67_500),
        (date(2026, 1, 5), 3, 75_000),
    ]
    assert activations[0].regle == "Crise reconnue par l’ARS, décision du 01/03/2024."
    propre = build(activations=[Activation(le=ANNEE_2, montant=Decimal(50_000))])
    assert of_nature(propre, Nature.ACTIVATION)[0].valeur == 50_000


def test_the_start_up_aid_belongs_to_no_contract_year():
    (aide,) = of_nature(build(aide=AideDemarrage(le=date(2023, 1, 10))), Nature.AIDE)
    assert (aide.date, aide.annee_contrat, aide.valeur, aide.poste) == (date(2023, 1, 10), 0, 15_000, "aide")
    assert aide.libelle == "Aide de l’ARS"
    echeancier = build(aide=AideDemarrage(montant=Decimal(20_000)))
    assert echeancier.by_poste()["aide"].valeur == 20_000
    assert echeancier.by_annee()[0].valeur == 20_000


def test_totals_by_poste_sum_to_the_total():
    echeancier = build(evaluations=[Evaluation(annee=1, montants={Mission.ACCES: Decimal(35_000)})])
    assert sum(m.valeur for m in echeancier.by_poste().values()) == echeancier.total.valeur
    assert sum(m.valeur for m in echeancier.by_annee().values()) == echeancier.total.valeur
    assert list(echeancier.by_poste()) == ["fonctionnement", "acces", "crise"]


def test_the_variable_part_of_a_year_is_that_of_its_last_day():
    avenant = Avenant(effet=date(2024, 5, 8), taille=4, demarrages={Mission.CRISE: ANNEE_3})
    echeancier = build(avenant)
    assert {v.valeur for v in of_nature(echeancier, Nature.VARIABLE)} == {Decimal(45_000)}
    tardive = build(termes={"demarrages": {Mission.ACCES: ANNEE_3}})
    assert [v.annee_contrat for v in of_nature(tardive, Nature.VARIABLE)] == [3, 4, 5]


@pytest.mark.parametrize(
    ("faits", "raison"),
    [
        ({"evaluations": [Evaluation(annee=6)]}, "L’année de contrat « 6 » n’existe pas"),
        ({"evaluations": [Evaluation(annee=1), Evaluation(annee=1)]}, "évaluée deux fois"),
        ({"evaluations": [Evaluation(annee=1, le=date(2024, 11, 7))]}, "elle ne peut pas être évaluée le 07/11/2024"),
        (
            {"evaluations": [Evaluation(annee=1, montants={Mission.ACCES: Decimal("35000.01")})]},
            "dont la part variable est de 35000.00 €",
        ),
        ({"evaluations": [Evaluation(annee=1, montants={Mission.QUALITE: Decimal(1)})]}, "n’est pas au contrat"),
        ({"evaluations": [Evaluation(annee=1, montants={Mission.ACCES: Decimal(-1)})]}, "euros positifs"),
        ({"activations": [Activation(le=date(2023, 11, 7))]}, "ne peut pas être reconnue le 07/11/2023"),
        ({"activations": [Activation(le=date(2028, 11, 8))]}, "ne peut pas être reconnue le 08/11/2028"),
        ({"activations": [Activation(le=ANNEE_2), Activation(le=ANNEE_2)]}, "Deux crises sont reconnues"),
        ({"activations": [Activation(le=ANNEE_2)], "termes": {"missions": ["acces"]}}, "« crise » n’est pas au"),
    ],
)
def test_impossible_facts_are_refused(faits, raison):
    with pytest.raises(SaisieInvalide, match=raison):
        build(**faits)


def add_date(dossier: Path, nom: str, jour: date, valeurs: dict, titre: str) -> None:
    """A new text is a new date in a file of the scale."""
    fichier = dossier / f"{nom}.yaml"
    brut = yaml.safe_load(fichier.read_text(encoding="utf-8"))
    brut["values"][jour] = valeurs
    brut["references"][jour] = {"title": titre, "source": "texte fictif", "statut": "verifie"}
    fichier.write_text(yaml.safe_dump(brut), encoding="utf-8")


def test_a_new_avenant_of_the_accord_is_a_date_in_a_file_and_counts_from_it_only(tmp_path):
    dossier = tmp_path / "baremes"
    with_package = files("maillon.regles.aci") / "baremes"
    shutil.copytree(str(with_package), dossier)
    entree = date(2025, 11, 8)
    montants = {f"taille_{n}": 100_000 + n for n in range(1, 5)}
    add_date(dossier, "fonctionnement", entree, montants, "ACI CPTS, avenant fictif")
    avant = build().by_annee()
    with use_bareme(dossier) as bareme:
        assert load_bareme() is bareme
        assert build().by_annee() == avant  # a contract already signed keeps its scale…
        passe = build(Avenant(effet=entree, on=entree))  # … until its own avenant moves it to the new one
        fonctionnement = [
            sum(v.valeur for v in passe.for_annee(annee) if v.poste == "fonctionnement") for annee in range(1, 6)
        ]
        assert fonctionnement == [75_000, 75_000, 100_003, 100_003, 100_003]
        nouveau = compute_plafond(on=entree, taille=3, missions=["acces"])
        assert nouveau.lignes[0].fixe.valeur == 100_003
        assert "avenant fictif" in nouveau.lignes[0].fixe.explication[0].source
        assert compute_plafond(on=date(2025, 11, 7), taille=3, missions=["acces"]).lignes[0].fixe.valeur == 75_000
    assert compute_plafond(on=entree, taille=3, missions=["acces"]).lignes[0].fixe.valeur == 75_000
