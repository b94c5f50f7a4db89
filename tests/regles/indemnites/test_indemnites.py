"""Caps are those published; amounts are computed by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from maillon.regles import indemnites as regles
from maillon.regles.erreurs import ParametreAbsent, SaisieInvalide
from maillon.regles.indemnites import Alerte, Compte, Mode, Nature, TarifConnu

D = Decimal


@pytest.mark.parametrize(
    ("annee", "montant", "a_confirmer"),
    [(2022, 41_136, False), (2023, 43_992, False), (2024, 46_368, True), (2025, 47_100, False), (2026, 48_060, True)],
)
def test_the_cap_is_the_pass_of_the_calendar_year(annee, montant, a_confirmer):
    for jour in (date(annee, 1, 1), date(annee, 12, 31)):
        plafond = regles.get_plafond_annuel(jour)
        assert (plafond.annee, plafond.montant, plafond.a_confirmer) == (annee, montant, a_confirmer)
        assert not plafond.reconduit
        assert plafond.nom == f"Le plafond de {annee}" + (" (à confirmer)" if a_confirmer else "")


def test_a_year_not_published_keeps_the_last_one_to_be_confirmed():
    plafond = regles.get_plafond_annuel(date(2031, 6, 1))
    assert (plafond.annee, plafond.montant, plafond.reconduit, plafond.a_confirmer) == (2031, 48_060, True, True)
    with pytest.raises(ParametreAbsent):
        regles.get_plafond_annuel(date(2021, 12, 31))


@pytest.mark.parametrize(
    ("approuve", "attente", "ailleurs", "alerte", "reste"),
    [
        (0, 0, 0, Alerte.AUCUNE, 47_100),
        (37_679, 0, 0, Alerte.AUCUNE, 9_421),
        (30_000, 7_680, 0, Alerte.PROCHE, 17_100),  # 80 % of 47 100 is 37 680
        (0, 0, 47_100, Alerte.ATTEINT, 0),
        (20_000, 7_100, 20_000, Alerte.ATTEINT, 7_100),
        (20_000, 0, 27_101, Alerte.DEPASSE, 0),
    ],
)
def test_the_account_of_a_year(approuve, attente, ailleurs, alerte, reste):
    compte = Compte(regles.get_plafond_annuel(date(2025, 5, 5)), D(approuve), D(attente), D(ailleurs))
    assert (compte.alerte, compte.reste) == (alerte, reste)
    assert compte.accepts(D(reste)) is (alerte != Alerte.DEPASSE)
    assert not compte.accepts(D(reste) + D("0.01"))
    assert compte.part == D(approuve + ailleurs) / 47_100


def test_what_others_pay_agrees_with_the_answer():
    regles.check_ailleurs(D(0), autre_cpts=False)
    regles.check_ailleurs(D(0), autre_cpts=True)
    regles.check_ailleurs(D(10), autre_cpts=True)
    for montant, autre in ((D(-1), True), (D(1), False)):
        with pytest.raises(SaisieInvalide):
            regles.check_ailleurs(montant, autre_cpts=autre)


BASE = TarifConnu("toutes", "bureau", Nature.INDEMNITE, Mode.HEURE, D(40), date(2024, 1, 1))
MISSION = replace(BASE, cle="mission", mission="acces")
METIER = replace(BASE, cle="metier", profession="60")
PRECIS = replace(BASE, cle="precis", mission="acces", profession="60")
CLOS = replace(PRECIS, cle="clos", fin=date(2025, 1, 1))


@pytest.mark.parametrize(
    ("tarifs", "fonction", "mission", "profession", "on", "attendu"),
    [
        ([BASE, MISSION, METIER, PRECIS], "bureau", "acces", "60", date(2025, 3, 1), "precis"),
        ([BASE, MISSION, METIER], "bureau", "acces", "60", date(2025, 3, 1), "metier"),
        ([BASE, MISSION, METIER], "bureau", "acces", "10", date(2025, 3, 1), "mission"),
        ([BASE, MISSION, METIER], "bureau", "crise", "10", date(2025, 3, 1), "toutes"),
        ([BASE, CLOS], "bureau", "acces", "60", date(2024, 12, 31), "clos"),
        ([BASE, CLOS], "bureau", "acces", "60", date(2025, 1, 1), "toutes"),
        ([BASE], "bureau", "acces", "60", date(2023, 12, 31), None),
        ([BASE], "president", "acces", "60", date(2025, 3, 1), None),
    ],
)
def test_the_most_precise_rate_in_force(tarifs, fonction, mission, profession, on, attendu):
    trouve = regles.choose_tarif(tarifs, fonction=fonction, mission=mission, profession=profession, on=on)
    assert (trouve.cle if trouve else None) == attendu


@pytest.mark.parametrize(
    ("tarif", "heures", "montant", "phrase"),
    [
        (BASE, "1.5", "60.00", "1 h 30 à 40 €"),
        (BASE, "0.25", "10.00", "15 min à 40 €"),
        (replace(BASE, montant=D("33.33")), "2.50", "83.33", "2 h 30 à 33,33 €"),  # 83,325
        (replace(BASE, heures_max=D(3)), "5", "120.00", "3 h à 40 € (5 h déclarées, 3 h au plus par séance)"),
        (replace(BASE, heures_max=D(3)), "2", "80.00", "2 h à 40 €"),
        (replace(BASE, mode=Mode.SEANCE, montant=D(280)), "2", "280.00", "280 € la séance"),
        (replace(BASE, mode=Mode.FORFAIT, montant=D(1450)), "0", "1450.00", "forfait de 1 450 €"),
    ],
)
def test_amounts_to_the_cent(tarif, heures, montant, phrase):
    calcul = regles.compute_montant(tarif, D(heures))
    assert str(calcul.montant) == montant
    assert calcul.phrase.replace("\u00a0", " ").replace("\u202f", " ") == phrase


def test_employer_kilometres_and_the_hour_lost():
    assert regles.compute_employeur(D("37.25"), D("2.5")).montant == D("93.13")  # 93,125
    assert regles.compute_kilometres(D("0.529"), D("46")).montant == D("24.33")  # 24,334
    assert "0,529" in regles.compute_kilometres(D("0.529"), D("12.5")).phrase
    assert regles.compute_perte_horaire(D(58_800), D(1_680)) == D("35.00")


@pytest.mark.parametrize(
    "refuse",
    [
        lambda: regles.compute_montant(BASE, D(0)),
        lambda: regles.compute_employeur(D(30), D("24.5")),
        lambda: regles.compute_kilometres(D("0.5"), D(0)),
        lambda: regles.compute_perte_horaire(D(0), D(1600)),
        lambda: regles.compute_perte_horaire(D(50_000), D(0)),
        lambda: regles.compute_perte_horaire(D(50_000), D(8_785)),
    ],
)
def test_what_no_year_nor_day_holds_is_refused(refuse):
    with pytest.raises(SaisieInvalide):
        refuse()


def test_a_uniform_hourly_indemnite_is_found():
    remuneration = replace(BASE, cle="remuneration", nature=Nature.REMUNERATION)
    forfait = replace(BASE, cle="forfait", mode=Mode.FORFAIT)
    assert [t.cle for t in regles.find_uniformes([BASE, METIER, remuneration, forfait])] == ["toutes"]


def test_what_must_be_read_before_agreeing():
    plafond = regles.get_plafond_annuel(date(2025, 5, 5))

    def dit(approuve, montant, **suite):
        faits = {"sans_tarif": False, "meme_jour": 0, "forfait_du_mois": False, **suite}
        return regles.build_avertissements(compte=Compte(plafond, D(approuve)), montant=D(montant), **faits)

    assert dit(0, 100) == []
    assert "serait dépassé" in dit(47_050, 100)[0]
    assert "approche" in dit(40_000, 100)[0]
    assert len(dit(0, 100, sans_tarif=True, meme_jour=1, forfait_du_mois=True)) == 3
