"""What a person reads beside each pair and each one left out."""

from datetime import UTC, date, datetime, timedelta

from maillon.regles.appariement import Besoin, Lieu, Medecin, Patient, assign

JOUR = date(2026, 11, 22)
DEPOT = datetime(2026, 1, 1, tzinfo=UTC)


def lieu(km: float) -> Lieu:
    return Lieu(4.0, 45.0 + km / 111.195)


def patient(cle: str, score: int, km: float | None, **faits) -> Patient:
    ou = None if km is None else lieu(km)
    return Patient(**{"cle": cle, "score": score, "deposee_le": DEPOT + timedelta(days=len(cle)), "lieu": ou, **faits})


def lire(repartition, cle: str) -> list[str]:
    fiches = [*repartition.affectations, *repartition.attentes]
    return [phrase.replace("\u00a0", " ") for fiche in fiches if fiche.patient == cle for phrase in fiche.raisons]


def test_why_a_further_doctor():
    # The example of the documentation: Chloé, at 4 km, goes to C so that Ada and Ben keep short journeys.
    patients = [
        patient("Ada", 64, 2, besoins=frozenset({Besoin.VISITE})),
        patient("Ben", 40, 1),
        patient("Chloé", 40, 4),
    ]
    medecins = [
        Medecin(cle="A", places=1, lieux=(lieu(0),), nom="Dr Aubin"),
        Medecin(cle="B", places=1, lieux=(lieu(4),), nom="Dr Blanc"),
        Medecin(cle="C", places=1, lieux=(lieu(12),), accepte=frozenset()),
    ]
    repartition = assign(patients, medecins, on=JOUR)
    assert lire(repartition, "Chloé") == [
        "22 min de trajet estimé (10 km) : le 3e plus proche des 3 médecins qui conviennent.",
        "Les places plus proches vont à d’autres, sans quoi le total des trajets serait plus long.",
        "Sinon Dr Blanc, complet : 3 min de trajet estimé (même endroit).",
    ]
    # Ada: A and B are both 10 minutes away.
    assert lire(repartition, "Ada") == [
        "10 min de trajet estimé (2,6 km) : le plus proche des 2 médecins qui conviennent.",
        "À trajet égal avec un autre : les médecins sont remplis également.",
        "Sinon Dr Aubin, complet : 10 min de trajet estimé (2,6 km).",
    ]
    chloe = repartition.affectations[2]
    assert (chloe.rang, chloe.possibles, chloe.plus_proches, chloe.second) == (3, 3, 2, "B")
    assert repartition.bilans[0].taux == 1


def test_why_the_only_one_or_the_chosen_one():
    patients = [patient("seul", 40, None), patient("choix", 30, 0, choix=("absent", "B", "A"))]
    repartition = assign(patients[:1], [Medecin(cle="A", places=1)], on=JOUR)
    assert lire(repartition, "seul") == ["Trajet inconnu : le seul médecin qui convienne."]
    medecins = [Medecin(cle=cle, places=2, lieux=(lieu(km),)) for cle, km in (("A", 0), ("B", 1), ("C", 1))]
    repartition = assign(patients[1:], medecins, on=JOUR)
    # The second doctor asked for; the first is not there.
    assert lire(repartition, "choix") == [
        "Choix n° 2 de la personne.",
        "7 min de trajet estimé (1,3 km) : le 2e plus proche des 3 médecins qui conviennent.",
        "Sinon A : 3 min de trajet estimé (même endroit).",
    ]
    assert repartition.affectations[0].choix == 2


def test_equal_journeys_are_told():
    medecins = [Medecin(cle=cle, places=1, lieux=(lieu(0),)) for cle in "ABC"]
    repartition = assign([patient("p", 40, 0)], medecins, on=JOUR)
    assert lire(repartition, "p")[1] == "À trajet égal avec 2 autres : les médecins sont remplis également."


def test_why_nobody():
    medecins = [Medecin(cle="A", places=1, lieux=(lieu(0),)), Medecin(cle="B", places=1, lieux=(lieu(1),))]
    premiers = [patient("un", 60, 0), patient("deux", 50, 0)]
    repartition = assign([*premiers, patient("trois", 40, 0)], medecins, on=JOUR)
    assert lire(repartition, "trois") == [
        "Les places des 2 médecins qui conviennent vont à des personnes mieux placées dans la liste."
    ]
    assert repartition.attentes[0].bloquants == ("A", "B")
    repartition = assign([*premiers, patient("trois", 40, 0, exclus=frozenset("A"))], medecins, on=JOUR)
    assert lire(repartition, "trois") == [
        "Les places du seul médecin qui convienne vont à des personnes mieux placées dans la liste."
    ]
    repartition = assign([patient("non", 40, 0, exclus=frozenset("A"))], medecins[:1], on=JOUR)
    assert lire(repartition, "non") == ["Le seul médecin qui convienne a refusé, ou la personne ne le souhaite pas."]


def test_nobody_waits_or_nobody_works():
    repartition = assign([], [], on=JOUR)
    assert (repartition.affectations, repartition.attentes, repartition.bilans) == ((), (), ())
    assert repartition.certificat.prouve
    repartition = assign([patient("un", 60, 0)], [], on=JOUR)
    assert lire(repartition, "un") == ["Aucun médecin n’offre de place."]
    repartition = assign([], [Medecin(cle="A", places=0)], on=JOUR)
    assert repartition.bilans[0].taux == 0
    assert repartition.certificat.prouve
