"""A contract whose terms change: avenants on an anniversary, inside a year, without change."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillon.regles.aci import (
    Avenant,
    Mission,
    MontantsContrat,
    MontantsMission,
    Nature,
    Termes,
    apply_avenants,
    compute_anniversaires,
    compute_plafond,
    compute_plafond_termes,
    compute_versements,
    compute_versements_termes,
)
from maillon.regles.aci.types import round_cent
from maillon.regles.erreurs import BaremeIncomplet, SaisieInvalide

SIGNATURE = date(2023, 11, 8)
ANNEE_2, ANNEE_3 = date(2024, 11, 8), date(2025, 11, 8)
signatures = st.dates(min_value=date(2022, 3, 31), max_value=date(2080, 12, 31))
euros = st.decimals(min_value=0, max_value=500_000, places=2)


def build(*avenants, **termes):
    termes = {"taille": 3, "missions": ["acces"]} | termes
    return apply_avenants(Termes(depuis=SIGNATURE, **termes), avenants)


def schedule(*avenants, **termes):
    return compute_versements_termes(signature=SIGNATURE, termes=build(*avenants, **termes))


def rows(echeancier, mission=None, annee=None):
    return [
        (v.date, v.nature, v.valeur)
        for v in echeancier.versements
        if v.mission == mission and annee in (None, v.annee_contrat)
    ]


def test_a_change_of_size_on_an_anniversary_is_exact_and_as_sure_as_the_scale():
    echeancier = schedule(Avenant(effet=ANNEE_3, taille=4))
    assert rows(echeancier, annee=2)[0] == (ANNEE_2, Nature.AVANCE, 56_250)
    # Size 4: 90 000 of fonctionnement, 110 000 of accès aux soins.
    assert rows(echeancier, annee=3) == [(ANNEE_3, Nature.AVANCE, 67_500), (date(2026, 11, 8), Nature.SOLDE, 22_500)]
    assert rows(echeancier, Mission.ACCES, 3)[0] == (ANNEE_3, Nature.AVANCE, 82_500)
    assert not echeancier.total.a_confirmer
    assert [periode.taille.taille.value for periode in echeancier.periodes] == [3, 4]
    assert len(echeancier.lignes_taille) == 2


def test_a_change_of_size_inside_a_year_counts_real_days_and_is_to_be_confirmed():
    effet = date(2024, 5, 8)  # 182 days of 366 at 75 000, 184 at 90 000
    echeancier = schedule(Avenant(effet=effet, taille=4))
    # 75 000 × 182/366 + 90 000 × 184/366 = 37 295.08 + 45 245.90 = 82 540.98; year 1 is paid whole.
    assert rows(echeancier, annee=1) == [
        (SIGNATURE, Nature.TOTALITE, 75_000),
        (effet, Nature.AVANCE, Decimal("7540.98")),
    ]
    # 90 000 × 182/366 + 110 000 × 184/366 = 100 054.64; 75 % is 75 040.98, of which 67 500 were advanced.
    assert rows(echeancier, Mission.ACCES, 1) == [
        (SIGNATURE, Nature.AVANCE, 67_500),
        (effet, Nature.AVANCE, Decimal("7540.98")),
        (ANNEE_2, Nature.SOLDE, Decimal("25013.66")),
    ]
    premier, complement, solde = (v for v in echeancier.for_annee(1) if v.mission)
    assert (premier.statut.a_confirmer, complement.statut.a_confirmer, solde.statut.a_confirmer) == (False, True, True)
    assert "convention est à confirmer" in complement.regle
    assert "184 jours sur 366" in solde.regle
    assert solde.montant.explication[0].a_confirmer


def test_a_smaller_size_takes_back_at_the_balance_what_was_advanced():
    effet = date(2024, 2, 8)  # 92 days of 366 at 75 000, 274 at 50 000
    echeancier = schedule(Avenant(effet=effet, taille=1), missions=[])
    # 75 000 × 92/366 + 50 000 × 274/366 = 56 284.15 for a year paid 75 000 at signature.
    assert rows(echeancier, annee=1) == [
        (SIGNATURE, Nature.TOTALITE, 75_000),
        (ANNEE_2, Nature.REPRISE, Decimal("-18715.85")),
    ]
    (reprise,) = (v for v in echeancier.versements if v.nature is Nature.REPRISE)
    assert reprise.nature.libelle == "reprise sur avance"
    assert reprise.regle.startswith("Les avances ont dépassé ce qui est dû pour l’année 1")


def test_a_mission_added_by_an_avenant_starts_at_its_own_date():
    effet, depart = date(2024, 3, 1), date(2024, 5, 8)
    echeancier = schedule(
        Avenant(effet=effet, missions=["acces", "parcours"], demarrages={Mission.PARCOURS: depart}), taille=4
    )
    # The worked example of a mission started on 8 May 2024: 184 days of 366.
    assert rows(echeancier, Mission.PARCOURS, 1) == [
        (depart, Nature.AVANCE, Decimal("18852.46")),
        (ANNEE_2, Nature.SOLDE, Decimal("6284.15")),
    ]
    assert not next(v for v in echeancier.versements if v.mission is Mission.PARCOURS).statut.a_confirmer
    sans_depart = schedule(Avenant(effet=effet, missions=["acces", "parcours"]), taille=4)
    assert rows(sans_depart, Mission.PARCOURS, 1)[0][0] == effet


def test_a_mission_stopped_is_due_its_days_only():
    echeancier = schedule(Avenant(effet=date(2024, 5, 8), missions=[]), demarrages={Mission.ACCES: SIGNATURE})
    # 90 000 × 182/366 = 44 754.10 for 67 500 advanced.
    assert rows(echeancier, Mission.ACCES) == [
        (SIGNATURE, Nature.AVANCE, 67_500),
        (ANNEE_2, Nature.REPRISE, Decimal("-22745.90")),
    ]
    au_jour = schedule(Avenant(effet=ANNEE_2, missions=[]))
    assert [v.statut.a_confirmer for v in au_jour.versements if v.mission] == [False, False]
    assert sum(v.valeur for v in au_jour.versements if v.mission) == 90_000


def test_a_mission_stopped_then_taken_again():
    echeancier = schedule(
        Avenant(effet=date(2024, 2, 8), missions=[]), Avenant(effet=date(2024, 5, 8), missions=["acces"])
    )
    # 92 + 184 days of 366 at 90 000.
    assert sum(v[2] for v in rows(echeancier, Mission.ACCES, 1)) == round_cent(Decimal(90_000) * 276 / 366)


def test_own_amounts_and_the_scale_of_an_avenant():
    echeancier = schedule(
        Avenant(effet=ANNEE_2, montants=MontantsContrat("avenant 1", fonctionnement=Decimal(80_000))),
        Avenant(effet=ANNEE_3, on=ANNEE_3, population=230_515),
        population=97_000,
        taille=None,
    )
    # The own amounts stay until an avenant replaces them.
    assert [sum(r[2] for r in rows(echeancier, annee=n)) for n in (1, 2, 3)] == [75_000, 80_000, 80_000]
    assert [sum(r[2] for r in rows(echeancier, Mission.ACCES, n)) for n in (2, 3)] == [90_000, 110_000]
    assert [periode.on for periode in echeancier.periodes] == [SIGNATURE, SIGNATURE, ANNEE_3]


@pytest.mark.parametrize(
    ("effets", "raison"),
    [
        ([SIGNATURE], "ne peut pas prendre effet le 08/11/2023"),
        ([date(2028, 11, 8)], "ne peut pas prendre effet le 08/11/2028"),
        ([ANNEE_2, ANNEE_2], "Deux avenants prennent effet le 08/11/2024"),
    ],
)
def test_impossible_dates_of_effect_are_refused(effets, raison):
    with pytest.raises(SaisieInvalide, match=raison):
        schedule(*(Avenant(effet=effet) for effet in effets))


def test_terms_that_do_not_begin_at_signature_are_refused():
    with pytest.raises(SaisieInvalide, match="commencent à sa signature"):
        compute_versements_termes(signature=SIGNATURE, termes=())
    with pytest.raises(SaisieInvalide, match="commencent à sa signature"):
        compute_versements_termes(signature=ANNEE_2, termes=build())


def test_a_start_of_a_mission_never_contracted_is_refused():
    with pytest.raises(SaisieInvalide, match="n’est pas au contrat"):
        schedule(Avenant(effet=ANNEE_2, demarrages={Mission.CRISE: ANNEE_2}))


def test_an_avenant_known_by_its_total_has_no_schedule():
    with pytest.raises(BaremeIncomplet, match="ne donne qu’un plafond total"):
        schedule(Avenant(effet=ANNEE_2, montants=MontantsContrat("a", plafond=Decimal(1))))


# Ceiling -----------------------------------------------------------------------------------------------------------


def ceiling(annee, *avenants, **termes):
    return compute_plafond_termes(signature=SIGNATURE, termes=build(*avenants, **termes), annee_contrat=annee)


def test_ceiling_keeps_the_terms_of_each_year():
    avenant = Avenant(effet=ANNEE_3, taille=4, missions=["acces", "parcours"])
    avant = compute_plafond(on=SIGNATURE, taille=3, missions=["acces"], annee_contrat=2)
    assert ceiling(2, avenant) == avant
    apres = ceiling(3, avenant)
    # 90 000 + (110 000 + 45 000) + (50 000 + 50 000)
    assert (apres.total.valeur, apres.total.a_confirmer) == (345_000, False)


def test_ceiling_of_a_year_that_changes_inside_counts_days_of_the_fixed_parts():
    avenant = Avenant(effet=date(2024, 5, 8), taille=4, missions=["acces", "crise"])
    plafond = ceiling(1, avenant)
    fonctionnement, acces, crise = plafond.lignes
    assert fonctionnement.fixe.valeur == Decimal("82540.98")
    assert acces.fixe.valeur == Decimal("100054.64")
    # 50 000 × 184/366; the variable part and the activation are those of the last day.
    assert crise.fixe.valeur == Decimal("25136.61")
    assert (acces.variable.valeur, crise.activation.valeur) == (45_000, 75_000)
    assert plafond.total.a_confirmer
    assert acces.fixe.explication[0].a_confirmer
    assert plafond.missions == (Mission.ACCES, Mission.CRISE)
    assert plafond.total.valeur == sum(ligne.total.valeur for ligne in plafond.lignes)
    assert plafond.hors_activation.valeur == plafond.total.valeur - 75_000
    assert len([ligne for ligne in plafond.explication if ligne.libelle.startswith("Taille")]) == 2


def test_ceiling_of_a_mission_left_inside_a_year_and_an_amount_unchanged():
    plafond = ceiling(1, Avenant(effet=date(2024, 5, 8), missions=["crise"]), missions=["acces", "crise"])
    fonctionnement, acces, crise = plafond.lignes
    assert (fonctionnement.fixe.valeur, fonctionnement.fixe.a_confirmer) == (75_000, False)
    assert (acces.fixe.valeur, acces.variable.valeur) == (Decimal("44754.10"), 0)
    assert (crise.fixe.valeur, crise.fixe.a_confirmer) == (45_000, False)


def test_ceiling_known_by_totals_is_prorated_whole():
    signature, effet = date(2020, 1, 1), date(2020, 7, 1)  # 182 days of 366
    termes = apply_avenants(
        Termes(depuis=signature, taille=2),
        [Avenant(effet=effet, montants=MontantsContrat("avenant", plafond=Decimal(300_000)))],
    )
    plafond = compute_plafond_termes(signature=signature, termes=termes, annee_contrat=1)
    # 287 000 × 182/366 + 300 000 × 184/366
    assert plafond.total.valeur == Decimal("293535.52")
    assert plafond.total.a_confirmer
    assert plafond.lignes == ()


# Invariants --------------------------------------------------------------------------------------------------------


@given(signatures, st.integers(1, 1825), st.sampled_from([1, 2, 3, 4]), st.sets(st.sampled_from(Mission)))
def test_an_avenant_without_change_changes_nothing(signature, jours, taille, missions):
    simple = Termes(depuis=signature, taille=taille, missions=tuple(missions))
    effet = signature + timedelta(days=jours)
    assume(effet < compute_anniversaires(signature, on=signature)[-1])
    termes = apply_avenants(simple, [Avenant(effet=effet)])
    avec = compute_versements_termes(signature=signature, termes=termes)
    sans = compute_versements(signature=signature, taille=taille, missions=tuple(missions))
    assert avec.versements == sans.versements
    assert avec.explication == sans.explication
    for annee in range(1, 6):
        plafond = compute_plafond_termes(signature=signature, termes=termes, annee_contrat=annee)
        seul = compute_plafond(on=signature, taille=taille, missions=tuple(missions), annee_contrat=annee)
        assert plafond.total == seul.total


@given(signatures, st.lists(euros, min_size=3, max_size=3), st.tuples(st.integers(1, 1825), st.integers(1, 1825)))
def test_parts_of_a_year_sum_to_its_days_under_each_amount(signature, montants, jours):
    avant, apres, encore = montants
    jours = sorted(set(jours))
    bornes = compute_anniversaires(signature, on=signature)
    effets = [signature + timedelta(days=j) for j in jours]
    assume(all(effet < bornes[-1] for effet in effets))

    def propres(montant):
        return MontantsContrat("c", missions={Mission.PARCOURS: MontantsMission(montant, Decimal(0))})

    termes = apply_avenants(
        Termes(depuis=signature, taille=3, missions=("parcours",), montants=propres(avant)),
        [Avenant(effet=e, montants=propres(m)) for e, m in zip(effets, (apres, encore), strict=False)],
    )
    echeancier = compute_versements_termes(signature=signature, termes=termes)
    suite = [signature, *effets, bornes[-1]]
    for annee in range(1, 6):
        debut, fin = bornes[annee - 1], bornes[annee]
        du = Decimal(0)
        for montant, de, a in zip((avant, apres, encore), suite, suite[1:], strict=False):
            du += montant * max((min(a, fin) - max(de, debut)).days, 0)
        verses = [v for v in echeancier.for_annee(annee) if v.mission]
        assert sum(v.valeur for v in verses) == round_cent(du / (fin - debut).days)
        assert all(v.valeur > 0 for v in verses if v.nature is not Nature.REPRISE)
        assert all(debut <= v.date <= fin for v in verses)


@given(signatures, euros, st.integers(1, 364))
def test_two_halves_of_a_year_are_the_whole_to_the_cent(signature, montant, jour):
    """An amount that leaves on a day and comes back the next: nothing is lost but that day."""
    propres = MontantsContrat("c", fonctionnement=montant)
    termes = apply_avenants(
        Termes(depuis=signature, taille=1, missions=(), montants=propres),
        [Avenant(effet=signature + timedelta(days=jour), montants=MontantsContrat("d", fonctionnement=montant))],
    )
    echeancier = compute_versements_termes(signature=signature, termes=termes)
    assert sum(v.valeur for v in echeancier.for_annee(1)) == montant
