"""A new key without a stop."""

import pytest

from fabriques.courriels import make_message
from fabriques.droits import make_cpts
from fabriques.patients import make_patient
from maillon.communaute.patients.selectors import read_identites, search_patients
from maillon.socle.chiffrement import ValeurIllisible
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.rotation import rewrite_values

ANCIENNE = "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
NOUVELLE = "k2:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="


def read_name(cpts, patient) -> str:
    with use_cpts(cpts.pk):
        return read_identites([patient.pk], quoi="identite", pourquoi="essai", by=SYSTEME)[patient.pk].nom


def written(**options: bool) -> dict[str, int]:
    """How many values were rewritten, where there were any."""
    return {modele: nombre for modele, nombre in rewrite_values(**options).items() if nombre}


@pytest.mark.commits
def test_values_are_rewritten_while_both_keys_open(settings) -> None:
    settings.MAILLON_CLES = ANCIENNE
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        patient = make_patient(cpts)
    message = make_message(cpts)
    settings.MAILLON_CLES = f"{NOUVELLE},{ANCIENNE}"
    assert read_name(cpts, patient) == "Martin"
    assert written(dry_run=True) == {"courriels.Message": 1, "patients.Identite": 1}
    settings.MAILLON_CLES = NOUVELLE  # the control: too early
    with pytest.raises(ValeurIllisible):
        read_name(cpts, patient)
    settings.MAILLON_CLES = f"{NOUVELLE},{ANCIENNE}"
    assert written() == {"courriels.Message": 1, "patients.Identite": 1}
    assert written() == {}
    settings.MAILLON_CLES = NOUVELLE
    assert read_name(cpts, patient) == "Martin"
    with use_cpts(cpts.pk):
        assert Message.objects.get(pk=message.pk).adresse == "jeanne@example.org"
        assert search_patients("martin", pourquoi="essai", by=SYSTEME) == [patient.pk]


@pytest.mark.commits
def test_missing_key_stops_before_writing(settings) -> None:
    settings.MAILLON_CLES = ANCIENNE
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        patient = make_patient(cpts)
    settings.MAILLON_CLES = NOUVELLE
    with pytest.raises(ValeurIllisible):
        rewrite_values()
    settings.MAILLON_CLES = ANCIENNE
    assert read_name(cpts, patient) == "Martin"
