"""Worked examples: every value of ``cas/*.yaml`` is computed by hand, beside it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from maillon.regles.appariement import Besoin, Lieu, Medecin, Patient, assign

DOSSIER = Path(__file__).parent / "cas"
CAS = [cas for fichier in sorted(DOSSIER.glob("*.yaml")) for cas in yaml.safe_load(fichier.open(encoding="utf-8"))]
DEPOT = datetime(2026, 1, 1, tzinfo=UTC)


def lieu(km: float) -> Lieu:
    """A point of the road: kilometres north, as the crow flies (one degree is 6371.0088 × π / 180 = 111.195 km)."""
    return Lieu(4.0, 45.0 + km / 111.195)


def read_patient(cle, jour, *, score, km, besoins=(), langues=(), exclus=(), choix=()) -> Patient:
    return Patient(
        cle=cle,
        score=score,
        deposee_le=DEPOT + timedelta(days=jour),
        lieu=lieu(km),
        besoins=frozenset(map(Besoin, besoins)),
        langues=frozenset(langues),
        exclus=frozenset(exclus),
        choix=tuple(choix),
    )


def read_medecin(cle, *, km, places, sans=(), charge=0) -> Medecin:
    accepte = frozenset(Besoin) - frozenset(map(Besoin, sans))
    return Medecin(cle=cle, places=places, lieux=(lieu(km),), accepte=accepte, charge=charge)


@pytest.mark.parametrize("cas", CAS, ids=[cas["name"] for cas in CAS])
def test_case_by_hand(cas):
    patients = [read_patient(cle, jour, **faits) for jour, (cle, faits) in enumerate(cas["patients"].items())]
    medecins = [read_medecin(cle, **faits) for cle, faits in cas["medecins"].items()]
    repartition = assign(patients, medecins, on=date(2026, 11, 22))
    assert cas["source"]
    assert repartition.certificat.prouve
    assert repartition.minutes == cas["minutes"]
    assert repartition.paires == cas.get("paires", repartition.paires)
    nombres = {bilan.medecin: bilan.nouveaux for bilan in repartition.bilans}
    assert nombres == cas.get("nombres", nombres)
    gains = {bilan.medecin: bilan.gain_minutes for bilan in repartition.bilans}
    assert gains == cas.get("gains", gains)
    assert {attente.patient: str(attente.motif) for attente in repartition.attentes} == cas.get("attentes", {})
    phrases = {attente.patient: attente.raisons[0].replace("\u00a0", " ") for attente in repartition.attentes}
    assert phrases == cas.get("phrases", phrases)
