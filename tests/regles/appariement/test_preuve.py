"""The proof goes red when the assignment is spoiled, and the flow finds the optimum of lists too long to be tried."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from ortools.sat.python import cp_model

from maillon.regles.appariement import Besoin, Densite, Lieu, Medecin, Patient, assign, flot, load_reglages
from maillon.regles.appariement.certificat import check_choix, check_faisable, check_priorite, compute_borne
from maillon.regles.appariement.couts import build_couts
from maillon.regles.appariement.grille import build_grille
from maillon.regles.appariement.trajets import estimate_trajet
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from regles.appariement.oracle import convient, merite

JOUR = date(2026, 11, 22)
REGLAGES = load_reglages(on=JOUR)
DEPOT = datetime(2026, 1, 1, tzinfo=UTC)


def draw(patients: int, medecins: int, places: int, graine: int) -> tuple[list[Patient], list[Medecin]]:
    """A list over thirty kilometres, with needs, refusals and choices."""
    hasard = random.Random(graine)

    def lieu() -> Lieu:
        return Lieu(4.2 + hasard.randrange(40) / 100, 45.3 + hasard.randrange(30) / 100)

    cles = [f"m{numero:02}" for numero in range(medecins)]
    return [
        Patient(
            cle=f"p{numero:03}",
            score=hasard.randrange(60),
            deposee_le=DEPOT + timedelta(hours=hasard.randrange(1000)),
            lieu=lieu(),
            densite=hasard.choice(list(Densite)),
            besoins=frozenset(b for b in Besoin if hasard.random() < 0.1),
            exclus=frozenset(hasard.sample(cles, hasard.randrange(3))),
            choix=tuple(hasard.sample(cles, hasard.choice((0, 0, 0, 1, 2)))),
        )
        for numero in range(patients)
    ], [
        Medecin(
            cle=cle,
            places=hasard.randrange(2 * places),
            lieux=(lieu(), lieu()),
            accepte=frozenset(b for b in Besoin if hasard.random() < 0.8),
            charge=hasard.randrange(5),
        )
        for cle in cles
    ]


@pytest.mark.parametrize("graine", range(3))
def test_an_integer_program_finds_no_better(graine):
    """The same question asked of another solver, as an integer program, one objective after the other."""
    patients, medecins = draw(20, 6, 3, graine)
    rangs = sorted(patients, key=lambda p: p.rang)
    modele = cp_model.CpModel()
    x = {(p.cle, m.cle): modele.new_bool_var(f"{p.cle} {m.cle}") for p in rangs for m in medecins if convient(p, m)}
    for patient in rangs:
        modele.add_at_most_one(x[cle] for cle in x if cle[0] == patient.cle)
    unites = []
    for medecin in medecins:
        prises = [modele.new_bool_var(f"{medecin.cle} place {numero}") for numero in range(medecin.places)]
        modele.add(sum(x[cle] for cle in x if cle[1] == medecin.cle) == sum(prises))
        total = medecin.charge + medecin.places
        unites += [
            (1000 * (2 * (medecin.charge + numero) - 1) // total, prise) for numero, prise in enumerate(prises, start=1)
        ]

    def settle(objectif) -> int:
        """Minimum of this objective, which the next ones keep."""
        modele.minimize(objectif)
        solveur = cp_model.CpSolver()
        solveur.parameters.num_workers = 1
        solveur.parameters.random_seed = 0
        assert solveur.solve(modele) == cp_model.OPTIMAL
        valeur = round(solveur.objective_value)
        modele.add(objectif == valeur)
        return valeur

    # Powers: whoever can be placed is, in the order of the rank; then each has the best choice left by those before.
    attendus = [sum(x[cle] for cle in x if cle[0] == p.cle) for p in rangs]
    settle(-sum(2 ** (len(rangs) - rang) * place for rang, place in enumerate(attendus)))
    voulus = [p for p in rangs if p.choix]
    poids = {p.cle: 3 ** (len(voulus) - rang) for rang, p in enumerate(voulus)}
    points = [(2 - p.choix.index(m)) * poids[p.cle] * x[p.cle, m] for p in voulus for m in p.choix if (p.cle, m) in x]
    settle(-sum(points))
    trajets = {
        (p.cle, m.cle): min(
            estimate_trajet(p.lieu, lieu, densite=p.densite, reglages=REGLAGES).minutes for lieu in m.lieux
        )
        for p in patients
        for m in medecins
    }
    minutes = settle(sum(trajets[cle] * x[cle] for cle in x))
    equite = settle(sum(cout * prise for cout, prise in unites))
    repartition = assign(patients, medecins, on=JOUR)
    assert repartition.certificat.prouve
    assert merite(repartition.paires, patients, medecins)[2:4] == (minutes, equite)


@pytest.mark.parametrize("graine", range(3))
def test_arcs_left_aside_were_useless(graine, monkeypatch):
    patients, medecins = draw(300, 40, 8, graine)
    repartition = assign(patients, medecins, on=JOUR)
    monkeypatch.setattr(flot, "_PROCHES", len(medecins))
    complete = assign(patients, medecins, on=JOUR)
    assert repartition.certificat.prouve
    assert repartition.certificat.cout == complete.certificat.cout


def line(km: float) -> Lieu:
    return Lieu(4.0, 45.0 + km / 111.195)


def example():
    """Two who could go to either doctor, one who could go to the first only; one place each."""
    patients = [
        Patient(cle=cle, score=score, deposee_le=DEPOT, lieu=line(km), exclus=frozenset(exclus))
        for cle, score, km, exclus in (("a", 30, 0, ""), ("b", 20, 4, ""), ("c", 10, 0, "n"))
    ]
    medecins = [Medecin(cle="m", places=1, lieux=(line(0),)), Medecin(cle="n", places=1, lieux=(line(4),))]
    return build_grille(patients, medecins, REGLAGES)


def test_the_right_assignment_is_proven():
    grille = example()
    assert check_faisable(grille, [(0, 0), (1, 1)])
    assert check_priorite(grille, [(0, 0), (1, 1)])


def test_an_impossible_assignment_is_seen():
    grille = example()
    assert not check_faisable(grille, [(0, 0), (1, 0)])  # two for one place
    assert not check_faisable(grille, [(0, 0), (0, 1)])  # twice the same person
    assert not check_faisable(grille, [(2, 1)])  # a doctor who declined


def test_a_rank_passed_over_is_seen():
    grille = example()
    assert not check_priorite(grille, [(1, 1), (2, 0)])  # the first is left out for the last
    assert not check_priorite(grille, [(0, 1), (2, 0)])  # the second too, though only by moving the first
    assert not check_priorite(grille, [(0, 0)])  # a place stays free


def test_a_choice_passed_over_is_seen():
    patients = [
        Patient(cle=cle, score=score, deposee_le=DEPOT, lieu=line(0), choix=tuple(choix))
        for cle, score, choix in (("a", 30, "n"), ("b", 20, "no"), ("c", 10, ""))
    ]
    medecins = [Medecin(cle=cle, places=1, lieux=(line(0),)) for cle in "mno"]
    grille = build_grille(patients, medecins, REGLAGES)
    assert check_choix(grille, [(0, 1), (1, 2), (2, 0)])
    assert not check_choix(grille, [(0, 0), (1, 1), (2, 2)])  # the first gives way to the second
    assert not check_choix(grille, [(0, 1), (1, 0), (2, 2)])  # the second choice goes to who asked nothing
    assert not check_choix(grille, [(0, 1), (1, 0)])  # the second choice stays free


def test_a_longer_total_is_seen():
    grille = example()
    lignes = [0, 1]
    couts = build_couts(grille.minutes[lignes], grille.medecins, None)
    # 3 minutes each at their own doctor, 14 each otherwise; a place costs a thousandth of fairness more than nothing.
    assert couts.total([(0, 0), (1, 1)]) == 6 * couts.minute + 2000
    assert couts.total([(0, 1), (1, 0)]) == 28 * couts.minute + 2000
    for prix in ([0, 0], [1000, 1000], [5 * couts.minute, 0], [-1, 40]):
        borne = compute_borne(couts, np.array(prix), grille.possibles[lignes])
        assert borne <= couts.total([(0, 0), (1, 1)])
    assert compute_borne(couts, np.array([1000, 1000]), grille.possibles[lignes]) == 6 * couts.minute + 2000


def test_more_than_the_solver_can_count_is_refused():
    # 2⁵⁹ = 5.8 × 10¹⁷. For 30 000 people: changes 30 001 × fairness (60 × 10⁶) × 3 000 min × 30 000 nodes = 1.6 × 10²⁰.
    with pytest.raises(SaisieInvalide, match="c’est trop"):
        build_couts(np.full((30_000, 1), 3000), [Medecin(cle="m", places=1)], [-1] * 30_000)


def test_a_solver_that_fails_is_not_believed(monkeypatch):
    monkeypatch.setattr(flot.SimpleMinCostFlow, "solve", lambda solveur: solveur.INFEASIBLE)
    patients, medecins = draw(5, 3, 3, 0)
    with pytest.raises(ErreurRegle, match="n’a pas pu être calculée"):
        assign(patients, medecins, on=JOUR)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(SaisieInvalide, match="ligne droite"):
        replace(REGLAGES, detour=0.9)
    with pytest.raises(SaisieInvalide, match="vitesse"):
        replace(REGLAGES, vitesses={Densite.DENSE: (0, 1, 1)})
    with pytest.raises(SaisieInvalide, match="une minute"):
        replace(REGLAGES, limite_visite=0)


def test_too_many_languages_are_refused():
    langues = frozenset(f"l{numero}" for numero in range(63))
    with pytest.raises(SaisieInvalide, match="62 langues"):
        build_grille([], [Medecin(cle="m", places=1, langues=langues)], REGLAGES)
