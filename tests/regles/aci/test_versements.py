from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillon.regles.aci import (
    Mission,
    MontantsContrat,
    MontantsMission,
    Nature,
    compute_anniversaires,
    compute_plafond,
    compute_prorata,
    compute_versements,
    compute_versements_premiere_annee,
)
from maillon.regles.aci.types import round_cent
from maillon.regles.erreurs import BaremeIncomplet, SaisieInvalide

SIGNATURE = date(2023, 11, 8)
euros = st.decimals(min_value=0, max_value=500_000, places=2)
signatures = st.dates(min_value=date(2022, 3, 31), max_value=date(2080, 12, 31))


def amounts(echeancier, **criteres):
    return [
        v.montant.valeur
        for v in echeancier.versements
        if all(getattr(v, nom) == valeur for nom, valeur in criteres.items())
    ]


def test_fonctionnement_is_paid_whole_at_signature_then_three_quarters():
    echeancier = compute_versements(signature=SIGNATURE, taille=3, missions=[])
    assert [(v.date.year, v.annee_contrat, v.nature, v.montant.valeur) for v in echeancier.versements] == [
        (2023, 1, Nature.TOTALITE, 75_000),
        (2024, 2, Nature.AVANCE, 56_250),
        (2025, 2, Nature.SOLDE, 18_750),
        (2025, 3, Nature.AVANCE, 56_250),
        (2026, 3, Nature.SOLDE, 18_750),
        (2026, 4, Nature.AVANCE, 56_250),
        (2027, 4, Nature.SOLDE, 18_750),
        (2027, 5, Nature.AVANCE, 56_250),
        (2028, 5, Nature.SOLDE, 18_750),
    ]
    assert echeancier.total.valeur == 5 * 75_000
    assert {v.poste for v in echeancier.versements} == {"fonctionnement"}
    assert echeancier.versements[0].libelle == "Fonctionnement"


def test_mission_started_late_is_prorated_in_days_to_the_next_anniversary():
    depart = date(2024, 5, 8)
    echeancier = compute_versements(
        signature=SIGNATURE, taille=4, missions=["parcours"], demarrages={Mission.PARCOURS: depart}
    )
    # 184 days from 8 May to 8 November 2024, of the 366 of the contract year: 50 000 × 184 / 366 = 25 136.61.
    premier, solde = (v for v in echeancier.for_annee(1) if v.mission)
    assert (premier.date, premier.montant.valeur) == (depart, Decimal("18852.46"))
    assert (solde.date, solde.montant.valeur) == (date(2024, 11, 8), Decimal("6284.15"))
    assert "184 jours sur 366" in premier.montant.explication[0].regle
    assert amounts(echeancier, mission=Mission.PARCOURS, annee_contrat=2) == [37_500, 12_500]


def test_mission_started_in_year_3_pays_nothing_before():
    echeancier = compute_versements(
        signature=SIGNATURE, taille=3, missions=["qualite"], demarrages={"qualite": date(2025, 11, 8)}
    )
    assert [v.annee_contrat for v in echeancier.versements if v.mission] == [3, 3, 4, 4, 5, 5]
    assert amounts(echeancier, mission=Mission.QUALITE, annee_contrat=3) == [11_250, 3_750]


def test_crisis_plan_is_halved_from_year_2():
    echeancier = compute_versements(signature=SIGNATURE, taille=3, missions=["crise"])
    assert [sum(amounts(echeancier, mission=Mission.CRISE, annee_contrat=n)) for n in range(1, 6)] == [
        45_000,
        22_500,
        22_500,
        22_500,
        22_500,
    ]


def test_payments_by_date_and_explanation():
    echeancier = compute_versements(signature=SIGNATURE, population=230_515)
    par_date = echeancier.by_date()
    assert par_date[SIGNATURE].valeur == 288_750
    assert sum(m.valeur for m in par_date.values()) == echeancier.total.valeur
    assert [v.date for v in echeancier.versements] == sorted(v.date for v in echeancier.versements)
    assert echeancier.explication[0].regle.replace("\u202f", " ").startswith("230 515 habitants")
    assert len(echeancier.explication) == 1 + len(echeancier.versements)
    assert compute_versements_premiere_annee(signature=SIGNATURE, population=230_515).total.valeur == 288_750


def test_scale_may_be_older_than_the_signature():
    echeancier = compute_versements(signature=SIGNATURE, on=date(2022, 3, 31), taille=1)
    assert echeancier.on == date(2022, 3, 31)
    assert echeancier.total.a_confirmer


def test_anniversaries_of_a_29_february():
    jours = compute_anniversaires(date(2024, 2, 29), on=date(2024, 2, 29))
    assert [f"{jour:%d/%m/%Y}" for jour in jours] == [
        "29/02/2024",
        "28/02/2025",
        "28/02/2026",
        "28/02/2027",
        "29/02/2028",
        "28/02/2029",
    ]
    with pytest.raises(SaisieInvalide, match="impossible"):
        compute_anniversaires(date(9998, 1, 1), on=SIGNATURE)


@pytest.mark.parametrize(
    ("demarrages", "raison"),
    [
        ({"qualite": SIGNATURE}, "n’est pas au contrat"),
        ({"acces": SIGNATURE - timedelta(days=1)}, "ne peut pas démarrer le 07/11/2023"),
        ({"acces": date(2028, 11, 8)}, "ne peut pas démarrer le 08/11/2028"),
        ({"acess": SIGNATURE}, "inconnue"),
    ],
)
def test_impossible_starts_are_refused(demarrages, raison):
    with pytest.raises(SaisieInvalide, match=raison):
        compute_versements(signature=SIGNATURE, taille=3, missions=["acces"], demarrages=demarrages)


def test_parts_that_are_not_known_are_refused():
    with pytest.raises(BaremeIncomplet, match="ne donne qu’un plafond total"):
        compute_versements(signature=SIGNATURE, taille=3, montants=MontantsContrat("c", plafond=Decimal(210_000)))
    with pytest.raises(BaremeIncomplet, match="ne publie que le plafond"):
        compute_versements(signature=date(2020, 1, 1), taille=3)


@given(signatures, st.integers(0, 4))
def test_prorata_of_a_full_year_is_one(signature, annee):
    jours = compute_anniversaires(signature, on=signature)
    assert compute_prorata(debut=jours[annee], annee_debut=jours[annee], annee_fin=jours[annee + 1]) == 1


@given(signatures, st.integers(0, 4), st.integers(1, 365))
def test_prorata_splits_a_year_without_loss(signature, annee, decalage):
    debut, fin = compute_anniversaires(signature, on=signature)[annee : annee + 2]
    milieu = debut + timedelta(days=decalage)
    assume(milieu < fin)
    avant = Fraction((milieu - debut).days, (fin - debut).days)
    assert 0 < compute_prorata(debut=milieu, annee_debut=debut, annee_fin=fin) == 1 - avant < 1


def test_prorata_outside_the_year_is_refused():
    with pytest.raises(SaisieInvalide, match="n’est pas dans l’année de contrat"):
        compute_prorata(debut=date(2024, 11, 8), annee_debut=SIGNATURE, annee_fin=date(2024, 11, 8))


@given(
    signatures, st.lists(euros, min_size=7, max_size=7), st.dictionaries(st.sampled_from(Mission), st.integers(0, 1825))
)
def test_advances_and_balances_sum_to_what_each_year_is_due(signature, montants_euros, decalages):
    fonctionnement, *fixes = montants_euros
    montants = MontantsContrat(
        "contrat",
        fonctionnement=fonctionnement,
        missions={
            mission: MontantsMission(fixe, Decimal(0), fixe, Decimal(0))
            for mission, fixe in zip(Mission, fixes, strict=True)
        },
    )
    jours = compute_anniversaires(signature, on=signature)
    demarrages = {mission: signature + timedelta(days=d) for mission, d in decalages.items()}
    assume(all(jour < jours[-1] for jour in demarrages.values()))
    echeancier = compute_versements(signature=signature, taille=4, montants=montants, demarrages=demarrages)
    for annee in range(1, 6):
        debut, fin = jours[annee - 1], jours[annee]
        assert sum(amounts(echeancier, mission=None, annee_contrat=annee)) == fonctionnement
        for mission, fixe in zip(Mission, fixes, strict=True):
            depart = max(demarrages.get(mission, signature), debut)
            du = round_cent(Fraction(fixe) * Fraction(max((fin - depart).days, 0), (fin - debut).days))
            assert sum(amounts(echeancier, mission=mission, annee_contrat=annee)) == du
    assert all(v.montant.valeur > 0 for v in echeancier.versements)


@given(st.sampled_from([1, 2, 3, 4]), st.sets(st.sampled_from(Mission)), signatures)
def test_schedule_of_missions_started_at_signature_is_the_fixed_ceiling_of_each_year(taille, missions, signature):
    echeancier = compute_versements(signature=signature, taille=taille, missions=missions)
    for annee in range(1, 6):
        plafond = compute_plafond(on=signature, taille=taille, missions=missions, annee_contrat=annee)
        assert sum(amounts(echeancier, annee_contrat=annee)) == plafond.fixe.valeur
