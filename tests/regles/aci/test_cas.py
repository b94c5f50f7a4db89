"""Independent cases: expected values are read in published documents (``cas/*.yaml``)."""

import json
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import pytest
import yaml

from maillon.regles.aci import Echeancier, Plafond
from maillon.regles.aci.contrat import parse_contrat

CAS = [
    cas for fichier in sorted((Path(__file__).parent / "cas").glob("*.yaml")) for cas in yaml.safe_load(fichier.open())
]


def resolve(rule):
    module, _, nom = rule.partition(":")
    return getattr(import_module(module), nom)


def build_arguments(entree):
    """Arguments of the rule; indicators are read the way a contract file is."""
    if "indicateurs" not in entree:
        return entree
    texte = json.dumps({"signature": "2021-06-30", **{cle: entree[cle] for cle in entree if cle != "fin_periode"}})
    contrat = parse_contrat(texte, is_json=True)
    return {
        "fin_periode": entree["fin_periode"],
        "indicateurs": contrat.indicateurs,
        "constatees": contrat.constatees,
        "prevues": contrat.prevues,
    }


def reach(valeur, chemin):
    for pas in chemin.split("."):
        valeur = valeur[int(pas)] if pas.isdigit() else getattr(valeur, pas)
    return valeur


def main_value(resultat):
    if isinstance(resultat, Plafond | Echeancier):
        return resultat.total.valeur
    return getattr(resultat, "valeur", resultat)


@pytest.mark.parametrize("cas", CAS, ids=[cas["name"] for cas in CAS])
def test_published_case(cas):
    assert isinstance(cas["date"], date)
    assert cas["source"]
    resultat = resolve(cas["rule"])(on=cas["date"], **build_arguments(cas["input"]))
    attendu = cas["output"]
    if isinstance(attendu, dict):
        assert {chemin: reach(resultat, chemin) for chemin in attendu} == attendu
    else:
        assert main_value(resultat) == Decimal(attendu)
