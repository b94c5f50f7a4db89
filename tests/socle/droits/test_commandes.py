"""`maillon droits …`."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from fabriques.droits import make_cpts
from maillon.socle.comptes.models import Compte
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.checks import check_dpo
from maillon.socle.droits.commands import groupe

pytestmark = pytest.mark.django_db


def run(*arguments: str):
    return CliRunner().invoke(groupe, arguments)


def test_matrix_in_three_forms() -> None:
    rows = json.loads(run("matrice", "--json").output)
    gerer = next(row for row in rows if row["code"] == "droits.gerer_acces")
    assert gerer["roles"] == ["coordination", "president"]
    table = list(csv.DictReader(io.StringIO(run("matrice", "--csv").output)))
    line = next(row for row in table if row["permission"] == "droits.gerer_acces")
    assert (line["coordination"], line["bureau"]) == ("x", "")
    assert "droits.gerer_acces\n" in run("matrice").output


def test_first_invitation() -> None:
    cpts = make_cpts()
    person = ["a@example.org", "--prenom", "Anne", "--nom", "Faure", "--role", "coordination"]
    assert "Essai" in run("inviter", cpts.slug, *person, "--essai").output
    assert not Compte.objects.exists()
    assert run("inviter", cpts.slug, *person).exit_code == 0
    assert Compte.objects.get().nom == "Faure"
    again = run("inviter", cpts.slug, *person)
    assert (again.exit_code, "déjà ce rôle" in again.output) == (1, True)
    unknown = run("inviter", "inconnue", *person)
    assert (unknown.exit_code, cpts.slug in unknown.output) == (1, True)


def test_patient_rooms_stay_closed_without_somebody_to_write_to(settings) -> None:
    cpts, settings.MAILLON_DPO = make_cpts(), ""
    refus = run("ouvrir-patients", cpts.slug, "--hebergement", "HDS-2026-014", "--aipd", "2026-02-03")
    assert (refus.exit_code, "MAILLON_DPO" in refus.output) == (1, True)
    assert Cpts.objects.get().patients_ouverts_le is None
    for adresse, attendu in (("", 1), ("dpo@example.org", 1), ("dpo@cpts-pilat.fr", 0)):
        settings.MAILLON_DPO = adresse
        assert len(check_dpo(None)) == attendu


def test_opening_patient_rooms() -> None:
    cpts = make_cpts()
    evidence = ["--hebergement", "HDS-2026-014", "--aipd", "2026-02-03"]
    assert run("ouvrir-patients", cpts.slug, *evidence, "--essai").exit_code == 0
    assert Cpts.objects.get().patients_ouverts_le is None
    assert run("ouvrir-patients", cpts.slug, *evidence).exit_code == 0
    assert Cpts.objects.get().patients_ouverts_le is not None
    assert run("ouvrir-patients", cpts.slug, "--hebergement", "x", "--aipd", "hier").exit_code == 2
