"""The public notice, and the command that erases."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from fabriques.droits import make_cpts
from fabriques.patients import make_patient
from maillon.communaute.patients import commands
from maillon.communaute.patients.models import Identite, Patient
from maillon.socle.contexte import use_cpts

pytestmark = pytest.mark.django_db


def test_notice_is_public_and_says_the_essential(client, settings) -> None:
    settings.MAILLON_DPO = "dpo@example.org"
    settings.MAILLON_CONSERVATION_PATIENTS_MOIS = 18
    cpts = make_cpts("CPTS d’ici", courriel="bonjour@example.org")
    answer = client.get(f"/p/{cpts.slug}/donnees/")
    body = answer.content.decode()
    assert answer.status_code == 200
    for text in ("bonjour@example.org", "dpo@example.org", "18 mois", "CNIL", "Notice 2026-11", "tel:15"):
        assert text in body


def test_erasure_command_and_its_dry_run() -> None:
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        patient = make_patient(cpts)
        Patient.objects.filter(pk=patient.pk).update(conserver_jusque=date(2020, 1, 1))
    dry = CliRunner().invoke(commands.effacer, ["--essai", "--json", "--cpts", cpts.slug])
    assert json.loads(dry.stdout)["communautes"] == [{"cpts": cpts.slug, "patients": 1, "lignes": 0}]
    with use_cpts(cpts.pk):
        assert Identite.objects.values_list("id").exists()
    done = CliRunner().invoke(commands.effacer, ["--cpts", cpts.slug])
    assert "Patients effacés : 1" in done.stdout
    with use_cpts(cpts.pk):
        assert not Identite.objects.values_list("id").exists()


def test_erasure_command_with_an_unknown_community() -> None:
    answer = CliRunner().invoke(commands.effacer, ["--cpts", "nulle-part"])
    assert answer.exit_code == 1
    assert "aucune communauté n’a l’adresse courte « nulle-part »" in answer.output
