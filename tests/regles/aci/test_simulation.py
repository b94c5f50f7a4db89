"""A scale over many communities: what one contract costs is what its own ceiling says."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.aci import Mission, compute_plafond
from maillon.regles.aci.simulation import (
    POSTES,
    change_grille,
    compute_couts,
    find_tailles,
    read_grille,
)
from maillon.regles.erreurs import BaremeIncomplet, SaisieInvalide

AVENANT_2 = date(2023, 12, 22)


def couts_of(grille, *, taille: int, missions, annee: int):
    presentes = np.array([[mission in missions for mission in Mission]])
    return compute_couts(grille, tailles=np.array([taille]), missions=presentes, annees=np.array([annee]))


@pytest.mark.parametrize(
    ("population", "missions", "annee", "hors_crise", "activation"),
    [
        # Communiqué of 22/12/2023: 457 500 € of which 67 500 € only in a crisis; 367 500 € from year 2.
        (97_000, {"acces", "parcours", "prevention", "crise", "accompagnement"}, 1, 390_000, 67_500),
        (97_000, {"acces", "parcours", "prevention", "crise", "accompagnement"}, 2, 367_500, 67_500),
        (51_800, set(Mission), 1, 330_000, 52_500),
        (230_515, set(Mission), 1, 505_000, 75_000),
    ],
)
def test_published_contracts_cost_what_was_published(population, missions, annee, hors_crise, activation) -> None:
    grille = read_grille(AVENANT_2)
    [taille] = find_tailles(np.array([population]), grille)
    couts = couts_of(grille, taille=taille, missions=missions, annee=annee)
    assert couts.hors_activation.tolist() == [hors_crise * 100]
    assert couts.activation.tolist() == [activation * 100]


@given(
    taille=st.integers(1, 4),
    missions=st.sets(st.sampled_from(list(Mission))),
    annee=st.integers(1, 5),
)
def test_a_contract_costs_its_ceiling(taille, missions, annee) -> None:
    grille = read_grille(AVENANT_2)
    couts = couts_of(grille, taille=taille, missions=missions, annee=annee)
    plafond = compute_plafond(on=AVENANT_2, missions=missions, annee_contrat=annee, taille=taille)
    assert couts.hors_activation[0] == plafond.hors_activation.valeur * 100
    assert couts.activation[0] == plafond.activation.valeur * 100
    assert couts.by_poste.sum() == couts.hors_activation.sum()
    assert couts.a_confirmer[0] == any(
        montant.a_confirmer for ligne in plafond.lignes for montant in (ligne.fixe, ligne.variable, ligne.activation)
    )


def test_bounds_of_sizes_move_communities_up() -> None:
    grille = read_grille(AVENANT_2)
    populations = np.array([39_999, 40_000, 79_999, 80_000, 174_999, 175_000])
    assert find_tailles(populations, grille).tolist() == [1, 2, 2, 3, 3, 4]
    changee = change_grille(grille, bornes=(30_000, 60_000, 150_000))
    assert find_tailles(populations, changee).tolist() == [2, 2, 3, 3, 4, 4]


def test_a_rise_of_ten_per_cent_of_one_part_changes_that_part_only() -> None:
    grille = read_grille(AVENANT_2)
    changee = change_grille(grille, hausses={(Mission.ACCES, "variable"): Decimal(10)})
    avant = couts_of(grille, taille=3, missions=set(Mission), annee=1)
    apres = couts_of(changee, taille=3, missions=set(Mission), annee=1)
    # 35 000 € of variable part for a size 3: 3 500 € more.
    assert (apres.by_poste - avant.by_poste).tolist() == [350_000 if p is Mission.ACCES else 0 for p in POSTES]
    assert avant.by_poste.sum() == couts_of(grille, taille=3, missions=set(Mission), annee=1).by_poste.sum()


@pytest.mark.parametrize(
    "change",
    [
        {"hausses": {(None, "fixe"): Decimal(-101)}},
        {"hausses": {(None, "fixe"): Decimal("NaN")}},
        {"hausses": {(None, "fixe"): Decimal(1001)}},
        {"bornes": (80_000, 40_000, 175_000)},
        {"bornes": (0, 40_000, 175_000)},
    ],
)
def test_impossible_changes_are_refused(change) -> None:
    with pytest.raises(SaisieInvalide):
        change_grille(read_grille(AVENANT_2), **change)


def test_the_scale_of_2019_has_no_parts() -> None:
    with pytest.raises(BaremeIncomplet):
        read_grille(date(2020, 1, 1))


def test_the_crisis_mission_is_left_out_where_the_accord_has_none(monkeypatch) -> None:
    monkeypatch.setattr(
        "maillon.regles.aci.simulation.missions_of", lambda on: tuple(m for m in Mission if m != "crise")
    )
    grille = read_grille(AVENANT_2)
    assert not grille.montants[POSTES.index(Mission.CRISE)].any()


def test_a_thousand_contracts_at_once() -> None:
    grille = read_grille(AVENANT_2)
    hasard = np.random.default_rng(0)
    populations = hasard.integers(10_000, 300_000, 1000)
    tailles = find_tailles(populations, grille)
    missions = hasard.random((1000, len(Mission))) < 0.8
    annees = hasard.integers(1, 6, 1000)
    couts = compute_couts(grille, tailles=tailles, missions=missions, annees=annees)
    for rang in (0, 499, 999):
        choisies = [mission for mission, presente in zip(Mission, missions[rang], strict=True) if presente]
        plafond = compute_plafond(
            on=AVENANT_2, missions=choisies, annee_contrat=int(annees[rang]), population=int(populations[rang])
        )
        assert couts.hors_activation[rang] == plafond.hors_activation.valeur * 100
