"""Rules that contradict: the reasons given do, and none of them is too many."""

import pytest

from maillon.regles.gardes import Affectation, Indisponibilite, ProblemeContradictoire, solve
from regles.gardes.oracle import instant, personne, poste, probleme


def reasons(personnes, postes, **faits) -> list[str]:
    with pytest.raises(ProblemeContradictoire) as erreur:
        solve(probleme(personnes, postes, **faits))
    assert str(erreur.value).startswith("Aucun tableau ne respecte à la fois")
    return [raison.phrase.replace("\u00a0", " ") for raison in erreur.value.raisons]


def test_a_post_that_must_be_held_and_nobody_is_there():
    qui = [personne("p", nom="Dr P"), personne("r", nom="Dr R"), personne("i", profession="infirmier")]
    absences = [
        Indisponibilite(personne="p", debut=instant(0), fin=instant(1), motif="congé"),
        Indisponibilite(personne="r", debut=instant(0, 12)),
        Indisponibilite(personne="r", fin=instant(0, 8)),
        Indisponibilite(personne="i"),
    ]
    postes = [poste("a", 0, obligatoire=True), poste("b", 1, obligatoire=True)]
    assert sorted(reasons(qui, postes, indisponibilites=absences)) == [
        "Dr P est indisponible le lundi 4 janvier 2027 (congé)",
        "Dr R est indisponible à partir du lundi 4 janvier 2027 à 12 h",
        "la garde du lundi 4 janvier 2027, 14 h–20 h doit être tenue par 1 personne",
    ]


def test_published_duties_that_break_a_limit():
    qui = [personne("p", limites={"semaine": 1}), personne("r")]
    postes = [poste("a", 0), poste("b", 2, nom="SAS"), poste("c", 4)]
    fixees = [Affectation("a", "p"), Affectation("b", "p"), Affectation("c", "r")]
    assert sorted(reasons(qui, postes, fixees=fixees)) == [
        "p a déjà la garde du lundi 4 janvier 2027, 14 h–20 h",
        "p a déjà la garde « SAS » du mercredi 6 janvier 2027, 14 h–20 h",
        "p ne tient pas plus d’une garde par semaine",
    ]


@pytest.mark.parametrize(
    ("limites", "phrase"),
    [
        ({}, "p ne tient pas deux gardes en même temps"),
        ({"ecart_heures": 11}, "p a au moins 11 h entre deux gardes"),
        ({"consecutifs": 0}, "p n’est pas de garde plus de 0 jour de suite"),
        ({"mois": 1}, "p ne tient pas plus d’une garde par mois"),
        ({"periode": 1}, "p ne tient pas plus d’une garde sur la période"),
        ({"week_ends": 0}, "p n’est pas de garde le week-end"),
    ],
)
def test_each_rule_is_said(limites, phrase):
    postes = [poste("a", 5, 13), poste("b", 5, 13, heures=7)] if not limites else [poste("a", 5, 8), poste("b", 6, 0)]
    fixees = [Affectation("a", "p"), Affectation("b", "p")]
    assert phrase in reasons([personne("p", limites=limites)], postes, fixees=fixees)


def test_too_many_people_and_forbidden_pairs():
    qui = [personne("p"), personne("r")]
    assert "la garde du lundi 4 janvier 2027, 14 h–20 h n’a qu’une place" in reasons(
        qui, [poste("a", 0)], fixees=[Affectation("a", "p"), Affectation("a", "r")]
    )
    deux = reasons(qui, [poste("a", 0, besoin=2, obligatoire=True)], interdites=[Affectation("a", "r")])
    assert sorted(deux) == [
        "la garde du lundi 4 janvier 2027, 14 h–20 h doit être tenue par 2 personnes",
        "r ne peut pas tenir la garde du lundi 4 janvier 2027, 14 h–20 h",
    ]


@pytest.mark.parametrize(
    ("bornes", "quand"),
    [
        ({}, "tout le temps"),
        ({"debut": instant(0)}, "à partir du lundi 4 janvier 2027"),
        ({"fin": instant(28)}, "jusqu’au dimanche 31 janvier 2027"),
        ({"debut": instant(-3), "fin": instant(2)}, "du vendredi 1er janvier 2027 au mardi 5 janvier 2027"),
        (
            {"debut": instant(0, 8), "fin": instant(0, 15).replace(minute=30)},
            "du lundi 4 janvier 2027 à 8 h au lundi 4 janvier 2027 à 15 h 30",
        ),
    ],
)
def test_absences_are_said_as_people_say_them(bornes, quand):
    absence = Indisponibilite(personne="p", **bornes)
    assert f"p est indisponible {quand}" in reasons(
        [personne("p")], [poste("a", 0, obligatoire=True)], indisponibilites=[absence]
    )
