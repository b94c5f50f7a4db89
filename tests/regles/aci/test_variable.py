from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillon.regles.aci import (
    Genre,
    Indicateur,
    Mission,
    Palier,
    Repartition,
    Sens,
    compute_variable,
    validate_indicateur,
    validate_indicateurs,
)
from maillon.regles.aci.formats import format_euros, format_nombre
from maillon.regles.erreurs import DefinitionContradictoire, SaisieInvalide
from maillon.regles.parametres import Statut

FIN = date(2026, 6, 30)
AVANT = date(2026, 1, 1)


def build_paliers(*couples):
    return tuple(Palier(Decimal(seuil), Decimal(montant)) for seuil, montant in couples)


def build_indicateur(genre=Genre.STOCK, paliers=((219, 3000), (100, 6000), (50, 9000)), **champs):
    champs = {"code": "ald", "libelle": "Patients en ALD", "mission": Mission.ACCES} | champs
    for nom in ("initial", "variation", "cible"):
        if nom in champs:
            champs[nom] = Decimal(champs[nom])
    return Indicateur(genre=genre, paliers=build_paliers(*paliers), **champs)


def compute(*indicateurs, on=AVANT, **arguments):
    valeurs = {
        nom: {code: Decimal(str(v)) for code, v in arguments.pop(nom, {}).items()} for nom in ("constatees", "prevues")
    }
    return compute_variable(
        on=on, fin_periode=FIN, indicateurs=indicateurs or (build_indicateur(),), **valeurs, **arguments
    )


def plain(texte):
    return texte.replace("\u00a0", " ").replace("\u202f", " ")


def test_constate_a_confirmer_and_encore_possible_are_apart():
    resultat = compute(constatees={"ald": 180}, prevues={"ald": 95})
    assert resultat.montants == Repartition(Decimal(3000), Decimal(3000), Decimal(3000), Decimal(0))
    assert resultat.montants.prevu == 6000
    assert resultat.by_mission() == {Mission.ACCES: resultat.montants}
    assert (resultat.jours_restants, resultat.is_close) == (180, False)
    assert resultat.statut is Statut.VERIFIE
    assert sum(ligne.montant for ligne in resultat.explication) == 9000


def test_next_tier_says_how_far_and_how_much():
    (ligne,) = compute(build_indicateur(unite="patient en ALD"), prevues={"ald": 112}).resultats
    assert plain(ligne.prochain.phrase) == "encore 12 patients en ALD pour 3 000 € de plus"
    (ligne,) = compute(build_indicateur(unite="patient en ALD"), constatees={"ald": 101}).resultats
    assert plain(ligne.prochain.phrase) == "encore 1 patient en ALD pour 3 000 € de plus"
    (ligne,) = compute(constatees={"ald": 50}).resultats
    assert ligne.prochain is None


def test_next_tier_from_what_is_known():
    # Nothing known: the baseline, else zero for a count, else unknown.
    seuil = build_indicateur(Genre.SEUIL, ((10, 2000),), unite="rendez-vous", unite_pluriel="")
    assert plain(compute(seuil).resultats[0].prochain.phrase) == "encore 10 rendez-vous pour 2 000 € de plus"
    taux = build_indicateur(Genre.TAUX, (("69.70", 1000), ("72.40", 2500)))
    inconnu = compute(taux).resultats[0].prochain
    assert inconnu.distance is None
    assert plain(inconnu.phrase) == "valeur inconnue : le palier 69,7 paierait + 1 000 €"
    depart = build_indicateur(Genre.TAUX, (("69.70", 1000), ("72.40", 2500)), initial="66.26")
    assert plain(compute(depart).resultats[0].prochain.phrase) == "encore 3,44 points pour 1 000 € de plus"
    assert compute(build_indicateur()).resultats[0].prochain.distance is None
    assert (
        plain(compute(build_indicateur(initial=300)).resultats[0].prochain.phrase)
        == "encore 81 unités pour 3 000 € de plus"
    )


def test_a_deliverable_is_to_do_and_not_one_unit_away():
    livrable = build_indicateur(Genre.LIVRABLE, ((1, 5000),), unite="", unite_pluriel="")
    assert plain(compute(livrable).resultats[0].prochain.phrase) == "à réaliser pour 5 000 € de plus"
    soirees = build_indicateur(Genre.LIVRABLE, ((2, 5000),), unite="soirée")
    assert plain(compute(soirees).resultats[0].prochain.phrase) == "encore 2 soirées pour 5 000 € de plus"


def test_plural_of_a_unit_may_be_given():
    indicateur = build_indicateur(unite="travail", unite_pluriel="travaux")
    assert [indicateur.format_unite(Decimal(n)) for n in ("1.9", "2")] == ["travail", "travaux"]


def test_closed_period_loses_what_remains_but_keeps_the_forecast_until_certified():
    arguments = {"constatees": {"ald": 180}, "prevues": {"ald": 95}, "on": FIN}
    close = compute(**arguments)
    assert close.montants == Repartition(Decimal(3000), Decimal(3000), Decimal(0), Decimal(3000))
    assert close.resultats[0].prochain is None
    assert (close.is_close, close.jours_restants) == (True, 0)
    evaluee = compute(**arguments, evaluee=True)
    assert evaluee.montants == Repartition(Decimal(3000), Decimal(0), Decimal(0), Decimal(6000))
    assert "close" in evaluee.explication[-1].regle
    with pytest.raises(SaisieInvalide, match="ne peut pas être évaluée"):
        compute(evaluee=True)


def test_forecast_below_what_is_certified_takes_nothing_back():
    resultat = compute(constatees={"ald": 90}, prevues={"ald": 150})
    assert (resultat.montants.constate, resultat.montants.a_confirmer) == (6000, 0)
    assert resultat.resultats[0].prochain.distance == 40


def test_explanation_names_certifier_tier_and_source():
    indicateur = Indicateur(
        "sein",
        "Dépistage du sein",
        Mission.PREVENTION,
        Genre.TAUX,
        (Palier(Decimal("69.7"), Decimal(1000), "socle"),),
        certificateur="la CPAM",
    )
    constate, prevu = compute(indicateur, constatees={"sein": 70}).explication
    assert constate.libelle.endswith("constaté par la CPAM")
    assert plain(constate.regle) == "Valeur 70 : palier 69,7 (socle), 1 000 € ; seul le plus haut palier atteint paie."
    assert constate.source == "annexe du contrat"
    assert prevu.regle == "Aucune valeur."
    sous = compute(indicateur, prevues={"sein": 60}).explication
    assert "aucun palier atteint" in sous[1].regle


def test_direction():
    assert build_indicateur().direction is Sens.BAISSE
    assert build_indicateur(Genre.TAUX).direction is Sens.HAUSSE
    assert build_indicateur(Genre.TAUX, ((10, 5),), sens=Sens.BAISSE).direction is Sens.BAISSE
    assert build_indicateur(Genre.SEUIL, ((203, 5000),), initial=303).direction is Sens.BAISSE
    assert build_indicateur(Genre.SEUIL, ((203, 5000),), initial=103).direction is Sens.HAUSSE
    assert build_indicateur(Genre.SEUIL, ((203, 5000),)).direction is Sens.HAUSSE


@pytest.mark.parametrize(
    ("indicateur", "problemes"),
    [
        (build_indicateur(initial=219, variation=-169, cible=50), []),
        (build_indicateur(initial=219, variation=-169), []),
        (build_indicateur(initial=219, cible=50), []),
        (build_indicateur(variation=-169), []),
        (
            build_indicateur(initial=219, variation=-100, cible=50),
            ["la valeur initiale 219 et la variation − 100 donnent 119, mais la cible est 50."],
        ),
        (
            build_indicateur(initial=219, variation=-100),
            ["la valeur initiale 219 et la variation − 100 donnent 119, mais le dernier palier est 50."],
        ),
        (build_indicateur(cible=40), ["la cible est 40, mais le dernier palier est 50."]),
        (
            build_indicateur(paliers=((219, 6000), (100, 3000))),
            ["le palier 100 paie 3 000 €, pas plus que le palier plus facile 219 qui paie 6 000 €."],
        ),
        (
            build_indicateur(initial=200),
            ["le palier 219 est déjà dépassé par la valeur initiale 200 : il paierait même une dégradation."],
        ),
        (build_indicateur(paliers=((100, 3000), (100, 6000))), ["le seuil 100 apparaît deux fois."]),
        (build_indicateur(Genre.TAUX, ((101, 10),)), ["le seuil 101 % dépasse 100 %."]),
        (build_indicateur(Genre.TAUX, ((99, 10),), initial=120), ["la valeur initiale 120 % dépasse 100 %."]),
        (build_indicateur(Genre.TAUX, ((99, 10),), initial=99), []),
        (build_indicateur(paliers=((5, -3),)), ["le montant − 3 € est négatif."]),
        (build_indicateur(paliers=((5, "3.001"),)), ["le montant 3,001 € va au-delà du centime."]),
        (build_indicateur(paliers=((-5, 3),)), ["le seuil − 5 est sous zéro."]),
        (build_indicateur(paliers=()), ["il n’a aucun palier."]),
        (build_indicateur(paliers=(("NaN", 3),)), ["un de ses nombres n’en est pas un."]),
        (build_indicateur(initial="Infinity"), ["un de ses nombres n’en est pas un."]),
        (
            build_indicateur(Genre.LIVRABLE, ((1, 10), (2, 20))),
            ["un livrable est tout ou rien, or il a 2 paliers."],
        ),
        (
            build_indicateur(Genre.LIVRABLE, ((0, 10),)),
            ["un livrable demande au moins une réalisation, or son seuil est 0."],
        ),
        (
            build_indicateur(Genre.LIVRABLE, ((1, 10),), sens=Sens.BAISSE),
            ["un livrable ne peut pas aller à la baisse."],
        ),
        (build_indicateur(sens=Sens.HAUSSE), ["un stock s’améliore à la baisse, or son sens est « hausse »."]),
    ],
)
def test_contradictory_definitions_are_refused_with_their_numbers(indicateur, problemes):
    assert [plain(p) for p in validate_indicateur(indicateur)] == [f"Indicateur « ald » : {p}" for p in problemes]


def test_euros_of_the_indicators_are_the_envelope_of_their_mission():
    indicateurs = (build_indicateur(), build_indicateur(code="b"))
    assert validate_indicateurs(indicateurs, enveloppes={Mission.ACCES: Decimal(18_000)}) == ()
    (probleme,) = validate_indicateurs(
        indicateurs, enveloppes={Mission.ACCES: Decimal(18_000), Mission.QUALITE: Decimal(5_000)}
    )
    assert (
        plain(probleme)
        == "Mission « qualite » : ses indicateurs totalisent 0 € pour une enveloppe variable de 5 000 €."
    )


def test_duplicated_codes_are_refused_once():
    indicateurs = (build_indicateur(), build_indicateur(), build_indicateur())
    assert [plain(p) for p in validate_indicateurs(indicateurs)] == ["Indicateur « ald » : il est défini deux fois."]
    with pytest.raises(DefinitionContradictoire) as refus:
        compute(*indicateurs)
    assert len(refus.value.problemes) == 1


@pytest.mark.parametrize(
    ("genre", "constatees", "raison"),
    [
        (Genre.STOCK, {"autre": 1}, "qui n’est pas au contrat"),
        (Genre.STOCK, {"ald": -1}, "positif ou nul"),
        (Genre.STOCK, {"ald": "NaN"}, "positif ou nul"),
        (Genre.TAUX, {"ald": 101}, "dépasse 100"),
    ],
)
def test_impossible_values_are_refused(genre, constatees, raison):
    with pytest.raises(SaisieInvalide, match=raison):
        compute(build_indicateur(genre, ((5, 10),)), constatees=constatees)


def test_missions_are_totalled_apart():
    autre = build_indicateur(Genre.LIVRABLE, ((1, 5000),), code="annuaire", mission=Mission.PARCOURS)
    totaux = compute(autre, build_indicateur(), constatees={"annuaire": 1}).by_mission()
    assert list(totaux) == [Mission.ACCES, Mission.PARCOURS]
    assert (totaux[Mission.PARCOURS].constate, totaux[Mission.ACCES].maximum) == (5000, 9000)


@st.composite
def indicateurs(draw):
    """A sound indicator of any kind, from one to four tiers."""
    genre = draw(st.sampled_from(Genre))
    nombre = 1 if genre is Genre.LIVRABLE else draw(st.integers(1, 4))
    seuils = sorted(draw(st.sets(st.integers(1, 100), min_size=nombre, max_size=nombre)))
    montants = sorted(draw(st.sets(st.integers(1, 10_000_00), min_size=nombre, max_size=nombre)))
    sens = draw(st.sampled_from(Sens)) if genre in {Genre.SEUIL, Genre.TAUX} else None
    if genre is Genre.STOCK or sens is Sens.BAISSE:
        seuils.reverse()
    paliers = [(seuil, Decimal(cents) / 100) for seuil, cents in zip(seuils, montants, strict=True)]
    return build_indicateur(genre, draw(st.permutations(paliers)), sens=sens)


valeurs = st.none() | st.integers(0, 100)


def with_value(nom, valeur):
    return {} if valeur is None else {nom: {"ald": valeur}}


@given(indicateurs(), valeurs, valeurs, st.booleans(), st.booleans())
def test_parts_sum_to_the_highest_tier_and_no_tier_pays_twice(indicateur, constatee, prevue, close, evaluee):
    resultat = compute(
        indicateur,
        on=FIN if close else AVANT,
        evaluee=close and evaluee,
        **with_value("constatees", constatee),
        **with_value("prevues", prevue),
    )
    montants = resultat.montants
    assert min(montants.constate, montants.a_confirmer, montants.encore_possible, montants.perdu) >= 0
    assert montants.maximum == indicateur.maximum
    payables = {Decimal(0), *(p.montant for p in indicateur.paliers)}
    assert {montants.constate, montants.prevu} <= payables
    assert (montants.encore_possible if close else montants.perdu) == 0


@given(indicateurs(), st.integers(0, 100), st.integers(0, 100))
def test_better_attainment_never_pays_less(indicateur, une, autre):
    pire, meilleure = sorted((une, autre), reverse=indicateur.direction is Sens.BAISSE)
    avant, apres = (compute(indicateur, constatees={"ald": v}).montants.constate for v in (pire, meilleure))
    assert avant <= apres


@given(indicateurs(), st.integers(0, 100))
def test_reaching_the_next_tier_brings_its_gain(indicateur, valeur):
    (ligne,) = compute(indicateur, constatees={"ald": valeur}).resultats
    if ligne.prochain is None:
        assert ligne.montants.constate == indicateur.maximum
    else:
        pas = ligne.prochain.distance if indicateur.direction is Sens.HAUSSE else -ligne.prochain.distance
        apres = compute(indicateur, constatees={"ald": valeur + pas}).montants.constate
        assert apres - ligne.montants.constate == ligne.prochain.gain > 0


def test_french_numbers():
    assert plain(format_nombre(Decimal("1234.50"))) == "1 234,5"
    assert plain(format_nombre(12, signe=True)) == "+ 12"
    assert plain(format_euros(Decimal("-1234.5"))) == "− 1 234,50 €"
    assert plain(format_euros(Decimal(457_500))) == "457 500 €"
