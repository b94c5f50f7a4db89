"""Expected and received payments, decisions that make them due, the end of a contract and what follows."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fabriques.pilotage import DonneesContratFabrique
from maillon.pilotage.contrats.annee import compute_annee
from maillon.pilotage.contrats.donnees import DonneesAvenant, DonneesMission, Piece
from maillon.pilotage.contrats.echeances import compute_echeancier
from maillon.pilotage.contrats.enums import EtatContrat, GenreDecision, NatureVersement
from maillon.pilotage.contrats.models import Contrat, Decision, VersementRecu
from maillon.pilotage.contrats.releves import build_chiffres
from maillon.pilotage.contrats.selectors import say_annee
from maillon.pilotage.contrats.services import (
    activate_contrat,
    close_finished,
    create_contrat,
    record_decision,
    record_versement,
    remove_versement,
    renew_contrat,
    sign_avenant,
    simulate_resiliation,
    terminate_contrat,
)
from maillon.regles import aci
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import at
from maillon.socle.journal.models import Entree

from .test_services import committing, plain

AUJOURDHUI = date(2026, 11, 24)  # year 3 of a contract signed on 22/12/2023


@pytest.fixture
def contrat(dans_cpts):
    return create_contrat(cpts_id=dans_cpts.pk, donnees=DonneesContratFabrique(), by=SYSTEME)


def receive(contrat, **options):
    faits = {
        "le": date(2023, 12, 28),
        "montant": Decimal(75_000),
        "annee": 1,
        "nature": NatureVersement.TOTALITE,
        "poste": "fonctionnement",
    }
    return record_versement(contrat=contrat, by=SYSTEME, **(faits | options))


def test_the_schedule_of_five_years_beside_what_was_received(contrat):
    receive(contrat)
    receive(contrat, poste="acces", nature=NatureVersement.AVANCE, montant=Decimal(60_000))
    suivi = compute_echeancier(contrat, date(2024, 1, 1))
    assert (suivi.compte.attendu, suivi.compte.recu, suivi.compte.ecart) == (142_500, 135_000, -7_500)
    premiere, deuxieme, *_ = suivi.echeances
    assert (premiere.date, premiere.nature, premiere.total) == (date(2023, 12, 22), aci.Nature.TOTALITE, 75_000)
    assert (deuxieme.nature, deuxieme.total) == (aci.Nature.AVANCE, 67_500)
    derniere = suivi.echeances[-1]
    assert (derniere.date, derniere.certain, derniere.total) == (None, False, 35_000)
    assert suivi.prochaine == (date(2024, 12, 22), Decimal(56_250 + 67_500 + 22_500))
    assert not suivi.is_resilie


def test_an_avenant_changes_the_schedule_from_its_effect(contrat):
    with committing():
        sign_avenant(
            contrat=contrat,
            donnees=DonneesAvenant(
                numero=1, signe_le=date(2025, 12, 1), effet_le=date(2025, 12, 22), objet="fonctionnement",
                missions=[DonneesMission(code="acces")], fonctionnement=Decimal(80_000),
            ),
            by=SYSTEME,
        )  # fmt: skip
    annees = {n: m.valeur for n, m in compute_echeancier(contrat, AUJOURDHUI).echeancier.by_annee().items()}
    assert annees == {1: 165_000, 2: 165_000, 3: 170_000, 4: 170_000, 5: 170_000}


def test_decisions_give_dates_and_amounts(contrat):
    record_decision(contrat=contrat, genre=GenreDecision.EVALUATION, le=date(2025, 2, 3), annee=1, by=SYSTEME)
    record_decision(
        contrat=contrat, genre=GenreDecision.EVALUATION, le=date(2026, 2, 3), annee=2, mission="acces",
        montant=Decimal(29_000), by=SYSTEME,
    )  # fmt: skip
    record_decision(contrat=contrat, genre=GenreDecision.AIDE, le=date(2023, 1, 10), annee=3, by=SYSTEME)
    suivi = compute_echeancier(contrat, AUJOURDHUI)
    variables = [e for e in suivi.echeances if e.nature is aci.Nature.VARIABLE]
    assert [(e.annee, e.date, e.total, e.certain) for e in variables[:2]] == [
        (1, date(2025, 2, 3), 35_000, False),
        (2, date(2026, 2, 3), 29_000, True),
    ]
    (aide,) = (e for e in suivi.echeances if e.nature is aci.Nature.AIDE)
    assert (aide.annee, aide.total) == (0, 15_000)
    record_decision(
        contrat=contrat, genre=GenreDecision.EVALUATION, le=date(2026, 2, 3), annee=2, mission="acces",
        montant=Decimal(30_000), by=SYSTEME,
    )  # fmt: skip
    assert Decision.objects.filter(annee=2).get().montant == 30_000


@pytest.mark.parametrize(
    ("faits", "raison"),
    [
        ({"genre": GenreDecision.ACTIVATION, "le": date(2025, 1, 1), "annee": 1}, "« crise » n’est pas au contrat"),
        ({"genre": GenreDecision.EVALUATION, "le": date(2024, 1, 1), "annee": 1}, "ne peut pas être évaluée"),
        ({"genre": GenreDecision.EVALUATION, "le": date(2024, 1, 1), "annee": 1, "mission": "x"}, "est inconnue"),
    ],
)
def test_decisions_that_contradict_the_contract_are_refused_and_not_kept(contrat, faits, raison):
    with pytest.raises(ErreurRegle) as refus, transaction.atomic():
        record_decision(contrat=contrat, by=SYSTEME, **faits)
    assert raison in plain(refus.value)
    assert not Decision.objects.exists()


def test_the_same_line_sent_twice_is_kept_once_and_may_be_taken_back(contrat):
    recu = receive(contrat, document=Piece("avis.txt", b"Avis de virement."))
    assert receive(contrat) == recu
    assert VersementRecu.objects.count() == 1
    remove_versement(recu=recu, by=SYSTEME)
    assert not VersementRecu.objects.exists()
    assert Entree.objects.filter(evenement="pilotage.versement_retire").count() == 1


@pytest.mark.parametrize(
    ("options", "raison"),
    [
        ({"le": date(2026, 11, 25)}, "n’est pas encore passé"),
        ({"annee": 6}, "un contrat dure 5 ans"),
        ({"montant": Decimal("1.005")}, "euros et centimes"),
        ({"montant": Decimal(-5)}, "Un versement reçu est positif"),
        ({"nature": NatureVersement.REMBOURSEMENT}, "Un remboursement s’écrit en négatif"),
        ({"poste": "loisirs"}, "« loisirs » est inconnue"),
    ],
)
def test_impossible_receipts_are_refused(contrat, options, raison):
    with pytest.raises(ErreurRegle) as refus:
        receive(contrat, **options)
    assert raison in plain(refus.value)


def test_the_figures_of_cpam_and_ars_tell_expected_and_received(contrat):
    receive(contrat)
    versements = build_chiffres(compute_annee(contrat, AUJOURDHUI))["versements"]
    # Three advances and two balances of 75 000 and 90 000 by the third anniversary but one.
    assert versements["recu"] == "75000.00"
    assert Decimal(versements["attendu"]) == 75_000 + 67_500 + (56_250 + 67_500 + 22_500) + (18_750 + 56_250 + 90_000)
    assert versements["prochain"] == {"date": "2026-12-22", "euros": "165000.00"}
    assert versements["avenants"] == []


# The end -----------------------------------------------------------------------------------------------------------


def test_termination_repays_pro_rata_closes_and_is_journalled(contrat):
    # Year 3 began on 22/12/2025: 1 April 2026 is its 100th day. Advances 56 250 and 67 500; due 75 000 and 90 000 ×
    # 100/365.
    compte = simulate_resiliation(contrat, le=date(2026, 4, 1))
    assert (compte.jours, compte.a_rembourser) == (100, Decimal("35702.05") + Decimal("42842.47"))
    with committing():
        terminate_contrat(contrat=contrat, le=date(2026, 4, 1), by=SYSTEME)
    contrat.refresh_from_db()
    assert (contrat.etat, contrat.periode.upper) == (EtatContrat.CLOS, date(2026, 4, 1))
    assert Entree.objects.get(evenement="pilotage.contrat_resilie").details["a_rembourser"] == "78544.52"
    suivi = compute_echeancier(contrat, AUJOURDHUI)
    assert suivi.resiliation.a_rembourser == compte.a_rembourser
    # The schedule expects the account too: years 1 and 2 whole, 100 days of year 3.
    assert max(e.date for e in suivi.echeances if e.date) == date(2026, 4, 1)
    du = {n: m.valeur for n, m in suivi.echeancier.by_annee().items()}
    assert du[3] == Decimal("20547.95") + Decimal("24657.53")
    assert suivi.compte.attendu == sum(du.values())
    assert {e.annee for e in suivi.echeances if e.nature is aci.Nature.VARIABLE} == {1, 2}
    annee = compute_annee(contrat, AUJOURDHUI)
    assert (annee.annee.numero, annee.annee.fin, annee.is_close, annee.is_interrompue) == (
        3,
        date(2026, 4, 1),
        True,
        True,
    )
    assert compute_annee(contrat, date(2028, 1, 1)).annee == replace(annee.annee, on=date(2028, 1, 1))
    # Nothing is still possible, and the fixed euros are those of 100 days.
    assert annee.montants.encore_possible == 0
    assert (annee.fonctionnement.valeur, annee.fixe.valeur) == (Decimal("20547.95"), Decimal("45205.48"))
    phrase = say_annee(annee).replace("\u202f", " ").replace("\u00a0", " ")
    assert "a pris fin le 01/04/2026, après 100 jours sur 365 de son année 3. Au prorata, 45 205,48 €" in phrase
    assert compute_annee(contrat, AUJOURDHUI, numero=2).fixe.valeur == 75_000 + 90_000
    with pytest.raises(SaisieInvalide, match="rien à résilier"):
        terminate_contrat(contrat=contrat, le=date(2026, 4, 1), by=SYSTEME)


def test_what_was_received_counts_in_the_termination(contrat):
    receive(contrat, le=date(2026, 1, 5), annee=3, nature=NatureVersement.AVANCE, montant=Decimal(56_250))
    receive(contrat, le=date(2026, 1, 5), annee=3, nature=NatureVersement.AIDE, montant=Decimal(1), poste="")
    compte = simulate_resiliation(contrat, le=date(2026, 4, 1))
    assert [(li.poste, li.paye) for li in compte.lignes] == [("fonctionnement", 56_250), ("acces", 0)]
    assert compte.reste_du == Decimal("24657.53")


@pytest.mark.parametrize(
    ("le", "raison"),
    [(date(2026, 12, 1), "n’est pas encore passé"), (date(2023, 12, 22), "ne peut pas être résilié")],
)
def test_impossible_terminations_are_refused(contrat, le, raison):
    with pytest.raises(SaisieInvalide, match=raison):
        terminate_contrat(contrat=contrat, le=le, by=SYSTEME)
    contrat.refresh_from_db()
    assert contrat.etat == EtatContrat.ACTIF


def test_a_contract_known_by_its_total_has_no_schedule_nor_account(dans_cpts):
    donnees = DonneesContratFabrique(
        signe_le=date(2020, 7, 1), bareme_le=None, plafond_publie=Decimal(210_000), indicateurs=[], population=60_000
    )
    contrat = create_contrat(cpts_id=dans_cpts.pk, donnees=donnees, by=SYSTEME)
    assert compute_echeancier(contrat, AUJOURDHUI) is None
    assert build_chiffres(compute_annee(contrat, AUJOURDHUI))["versements"] is None
    with pytest.raises(SaisieInvalide, match="n’est connu que par son total"):
        simulate_resiliation(contrat, le=date(2022, 1, 1))


def test_a_finished_contract_is_closed_at_night(contrat):
    assert close_finished(cpts_id=contrat.cpts_id) == 0
    with at(datetime(2028, 12, 22, 5, tzinfo=UTC)):
        assert close_finished(cpts_id=contrat.cpts_id) == 1
        assert close_finished(cpts_id=contrat.cpts_id) == 0
    contrat.refresh_from_db()
    assert contrat.etat == EtatContrat.CLOS


def test_a_renewal_is_a_draft_with_the_last_terms_then_put_in_force(contrat):
    with committing():
        nouveau = renew_contrat(contrat=contrat, by=SYSTEME)
    assert (nouveau.etat, nouveau.signe_le, nouveau.taille) == (EtatContrat.BROUILLON, date(2028, 12, 22), 3)
    assert {m.mission: m.statut for m in nouveau.missions.all()} == {"acces": "prevue"}
    assert sorted(nouveau.indicateurs.values_list("code", flat=True)) == ["ald", "annuaire"]
    with pytest.raises(SaisieInvalide, match="est déjà préparé"):
        renew_contrat(contrat=contrat, by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="ne se renouvelle pas"):
        renew_contrat(contrat=nouveau, by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="commence le 22/12/2028"):
        activate_contrat(contrat=nouveau, by=SYSTEME)
    with at(datetime(2029, 1, 2, 12, tzinfo=UTC)), committing():
        close_finished(cpts_id=contrat.cpts_id)
        activate_contrat(contrat=nouveau, by=SYSTEME)
    nouveau.refresh_from_db()
    assert nouveau.etat == EtatContrat.ACTIF
    with pytest.raises(SaisieInvalide, match="rien à mettre en vigueur"):
        activate_contrat(contrat=nouveau, by=SYSTEME)


def test_a_draft_over_a_contract_in_force_is_refused(contrat):
    brouillon = create_contrat(
        cpts_id=contrat.cpts_id, donnees=DonneesContratFabrique(), by=SYSTEME, etat=EtatContrat.BROUILLON
    )
    with pytest.raises(SaisieInvalide, match="encore en vigueur"):
        activate_contrat(contrat=brouillon, by=SYSTEME)


def test_the_database_refuses_a_decision_twice(contrat):
    ligne = {"cpts_id": contrat.cpts_id, "contrat": contrat, "genre": "aide", "le": AUJOURDHUI, "annee": 0}
    Decision.objects.create(**ligne)
    with pytest.raises(IntegrityError, match="decision_une_par_annee"), transaction.atomic():
        Decision.objects.create(**ligne)
    assert Contrat.objects.filter(pk=contrat.pk).exists()
