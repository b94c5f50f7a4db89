"""Pure computations: expected values are worked out by hand from the facts given."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.pilotage.budget.calcul import (
    BaseEnveloppe,
    Deplacement,
    Encaissement,
    Mouvement,
    Prevu,
    Recu,
    compute_enveloppes,
    compute_tresorerie,
    list_mois,
    match_versements,
)

DEBUT, FIN = date(2025, 12, 22), date(2026, 12, 22)
ON = date(2026, 6, 22)  # 182 days after the beginning


def euros(montant: str | int) -> Decimal:
    return Decimal(montant).quantize(Decimal("0.01"))


def depense(le: date, montant: int, *, paye: bool = True, recurrent: bool = False, poste: str = "acces") -> Mouvement:
    return Mouvement(le, poste, "prestations", euros(montant), depense=True, paye=paye, recurrent=recurrent)


def compute(mouvements, *, fixe=10_000, a_confirmer=0, deplacements=(), on=ON):
    base = BaseEnveloppe("acces", "Accès aux soins", euros(fixe), a_confirmer=euros(a_confirmer))
    (enveloppe,) = compute_enveloppes([base], deplacements, mouvements, debut=DEBUT, fin=FIN, on=on)
    return enveloppe


def test_spent_committed_and_remaining():
    enveloppe = compute(
        [
            depense(date(2026, 1, 10), 2_000),
            depense(date(2026, 2, 1), -500),  # a reversal
            depense(date(2026, 9, 1), 3_000, paye=False),
            depense(date(2027, 1, 1), 9_000, paye=False),  # of another year
        ],
        on=date(2026, 2, 10),  # the pace does not count before ninety days
    )
    assert (enveloppe.depenses.paye, enveloppe.depenses.engage) == (euros(1_500), euros(3_000))
    assert enveloppe.reste == euros(5_500)
    assert enveloppe.taux == Decimal("0.45")
    assert enveloppe.depenses.projete == euros(4_500)
    assert not enveloppe.a_risque


def test_what_is_to_confirm_is_never_counted_as_sure():
    enveloppe = compute([depense(date(2026, 1, 10), 12_000)], a_confirmer=5_000, on=date(2026, 2, 10))
    assert enveloppe.sure == euros(10_000)
    assert (enveloppe.manque, enveloppe.couvert) == (euros(2_000), euros(2_000))
    assert enveloppe.epuisee_le == date(2026, 1, 10)


def test_a_decision_of_the_bureau_moves_euros():
    base = [BaseEnveloppe("acces", "Accès", euros(10_000)), BaseEnveloppe("crise", "Crise", euros(4_000))]
    acces, crise = compute_enveloppes(
        base, [Deplacement("acces", "crise", euros(1_500))], [], debut=DEBUT, fin=FIN, on=ON
    )
    assert (acces.sure, crise.sure) == (euros(8_500), euros(5_500))


def test_monthly_spending_says_the_day_when_the_envelope_is_exhausted():
    mois = list_mois(date(2026, 1, 1), date(2026, 12, 21), 5)
    mouvements = [depense(jour, 1_000, paye=jour <= ON, recurrent=True) for jour in mois]
    enveloppe = compute(mouvements, fixe=10_500)
    # Twelve months of 1 000: the eleventh passes 10 500.
    assert enveloppe.depenses.projete == euros(12_000)
    assert enveloppe.epuisee_le == date(2026, 11, 5)
    assert enveloppe.manque == euros(1_500)


def test_occasional_spending_follows_its_pace_unless_more_is_committed():
    paye = [depense(date(2026, 3, 1), 1_820)]  # 10 € a day over 182 days
    # 183 days remain: 1 830 more.
    assert compute(paye).depenses.projete == euros(3_650)
    engage = [*paye, depense(date(2026, 10, 1), 5_000, paye=False)]
    assert compute(engage).depenses.projete == euros(6_820)


def test_an_overdue_commitment_is_due_now():
    enveloppe = compute([depense(date(2026, 5, 1), 11_000, paye=False)])
    assert enveloppe.epuisee_le == ON


def test_an_unknown_envelope_is_not_at_risk():
    base = BaseEnveloppe("acces", "Accès", None)
    (enveloppe,) = compute_enveloppes([base], [], [depense(date(2026, 1, 1), 5_000)], debut=DEBUT, fin=FIN, on=ON)
    assert not enveloppe.connue
    assert not enveloppe.a_risque
    assert enveloppe.taux is None


@given(
    st.lists(
        st.tuples(
            st.dates(DEBUT, date(2026, 12, 21)),
            st.integers(1, 5_000),
            st.booleans(),
            st.sampled_from(["acces", "crise"]),
        ),
        max_size=12,
    )
)
def test_categories_and_postes_sum_to_the_whole(lignes):
    mouvements = [depense(le, montant, paye=paye and le <= ON, poste=poste) for le, montant, paye, poste in lignes]
    bases = [BaseEnveloppe(poste, poste, euros(3_000)) for poste in ("acces", "crise")]
    enveloppes = compute_enveloppes(bases, [], mouvements, debut=DEBUT, fin=FIN, on=ON)
    assert sum(e.depenses.total for e in enveloppes) == sum(m.montant for m in mouvements)
    for enveloppe in enveloppes:
        assert sum(c.total for c in enveloppe.categories.values()) == enveloppe.depenses.total
        assert enveloppe.depenses.projete >= enveloppe.depenses.total
        assert enveloppe.a_risque == (enveloppe.manque > 0)


# Cash ------------------------------------------------------------------------------------------------------------


def forecast(mouvements=(), attendus=(), recus=(), *, solde=20_000, jusqu_a=date(2027, 12, 22)):
    return compute_tresorerie(
        solde_le=date(2026, 5, 31),
        solde=euros(solde),
        mouvements=list(mouvements),
        recus=recus,
        attendus=attendus,
        on=ON,
        jusqu_a=jusqu_a,
    )


def test_the_balance_of_today_holds_what_moved_since():
    t = forecast(
        [depense(date(2026, 5, 31), 700), depense(date(2026, 6, 10), 1_000)],
        recus=[Recu(date(2026, 6, 1), 3, "", "solde", euros(4_000)), Recu(date(2026, 5, 1), 3, "", "avance", euros(9))],
    )
    # What is dated on the day of the balance is already in it.
    assert t.actuel == euros(23_000)


def test_the_lowest_point_comes_just_before_the_advance():
    loyers = [
        depense(jour, 4_000, paye=False, recurrent=True) for jour in list_mois(date(2026, 7, 1), date(2027, 3, 31), 5)
    ]
    t = forecast(loyers, [Encaissement(FIN, euros(100_000), "avance")])
    # 20 000 − 6 × 4 000 from July to December: below zero on 5 December, and no lower before the advance.
    assert t.negatif is not None
    assert t.negatif.le == date(2026, 12, 5)
    assert t.plus_bas.le == date(2026, 12, 5)
    assert t.manque == euros(4_000)
    assert t.points[-1].certain == euros(20_000 - 9 * 4_000 + 100_000)


def test_what_is_not_certain_is_drawn_apart():
    attendus = [Encaissement(date(2026, 9, 1), euros(8_000), "part variable", certain=False)]
    t = forecast([depense(date(2026, 10, 1), 25_000, paye=False)], attendus)
    assert t.negatif is not None
    assert t.negatif_espere is None
    assert t.plus_bas.certain == euros(-5_000)
    assert t.points[-1].espere == euros(3_000)


def test_an_unpaid_invoice_of_the_past_is_due_today():
    t = forecast([depense(date(2026, 4, 1), 21_000, paye=False)])
    assert t.negatif is not None
    assert t.negatif.le == ON


def test_points_are_the_lowest_day_ends_of_months_then_the_anniversary():
    t = forecast(jusqu_a=date(2026, 9, 15))
    assert [p.le for p in t.points] == [
        ON,  # nothing moves: the first day is the lowest
        date(2026, 6, 30),
        date(2026, 7, 31),
        date(2026, 8, 31),
        date(2026, 9, 15),
    ]


def prevu(annee: int, poste: str, nature: str, montant: int) -> Prevu:
    return Prevu(date(2025, 12, 22), annee, poste, nature, euros(montant), "versement")


def test_payments_received_lower_what_is_expected():
    prevus = [prevu(3, "acces", "avance", 60_000), prevu(3, "crise", "avance", 10_000), prevu(3, "acces", "solde", 5)]
    recu = Recu(date(2026, 1, 5), 3, "acces", "avance", euros(60_000))
    assert [(p.poste, p.nature) for p in match_versements(prevus, [recu])] == [("crise", "avance"), ("acces", "solde")]
    # One transfer for the whole covers them in order; what lacks stays expected.
    whole = Recu(date(2026, 1, 5), 3, "", "avance", euros(65_000))
    assert [(p.poste, p.montant) for p in match_versements(prevus, [whole])] == [
        ("crise", euros(5_000)),
        ("acces", euros(5)),
    ]
    # Money to give back stays until it is given back, and a receipt never pays it.
    reprise = prevu(3, "acces", "remboursement", -8_000)
    rendu = Recu(date(2026, 6, 1), 3, "acces", "remboursement", euros(-3_000))
    assert [p.montant for p in match_versements([reprise], [recu, rendu])] == [euros(-5_000)]


@pytest.mark.parametrize(
    ("du", "au", "attendu"),
    [
        (date(2026, 1, 29), date(2026, 3, 27), [date(2026, 2, 28)]),
        (date(2026, 12, 1), date(2027, 1, 28), [date(2026, 12, 28), date(2027, 1, 28)]),
        (date(2026, 1, 1), date(2026, 1, 27), []),
    ],
)
def test_months_of_a_series(du, au, attendu):
    assert list_mois(du, au, 28) == attendu
