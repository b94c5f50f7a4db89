from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from maillon.regles.aci import (
    LigneExplication,
    Mission,
    Montant,
    MontantsContrat,
    MontantsMission,
    Taille,
    compute_aide_demarrage,
    compute_plafond,
    compute_plafond_taille,
    compute_taille,
    explain_taille,
    missions_of,
)
from maillon.regles.aci.types import libelle_of, round_cent
from maillon.regles.erreurs import BaremeIncomplet, ErreurRegle, ParametreAbsent, SaisieInvalide
from maillon.regles.parametres import Statut

AVENANT_2 = date(2022, 3, 31)
VEILLE = date(2022, 3, 30)


@pytest.mark.parametrize(("borne", "suivante"), [(40_000, 2), (80_000, 3), (175_000, 4)])
def test_exact_bound_is_a_parameter(borne, suivante):
    assert compute_taille(borne - 1, on=AVENANT_2) == suivante - 1
    assert compute_taille(borne, on=AVENANT_2) == suivante
    assert compute_taille(borne, on=AVENANT_2, borne_incluse="inferieure") == suivante - 1
    assert compute_taille(borne + 1, on=AVENANT_2, borne_incluse="inferieure") == suivante


def test_exact_bound_is_to_be_confirmed_down_to_the_total():
    assert explain_taille(80_000, on=AVENANT_2).ligne.a_confirmer
    assert not explain_taille(80_001, on=AVENANT_2).ligne.a_confirmer
    plafond = compute_plafond(on=AVENANT_2, population=80_000)
    assert plafond.total.a_confirmer
    assert not compute_plafond(on=AVENANT_2, population=80_001).total.a_confirmer


@pytest.mark.parametrize("population", [0, -1, 1.5, True, "97000"])
def test_impossible_population_is_refused(population):
    with pytest.raises(SaisieInvalide, match="habitants supérieur à zéro"):
        compute_taille(population, on=AVENANT_2)


def test_unknown_side_of_a_bound_is_refused():
    with pytest.raises(SaisieInvalide, match="côté"):
        compute_taille(50_000, on=AVENANT_2, borne_incluse="gauche")


def test_before_the_accord():
    with pytest.raises(ParametreAbsent, match="n’existe que depuis le 21/08/2019"):
        compute_plafond(on=date(2019, 8, 20), population=50_000)
    with pytest.raises(ParametreAbsent, match="n’existe que depuis le 21/08/2019"):
        compute_plafond(on=date(2019, 8, 20), taille=2)


@pytest.mark.parametrize(
    ("arguments", "raison"),
    [
        ({"taille": 5}, "taille « 5 »"),
        ({"taille": 2, "population": 50_000}, "soit la population, soit la taille"),
        ({}, "soit la population, soit la taille"),
        ({"taille": 2, "missions": ["acces", "acces"]}, "deux fois"),
        ({"taille": 2, "missions": ["acess"]}, "« acess » est inconnue"),
        ({"taille": 2, "annee_contrat": 0}, "un contrat dure 5 ans"),
        ({"taille": 2, "annee_contrat": 6}, "« 6 »"),
        ({"taille": 2, "annee_contrat": True}, "n’existe pas"),
    ],
)
def test_impossible_facts_are_refused(arguments, raison):
    with pytest.raises(SaisieInvalide) as refus:
        compute_plafond(on=AVENANT_2, **arguments)
    assert raison in str(refus.value).replace("\u00a0", " ")


@pytest.mark.parametrize(("taille", "somme"), [(Taille.TAILLE_1, 287_500), (2, 382_500), (3, 487_500), (4, 580_000)])
def test_sum_of_the_parts_is_the_published_ceiling_which_corroborates_it(taille, somme):
    plafond = compute_plafond(on=AVENANT_2, taille=taille)
    recoupement = plafond.explication[-1]
    assert plafond.total.valeur == recoupement.montant == somme
    assert recoupement.libelle.startswith("Recoupement")
    assert sum(ligne.total.valeur for ligne in plafond.lignes) == somme
    assert plafond.hors_activation.valeur + plafond.activation.valeur == somme
    assert plafond.fixe.valeur + plafond.variable.valeur == plafond.hors_activation.valeur


def test_a_published_ceiling_that_disagrees_makes_nothing_surer(monkeypatch):
    def disagree(*, taille, on):
        publie = compute_plafond_taille(taille=taille, on=on)
        return replace(publie, explication=(replace(publie.explication[0], montant=publie.valeur + 1),))

    monkeypatch.setattr("maillon.regles.aci.plafond.compute_plafond_taille", disagree)
    assert compute_plafond(on=AVENANT_2, taille=2).total.statut is Statut.MEMOIRE


def test_statut_of_a_total_is_that_of_its_weakest_part_unless_the_total_is_published():
    assert compute_plafond(on=AVENANT_2, taille=1).total.a_confirmer
    assert compute_plafond(on=AVENANT_2, taille=2).total.statut is Statut.ARITHMETIQUE
    assert compute_plafond(on=AVENANT_2, taille=2).hors_activation.statut is Statut.MEMOIRE
    assert compute_plafond(on=AVENANT_2, taille=2, annee_contrat=2).total.statut is Statut.MEMOIRE
    assert compute_plafond(on=AVENANT_2, taille=3).total.statut is Statut.ARITHMETIQUE
    assert compute_plafond(on=AVENANT_2, taille=3, annee_contrat=2).total.statut is Statut.VERIFIE
    assert compute_plafond(on=AVENANT_2, taille=4).total.statut is Statut.VERIFIE
    assert compute_plafond(on=AVENANT_2, taille=2, missions=[]).total.statut is Statut.VERIFIE


def test_every_amount_is_explained_by_a_text_and_a_date():
    plafond = compute_plafond(on=AVENANT_2, population=97_000, missions=[Mission.CRISE, Mission.ACCES])
    assert plafond.missions == (Mission.ACCES, Mission.CRISE)
    assert [ligne.poste for ligne in plafond.lignes] == ["fonctionnement", "acces", "crise"]
    assert [ligne.libelle for ligne in plafond.lignes] == ["Fonctionnement", "Accès aux soins", "Crise sanitaire"]
    lignes = plafond.total.explication
    assert sum(ligne.montant for ligne in lignes) == plafond.total.valeur
    assert all(isinstance(ligne, LigneExplication) and ligne.source and ligne.regle for ligne in lignes)
    assert {ligne.date for ligne in lignes} == {AVENANT_2}


def test_crisis_plan_is_halved_from_year_2():
    premiere, deuxieme = (
        compute_plafond(on=AVENANT_2, taille=3, missions=["crise"], annee_contrat=n).lignes[1] for n in (1, 2)
    )
    assert (premiere.fixe.valeur, deuxieme.fixe.valeur) == (45_000, 22_500)
    assert premiere.variable.valeur == 0
    assert premiere.activation.valeur == deuxieme.activation.valeur == 67_500
    assert "la moitié" in deuxieme.fixe.explication[0].regle


def test_2019_scale_knows_ceilings_only():
    plafond = compute_plafond(on=VEILLE, taille=3)
    assert plafond.total.valeur == plafond.hors_activation.valeur == 370_000
    assert plafond.lignes == ()
    assert plafond.fixe is None
    assert plafond.variable is None
    assert compute_plafond(on=VEILLE, taille=3, annee_contrat=4).total.valeur == 370_000
    with pytest.raises(BaremeIncomplet, match="ne peut pas en être déduite"):
        compute_plafond(on=VEILLE, taille=3, missions=["acces", "parcours", "prevention"])


def test_crisis_mission_begins_with_avenant_2():
    assert set(missions_of(AVENANT_2)) - set(missions_of(VEILLE)) == {Mission.CRISE}
    with pytest.raises(SaisieInvalide, match="vient avec l’avenant 2"):
        compute_plafond(on=VEILLE, taille=3, missions=["crise"])


def test_contract_with_a_single_amount_wins_over_the_scale():
    # Vénissieux: 210 000 € a year declared by its contract of 2019, which does not follow from the scale.
    montants = MontantsContrat("dossier de presse du 24/09/2019", plafond=Decimal(210_000))
    plafond = compute_plafond(on=date(2019, 9, 24), taille=2, montants=montants)
    assert plafond.total.valeur == 210_000
    assert plafond.total.explication[0].source == "dossier de presse du 24/09/2019"
    assert plafond.total.statut is Statut.VERIFIE


def test_contract_amounts_win_part_by_part():
    montants = MontantsContrat(
        "contrat",
        fonctionnement=Decimal(61_000),
        missions={
            Mission.ACCES: MontantsMission(fixe=Decimal(71_000)),
            Mission.CRISE: MontantsMission(fixe=Decimal(33_333), activation=Decimal(1)),
        },
    )
    plafond = compute_plafond(on=AVENANT_2, taille=2, missions=["acces", "crise"], montants=montants)
    assert plafond.total.valeur == 61_000 + 71_000 + 35_000 + 33_333 + 1
    assert plafond.total.a_confirmer, "the variable part of taille 2 still comes from memory"
    suivante = compute_plafond(on=AVENANT_2, taille=2, missions=["acces", "crise"], annee_contrat=2, montants=montants)
    assert [ligne.fixe.valeur for ligne in suivante.lignes] == [61_000, 71_000, Decimal("16666.50")]


def test_contract_amount_of_later_years():
    montants = MontantsContrat(
        "contrat", missions={Mission.CRISE: MontantsMission(Decimal(40_000), None, Decimal(9_000), Decimal(0))}
    )
    premiere, suivante = (
        compute_plafond(on=AVENANT_2, taille=2, missions=["crise"], annee_contrat=n, montants=montants).lignes[1]
        for n in (1, 2)
    )
    assert (premiere.total.valeur, suivante.total.valeur) == (40_000, 9_000)


def test_contract_with_all_its_parts_is_computed_under_2019():
    parts = MontantsMission(Decimal(10_000), Decimal(5_000))
    montants = MontantsContrat("contrat", missions=dict.fromkeys(missions_of(VEILLE), parts))
    plafond = compute_plafond(on=VEILLE, taille=1, montants=montants)
    assert plafond.total.valeur == 50_000 + 5 * 15_000
    with pytest.raises(BaremeIncomplet):
        compute_plafond(on=VEILLE, taille=1, montants=MontantsContrat("contrat", fonctionnement=Decimal(1)))


def test_impossible_contract_amounts_are_refused():
    with pytest.raises(SaisieInvalide, match="positifs"):
        MontantsMission(fixe=Decimal(-1))
    with pytest.raises(SaisieInvalide, match="positifs"):
        MontantsContrat("contrat", plafond=Decimal("NaN"))
    with pytest.raises(SaisieInvalide, match="pas les deux"):
        MontantsContrat("contrat", plafond=Decimal(1), fonctionnement=Decimal(1))
    with pytest.raises(SaisieInvalide, match="pas les deux"):
        MontantsContrat("contrat", plafond=Decimal(1), missions={Mission.ACCES: MontantsMission()})


def test_start_up_aid():
    with pytest.raises(SaisieInvalide, match="ne peut pas être"):
        compute_aide_demarrage(on=AVENANT_2, nombre=-1)
    assert compute_aide_demarrage(on=AVENANT_2, nombre=0).valeur == 0


def test_errors_are_value_errors_with_a_sentence():
    with pytest.raises(ErreurRegle) as refus:
        compute_plafond_taille(taille=0, on=AVENANT_2)
    assert isinstance(refus.value, ValueError)
    assert str(refus.value).endswith(".")


def test_rounding_is_half_up():
    assert [round_cent(Decimal(x)) for x in ("0.005", "0.0049", "2.675", "-0.005")] == [
        Decimal("0.01"),
        Decimal("0.00"),
        Decimal("2.68"),
        Decimal("-0.01"),
    ]
    assert libelle_of(None) == "Fonctionnement"
    assert Montant.somme([]) == Montant(Decimal("0.00"))
