"""Populations of sets of communes. Expected totals: published figures (Insee; CPAM de la Loire, 8 November 2023)."""

import json

import pytest
from click.testing import CliRunner

from fabriques.territoire import GRAND_SAINT_ETIENNE
from maillon.communaute.territoire.commands import groupe
from maillon.communaute.territoire.models import Population
from maillon.communaute.territoire.selectors import (
    CommuneInconnue,
    CompositionRefusee,
    PopulationAbsente,
    compute_population,
    get_communes,
    get_millesimes,
)

pytestmark = pytest.mark.django_db


def test_grand_saint_etienne_counts_230515_inhabitants_in_2019():
    population = compute_population(list(GRAND_SAINT_ETIENNE), 2019)
    assert population.total == 230_515
    assert population.millesime == 2019
    assert [line.nom for line in population.communes] == list(GRAND_SAINT_ETIENNE.values())
    assert sum(line.municipale for line in population.communes) == 230_515


def test_loire_counts_765634_inhabitants_in_2019():
    communes = Population.objects.filter(
        millesime=2019, commune__departement="42", commune__type="commune"
    ).values_list("municipale", flat=True)
    assert sum(communes) == 765_634


def test_arrondissements_pave_their_commune():
    arrondissements = [f"6938{n}" for n in range(1, 10)]
    assert compute_population(arrondissements, 2021).total == compute_population(["69123"], 2021).total


def test_vintages_known():
    assert get_millesimes(["42218"]) == [2019, 2020, 2021, 2022, 2023]
    assert get_millesimes() == [2017, 2019, 2020, 2021, 2022, 2023]


@pytest.mark.parametrize(
    ("code", "suggestion"),
    [
        ("42000", "42218 (Saint-Étienne)"),
        ("Saint-Etienne", "42218 (Saint-Étienne)"),
        ("2a004", "2A004 (Ajaccio)"),
        ("42999", "42099"),
    ],
)
def test_unknown_code_is_named_with_suggestions(code: str, suggestion: str):
    with pytest.raises(CommuneInconnue) as refusal:
        compute_population(["42218", code], 2019)
    assert f"« {code} »" in str(refusal.value)
    assert suggestion in str(refusal.value)


def test_hopeless_code_shows_what_a_code_is():
    with pytest.raises(CommuneInconnue, match="par exemple 42218"):
        compute_population(["#"], 2019)


def test_absent_vintage_names_the_commune_and_the_vintages():
    with pytest.raises(PopulationAbsente) as refusal:
        compute_population(["42218"], 1999)
    assert "Saint-Étienne (42218)" in str(refusal.value)
    assert "2019, 2020, 2021, 2022, 2023" in str(refusal.value)


def test_commune_without_any_population():
    with pytest.raises(PopulationAbsente, match="ni celle d’une autre année"):
        compute_population(["98412"], 2019)


def test_mayotte_has_the_vintage_when_it_was_counted_only():
    assert compute_population(["97601"], 2017).total == 5192
    with pytest.raises(PopulationAbsente, match=r"Millésime disponible\s: 2017"):
        compute_population(["97601"], 2021)


@pytest.mark.parametrize("codes", [["69123", "69381"], ["69381", "42218", "69123"]])
def test_commune_and_its_arrondissement_are_not_added(codes: list[str]):
    with pytest.raises(CompositionRefusee, match="fait déjà partie de Lyon"):
        compute_population(codes, 2019)


def test_commune_given_twice_or_not_at_all():
    with pytest.raises(CompositionRefusee, match="indiquée deux fois"):
        get_communes(["42218", "42218"])
    with pytest.raises(CompositionRefusee, match="au moins une commune"):
        get_communes([])


def test_command_answers_in_json():
    result = CliRunner().invoke(groupe, ["population", *GRAND_SAINT_ETIENNE, "--millesime", "2019", "--json"])
    answer = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (answer["total"], answer["millesime"], len(answer["communes"])) == (230_515, 2019, 11)
    assert "Insee" in answer["source"]


def test_command_takes_the_latest_vintage_and_writes_for_people():
    result = CliRunner().invoke(groupe, ["population", "42218"])
    assert result.exit_code == 0
    assert "173 136" in result.stdout
    assert "population municipale 2023" in result.stdout


@pytest.mark.parametrize("arguments", [["00000"], ["42218", "--millesime", "1999"], ["69123", "69381"]])
def test_command_refuses_with_a_sentence_and_status_2(arguments: list[str]):
    result = CliRunner().invoke(groupe, ["population", *arguments, "--json"])
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.strip().endswith((".", "?"))
