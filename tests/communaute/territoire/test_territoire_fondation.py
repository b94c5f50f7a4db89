"""Opening a community by command, in service."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from maillon.communaute.territoire.commands import groupe
from maillon.communaute.territoire.selectors import get_codes_by_cpts
from maillon.socle.cpts.models import Cpts

pytestmark = pytest.mark.django_db
VENISSIEUX = ["fonder", "venissieux", "69259", "--nom", "CPTS de Vénissieux"]


def run(*arguments: str):
    return CliRunner().invoke(groupe, list(arguments))


def test_a_community_opens_on_its_communes():
    result = run(*VENISSIEUX, "--depuis", "2019-09-24", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["communes"] == 1
    cpts = Cpts.objects.get(slug="venissieux")
    assert (cpts.nom, cpts.departement, cpts.region, cpts.patients_ouverts_le) == (
        "CPTS de Vénissieux",
        "69",
        "84",
        None,
    )
    assert get_codes_by_cpts([cpts.pk], on=date(2020, 1, 1)) == {cpts.pk: ["69259"]}


def test_a_trial_writes_nothing():
    assert run(*VENISSIEUX, "--essai").exit_code == 0
    assert not Cpts.objects.filter(slug="venissieux").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["fonder", "venissieux", "00000", "--nom", "CPTS"],
        ["fonder", "Vénissieux 2", "69259", "--nom", "CPTS"],
        ["fonder", "venissieux", "69259", "--nom", " "],
    ],
)
def test_what_cannot_be_is_refused_in_french_and_nothing_is_written(arguments):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip().endswith((".", "?"))
    assert not Cpts.objects.exists()


def test_an_address_serves_once():
    run(*VENISSIEUX)
    result = run(*VENISSIEUX)
    assert result.exit_code == 2
    assert Cpts.objects.filter(slug="venissieux").count() == 1
