"""Ranked proposals for one patient. Expected minutes are computed by hand beside each."""

from datetime import UTC, date, datetime

import pytest

from maillon.regles.appariement import Besoin, Densite, Lieu, Medecin, Obstacle, Patient, assign, rank
from maillon.regles.erreurs import ParametreAbsent, SaisieInvalide

JOUR = date(2026, 11, 22)
DEPOT = datetime(2026, 10, 1, 9, tzinfo=UTC)
DEGRE_KM = 111.195  # one degree of a meridian: 6371.0088 × π / 180


def au_nord(km: float) -> Lieu:
    """A place so many kilometres north of the patient, as the crow flies."""
    return Lieu(4.0, 45.0 + km / DEGRE_KM)


def patient(**faits) -> Patient:
    return Patient(**{"cle": "p", "score": 40, "deposee_le": DEPOT, "lieu": au_nord(0), **faits})


def test_the_nearest_comes_first_and_says_why():
    # 10 km × 1.3 = 13 km by road: 3 km at 25 km/h are 7.2 min, 10 km at 40 km/h are 15 min, with 3 min: 25.2, so 26.
    medecins = [
        Medecin(cle="loin", places=5, lieux=(au_nord(10),)),
        Medecin(cle="pres", places=2, lieux=(au_nord(1),)),
    ]
    classement = rank(patient(), medecins, on=JOUR)
    assert [candidat.medecin for candidat in classement.candidats] == ["pres", "loin"]
    # 1.3 km at 25 km/h are 3.12 min, with 3 min: 7 whole minutes.
    assert [candidat.trajet.minutes for candidat in classement.candidats] == [7, 26]
    assert classement.candidats[1].raisons == ("26\u00a0min de trajet estimé (13\u00a0km).", "Offre 5\u00a0places.")


def test_the_persons_choice_comes_before_the_distance():
    medecins = [
        Medecin(cle="pres", places=1, lieux=(au_nord(1),)),
        # 100 km × 1.3 = 130 km: far beyond the limit of 45 minutes.
        Medecin(cle="choisi", places=1, lieux=(au_nord(100),)),
    ]
    classement = rank(patient(choix=("choisi",)), medecins, on=JOUR)
    assert [candidat.medecin for candidat in classement.candidats] == ["choisi", "pres"]
    assert classement.candidats[0].raisons[0] == "Choisi par la personne."
    assert rank(patient(), medecins, on=JOUR).exclus[0].obstacles is Obstacle.TRAJET


def test_the_least_filled_comes_first_at_equal_travel():
    medecins = [
        Medecin(cle="a", places=2, lieux=(au_nord(1),), charge=2),
        Medecin(cle="b", places=2, lieux=(au_nord(1),), charge=1),
    ]
    classement = rank(patient(), medecins, on=JOUR)
    assert [candidat.medecin for candidat in classement.candidats] == ["b", "a"]


def test_each_one_left_aside_says_why():
    besoins = frozenset({Besoin.VISITE, Besoin.ALD})
    medecins = [
        Medecin(cle="complet", places=0, lieux=(au_nord(1),)),
        Medecin(cle="cabinet", places=1, lieux=(au_nord(2),), accepte=frozenset({Besoin.ALD})),
        Medecin(cle="refus", places=1, lieux=(au_nord(3),), langues=frozenset({"tr"})),
        Medecin(cle="muet", places=1, lieux=(au_nord(4),), langues=frozenset({"it"})),
        # 20 km × 1.3 = 26 km: 7.2 + 18 + 11 km at 65 km/h 10.15, with 3 min: 38.4, so 39 min; home visits stop at 20.
        Medecin(cle="loin", places=1, lieux=(au_nord(20),), langues=frozenset({"tr"})),
    ]
    who = patient(besoins=besoins, langues=frozenset({"tr"}), exclus=frozenset({"refus", "inconnu"}))
    classement = rank(who, medecins, on=JOUR)
    assert classement.candidats == ()
    raisons = {exclusion.medecin: exclusion.raisons for exclusion in classement.exclus}
    assert raisons == {
        "complet": ("N’offre pas de place.", "Ne parle aucune langue de la personne."),
        "cabinet": ("Ne fait pas de visites à domicile.", "Ne parle aucune langue de la personne."),
        "refus": ("A refusé cette demande, ou la personne ne le souhaite pas.",),
        "muet": ("Ne parle aucune langue de la personne.",),
        "loin": ("À 39\u00a0min, au-delà de la limite de 20\u00a0min.",),
    }


def test_an_unknown_place_counts_as_the_limit():
    medecins = [Medecin(cle="sans_lieu", places=1), Medecin(cle="situe", places=1, lieux=(au_nord(1),))]
    classement = rank(patient(), medecins, on=JOUR)
    assert [(c.medecin, c.trajet.minutes) for c in classement.candidats] == [("situe", 7), ("sans_lieu", 45)]
    assert classement.candidats[1].raisons[0] == "Trajet inconnu."
    assert [c.trajet.km for c in rank(patient(lieu=None), medecins, on=JOUR).candidats] == [None, None]


def test_the_nearest_of_several_places_counts():
    medecin = Medecin(cle="deux", places=1, lieux=(au_nord(10), au_nord(1)))
    assert rank(patient(densite=Densite.DENSE), [medecin], on=JOUR).candidats[0].trajet.minutes == 9  # 5.2 + 3


def test_impossible_facts_are_refused():
    with pytest.raises(SaisieInvalide, match="longitude"):
        Lieu(200, 45)
    with pytest.raises(SaisieInvalide, match="négatif"):
        Medecin(cle="a", places=-1)
    with pytest.raises(SaisieInvalide, match="même clé"):
        assign([patient(), patient()], [], on=JOUR)
    with pytest.raises(ParametreAbsent):
        rank(patient(), [], on=date(2019, 9, 23))
