"""The definition, written again without the code: every assignment of a small list is tried, and the best is kept.

Plain loops, plain floats, no array, no flow. Also draws small lists for the property tests.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from math import asin, ceil, cos, radians, sin, sqrt

from hypothesis import strategies as st

from maillon.regles.appariement import Besoin, Densite, Lieu, Medecin, Patient

DEPOT = datetime(2026, 1, 1, tzinfo=UTC)
VITESSES = {Densite.DENSE: (15, 25, 50), Densite.INTERMEDIAIRE: (25, 40, 65), Densite.RURALE: (30, 50, 65)}
JAMAIS = 99


def minutes(patient: Patient, medecin: Medecin) -> int:
    limite = 45 if Besoin.VISITE not in patient.besoins else medecin.visite_minutes
    if limite is None:
        limite = 20
    if patient.lieu is None or not medecin.lieux:
        return limite
    km = min(1.3 * _vol_d_oiseau(patient.lieu, lieu) for lieu in medecin.lieux)
    v1, v2, v3 = VITESSES[patient.densite]
    heures = min(km, 3) / v1 + min(max(km - 3, 0), 12) / v2 + max(km - 15, 0) / v3
    return ceil(3 + 60 * heures - 1e-6)


def _vol_d_oiseau(a: Lieu, b: Lieu) -> float:
    phi1, phi2 = radians(a.lat), radians(b.lat)
    h = sin((phi2 - phi1) / 2) ** 2 + cos(phi1) * cos(phi2) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * 6371.0088 * asin(sqrt(h))


def convient(patient: Patient, medecin: Medecin) -> bool:
    limite = 45
    if Besoin.VISITE in patient.besoins:
        limite = 20 if medecin.visite_minutes is None else medecin.visite_minutes
    return (
        medecin.places > 0
        and patient.besoins <= medecin.accepte
        and (not patient.langues or bool(patient.langues & medecin.langues))
        and medecin.cle not in patient.exclus
        and (minutes(patient, medecin) <= limite or medecin.cle in patient.choix)
    )


def merite(paires: dict[str, str], patients: list[Patient], medecins: list[Medecin], precedent=None):
    """What is compared, smallest first: left out by rank, choices by rank, minutes, fairness, changes."""
    fiches = {medecin.cle: medecin for medecin in medecins}
    rangs = sorted(patients, key=lambda patient: (-patient.score, patient.deposee_le, patient.cle))
    equite = 0
    for medecin in medecins:
        for numero in range(1, sum(cle == medecin.cle for cle in paires.values()) + 1):
            equite += 1000 * (2 * (medecin.charge + numero) - 1) // (medecin.charge + medecin.places)
    return (
        [patient.cle not in paires for patient in rangs],
        [
            p.choix.index(paires[p.cle]) if p.cle in paires and paires[p.cle] in p.choix else JAMAIS
            for p in rangs
            if p.cle in paires
        ],
        sum(minutes(patient, fiches[paires[patient.cle]]) for patient in patients if patient.cle in paires),
        equite,
        sum(paires[cle] != precedent.get(cle) for cle in paires) if precedent is not None else 0,
    )


def essayer_tout(patients: list[Patient], medecins: list[Medecin], precedent=None):
    """Merit of the best of all the assignments."""
    options = [[None, *(m.cle for m in medecins if convient(patient, m))] for patient in patients]
    meilleur = None
    for choix in product(*options):
        if all(choix.count(medecin.cle) <= medecin.places for medecin in medecins):
            paires = {p.cle: cle for p, cle in zip(patients, choix, strict=True) if cle}
            valeur = merite(paires, patients, medecins, precedent)
            meilleur = valeur if meilleur is None or valeur < meilleur else meilleur
    return meilleur


# Places along a road of 30 km, so that equal journeys are frequent; 32 km is beyond the limit of a consultation.
LIEUX = st.sampled_from([Lieu(4.0, 45.0 + km / 111.195) for km in (0, 1, 4, 9, 20, 32)])
BESOINS = st.frozensets(st.sampled_from([Besoin.ALD, Besoin.VISITE]), max_size=2)
LANGUES = st.frozensets(st.sampled_from(["tr", "ar"]), max_size=2)


@st.composite
def listes(draw, patients=5, medecins=3, places=2):
    """A small waiting list and its doctors."""
    cles = [f"m{numero}" for numero in range(draw(st.integers(1, medecins)))]
    doctors = [
        Medecin(
            cle=cle,
            places=draw(st.integers(0, places)),
            lieux=tuple(draw(st.lists(LIEUX, max_size=2))),
            accepte=draw(st.sampled_from([frozenset(Besoin), frozenset(Besoin), frozenset({Besoin.ALD})])),
            langues=draw(LANGUES),
            charge=draw(st.integers(0, 3)),
            visite_minutes=draw(st.sampled_from([None, None, 30])),
        )
        for cle in cles
    ]
    people = [
        Patient(
            cle=f"p{numero}",
            score=draw(st.sampled_from([10, 20, 40])),
            deposee_le=DEPOT + timedelta(days=draw(st.integers(0, 2))),
            lieu=draw(st.one_of(st.none(), LIEUX, LIEUX, LIEUX)),
            densite=draw(st.sampled_from(Densite)),
            besoins=draw(st.one_of(st.just(frozenset()), BESOINS)),
            langues=draw(st.sampled_from([frozenset(), frozenset(), frozenset({"tr"})])),
            exclus=frozenset(draw(st.lists(st.sampled_from(cles), max_size=1))),
            choix=tuple(draw(st.lists(st.sampled_from([*cles, "parti"]), max_size=2, unique=True))),
        )
        for numero in range(draw(st.integers(0, patients)))
    ]
    return people, doctors
