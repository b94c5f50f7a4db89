"""Termination: advances repaid pro rata temporis. Expected euros are computed by hand from the rule."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillon.regles.aci import (
    ENSEMBLE,
    Avenant,
    Mission,
    Termes,
    apply_avenants,
    compute_anniversaires,
    compute_resiliation,
)
from maillon.regles.aci.resiliation import list_versements
from maillon.regles.aci.versement import Nature
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut

SIGNATURE = date(2023, 11, 8)
LE = date(2026, 2, 16)  # 100 days after the anniversary of 8 November 2025, in a year of 365


def end(le=LE, *avenants, recus=None, **termes):
    base = Termes(depuis=SIGNATURE, **({"taille": 4, "missions": ["acces"]} | termes))
    return compute_resiliation(signature=SIGNATURE, termes=apply_avenants(base, avenants), le=le, recus=recus)


def test_worked_example_of_a_size_4_ended_after_100_days_of_year_3():
    compte = end()
    assert (compte.annee_contrat, compte.jours, compte.jours_annee) == (3, 100, 365)
    # Advances at the anniversary: 75 % of 90 000 and of 110 000. Due: 100/365 of each.
    assert [(li.poste, li.paye, li.du, li.a_rembourser, li.reste_du) for li in compte.lignes] == [
        ("fonctionnement", 67_500, Decimal("24657.53"), Decimal("42842.47"), 0),
        ("acces", 82_500, Decimal("30136.99"), Decimal("52363.01"), 0),
    ]
    assert (compte.paye, compte.du, compte.a_rembourser) == (150_000, Decimal("54794.52"), Decimal("95205.48"))
    assert compte.statut is Statut.ARITHMETIQUE
    ligne = compte.lignes[0]
    assert ligne.regle.replace("\u202f", " ").replace("\u00a0", " ") == (
        "Payé 67 500 €, dû 24 657,53 € (90 000 € × 100/365 jours) : 42 842,47 € à rembourser."
    )
    assert [li.montant for li in compte.explication] == [Decimal("42842.47"), Decimal("52363.01")]


def test_the_account_as_payments_completes_the_year_to_what_its_days_are_due():
    compte = end()
    assert [(v.date, v.annee_contrat, v.poste, v.nature, v.valeur) for v in list_versements(compte)] == [
        (LE, 3, "fonctionnement", Nature.REPRISE, Decimal("-42842.47")),
        (LE, 3, "acces", Nature.REPRISE, Decimal("-52363.01")),
    ]
    assert "90\u202f000" in list_versements(compte)[0].regle.replace("\u00a0", "\u202f")
    assert {v.nature for v in list_versements(end(date(2026, 11, 7)))} == {Nature.SOLDE}
    # Everything was paid at signature, and the year is whole: nothing to settle.
    assert [v.poste for v in list_versements(end(date(2024, 11, 8)))] == ["acces"]


def test_the_last_day_of_a_year_leaves_something_due_to_the_community():
    compte = end(date(2026, 11, 7))  # 364 days of 365 for 75 % advanced
    assert compte.a_rembourser == 0
    # 90 000 × 364/365 − 67 500 and 110 000 × 364/365 − 82 500
    assert [li.reste_du for li in compte.lignes] == [Decimal("22253.42"), Decimal("27198.63")]
    assert compte.reste_du == Decimal("49452.05")
    assert "restent dus à la communauté" in compte.lignes[0].regle


def test_an_anniversary_ends_the_year_before_it():
    compte = end(date(2025, 11, 8))
    assert (compte.annee_contrat, compte.jours) == (2, 365)
    assert [li.reste_du for li in compte.lignes] == [22_500, 27_500]


def test_what_was_really_received_replaces_the_expected():
    compte = end(recus={"fonctionnement": Decimal(60_000), "qualite": Decimal(1_000)})
    assert [(li.poste, li.paye, li.a_rembourser, li.reste_du) for li in compte.lignes] == [
        ("fonctionnement", 60_000, Decimal("35342.47"), 0),
        ("acces", 0, 0, Decimal("30136.99")),
        ("qualite", 1_000, 1_000, 0),
    ]
    assert "rien n’est dû" in compte.lignes[2].regle


def test_receipts_that_name_no_poste_are_compared_whole():
    compte = end(recus={ENSEMBLE: Decimal(150_000)})
    (ligne,) = compte.lignes
    assert (ligne.libelle, ligne.a_rembourser) == ("Ensemble", Decimal("95205.48"))
    exact = end(recus={ENSEMBLE: Decimal("54794.52")})
    assert exact.lignes[0].regle.endswith("rien à rembourser.")


def test_a_year_whose_terms_changed_is_to_be_confirmed_and_a_later_mission_is_not_counted():
    avenant = Avenant(
        effet=date(2026, 1, 7), taille=3, missions=["acces", "parcours"], demarrages={Mission.PARCOURS: LE}
    )
    compte = end(LE, avenant)
    fonctionnement, acces = compte.lignes
    # 60 days at 90 000 and 40 at 75 000, of 365.
    assert fonctionnement.du == Decimal("23013.70")
    assert (fonctionnement.statut, acces.statut) == (Statut.MEMOIRE, Statut.MEMOIRE)
    assert "× 60/365 jours + " in fonctionnement.regle


@pytest.mark.parametrize("le", [SIGNATURE, date(2028, 11, 8), date(2020, 1, 1)])
def test_a_date_outside_the_contract_is_refused(le):
    with pytest.raises(SaisieInvalide, match="ne peut pas être résilié"):
        end(le)


def test_impossible_receipts_are_refused():
    with pytest.raises(SaisieInvalide, match="« loisirs » est inconnue"):
        end(recus={"loisirs": Decimal(1)})
    with pytest.raises(SaisieInvalide, match="n’est pas un nombre"):
        end(recus={"acces": Decimal("NaN")})


@given(
    st.dates(min_value=date(2022, 3, 31), max_value=date(2080, 12, 31)),
    st.integers(1, 1826),
    st.sampled_from([1, 2, 3, 4]),
    st.sets(st.sampled_from(Mission)),
    st.integers(1, 1825),
)
def test_repayment_is_between_nothing_and_what_was_paid(signature, jours, taille, missions, effet):
    fin = compute_anniversaires(signature, on=signature)[-1]
    le = signature + timedelta(days=jours)
    assume(le < fin and signature + timedelta(days=effet) < fin)
    termes = apply_avenants(
        Termes(depuis=signature, taille=taille, missions=tuple(missions)),
        [Avenant(effet=signature + timedelta(days=effet), taille=5 - taille, missions=tuple(Mission))],
    )
    compte = compute_resiliation(signature=signature, termes=termes, le=le)
    for ligne in compte.lignes:
        assert 0 <= ligne.a_rembourser <= ligne.paye
        assert ligne.paye - ligne.a_rembourser + ligne.reste_du == ligne.du
        assert ligne.reste_du >= 0
