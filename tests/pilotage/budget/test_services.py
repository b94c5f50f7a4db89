"""Operations from entry to payment: what services refuse, and what the database refuses whoever asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from fabriques.budget import make_ligne, make_operation, make_serie
from fabriques.droits import make_acteur, make_membre
from maillon.pilotage.budget import services
from maillon.pilotage.budget.donnees import DonneesOperation
from maillon.pilotage.budget.enums import EtatOperation
from maillon.pilotage.budget.models import Operation, Reaffectation
from maillon.pilotage.contrats.donnees import Piece
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import today
from maillon.socle.journal.models import Entree

FACTURE = Piece("facture.txt", b"Facture du 3 mars.\n")


@pytest.fixture(autouse=True)
def _dans(dans_cpts):
    """Inside the community."""


def refuse(contrainte: str):
    return pytest.raises(IntegrityError, match=contrainte)


def test_references_follow_one_another_within_a_year(cpts):
    autre = make_operation(cpts, le=date(2025, 5, 1))
    assert [make_operation(cpts).reference for _ in range(2)] == ["2026-0001", "2026-0002"]
    assert autre.reference == "2025-0001"


def test_two_operations_never_share_a_reference(cpts):
    make_operation(cpts, reference="F-12")
    with pytest.raises(SaisieInvalide, match="F-12"):
        make_operation(cpts, reference="F-12")


def test_paying_is_final(cpts):
    operation = make_operation(cpts, payee=True)
    with pytest.raises(SaisieInvalide, match="payée"):
        services.cancel_operation(operation=operation, by=SYSTEME)
    donnees = DonneesOperation(today(), "crise", "autre", "Autre", Decimal(5))
    with pytest.raises(SaisieInvalide, match="ne se modifie plus"):
        services.change_operation(operation=operation, donnees=donnees, by=SYSTEME)


@pytest.mark.parametrize(
    "change",
    [
        {"montant": Decimal(1)},
        {"etat": "engagee"},
        {"libelle": "Autre"},
        {"tiers": "Un autre"},
        {"le": date(2026, 1, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_refuses_to_edit_what_is_paid(cpts, change):
    operation = make_operation(cpts, payee=True)
    with refuse("budget_operation_payee_intacte"), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(**change)
    with refuse("budget_operation_payee_intacte"), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).delete()


def test_a_reversal_weighs_the_other_way_and_only_once(cpts):
    operation = make_operation(cpts, payee=True)
    inverse = services.reverse_operation(operation=operation, le=today(), by=SYSTEME)
    assert (inverse.signe, inverse.poste, inverse.etat) == (Decimal(-100), "acces", EtatOperation.PAYEE)
    with pytest.raises(SaisieInvalide, match="déjà contre-passée"):
        services.reverse_operation(operation=operation, le=today(), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="Seule une opération payée"):
        services.reverse_operation(operation=inverse, le=today(), by=SYSTEME)
    autre = make_operation(cpts, payee=True)
    with pytest.raises(SaisieInvalide, match="datée entre"):
        services.reverse_operation(operation=autre, le=date(2020, 1, 1), by=SYSTEME)


def test_the_database_refuses_an_unfaithful_reversal(cpts):
    operation = make_operation(cpts, payee=True)
    inverse = services.reverse_operation(operation=operation, le=today(), by=SYSTEME)
    autre = make_operation(cpts, payee=True)
    for champs in ({"montant": Decimal(99)}, {"poste": "crise"}, {"contrepasse_id": inverse.pk}):
        copie = Operation.objects.get(pk=inverse.pk)
        copie.pk, copie.reference, copie.contrepasse_id = None, "2026-9999", autre.pk
        copie.id = Operation().id
        for nom, valeur in champs.items():
            setattr(copie, nom, valeur)
        with refuse("budget_contrepassation_fidele"), transaction.atomic():
            copie.save(force_insert=True)


def test_a_payment_is_not_of_tomorrow(cpts):
    with pytest.raises(SaisieInvalide, match="pas encore passé"):
        services.pay_operation(operation=make_operation(cpts), le=date(2026, 11, 25), by=SYSTEME)


def test_cancelled_then_restored(cpts):
    operation = services.cancel_operation(operation=make_operation(cpts), by=SYSTEME)
    assert operation.etat == EtatOperation.ANNULEE
    assert services.restore_operation(operation=operation, by=SYSTEME).etat == EtatOperation.ENGAGEE
    codes = set(Entree.objects.filter(objet_id=operation.pk).values_list("evenement", flat=True))
    assert codes == {"budget.operation_saisie", "budget.operation_annulee", "budget.operation_retablie"}


def test_a_document_joins_what_is_paid_once(cpts):
    operation = services.attach_piece(operation=make_operation(cpts, payee=True), piece=FACTURE, by=SYSTEME)
    assert operation.piece is not None
    with pytest.raises(SaisieInvalide, match="a déjà sa pièce"):
        services.attach_piece(operation=operation, piece=Piece("autre.txt", b"autre"), by=SYSTEME)
    assert not Operation.objects.without_piece().exists()


def test_a_planned_line_is_charged_with_what_it_was_planned_for(cpts, contrat):
    ligne = make_ligne(contrat)
    make_operation(cpts, categorie="communication", ligne=ligne)
    with pytest.raises(SaisieInvalide, match="prévue pour"):
        make_operation(cpts, ligne=ligne)
    with pytest.raises(SaisieInvalide, match="imputées"):
        services.remove_ligne(ligne=ligne, by=SYSTEME)


# The bureau's agreement ---------------------------------------------------------------------------------------------


@pytest.fixture
def seuil(cpts):
    services.save_reglages(cpts_id=cpts.pk, seuil_approbation=Decimal(1000), siren="", by=SYSTEME)


@pytest.fixture
def president(cpts):
    return make_acteur(make_membre(cpts, Role.PRESIDENT))


def test_at_the_threshold_the_bureau_agrees_before_payment(cpts, seuil, president):
    assert not make_operation(cpts, montant=Decimal("999.99")).attend_accord
    operation = make_operation(cpts, montant=Decimal(1000))
    assert operation.attend_accord
    with pytest.raises(SaisieInvalide, match="attend l’accord du bureau"):
        services.pay_operation(operation=operation, le=today(), by=SYSTEME)
    services.approve_operation(operation=operation, by=president)
    payee = services.pay_operation(operation=operation, le=today(), by=SYSTEME)
    assert (payee.etat, payee.approuvee_par) == (EtatOperation.PAYEE, president.compte_id)


def test_the_database_refuses_to_pay_without_agreement(cpts, seuil):
    operation = make_operation(cpts, montant=Decimal(1000))
    with refuse("budget_operation_payee_si_approuvee"), transaction.atomic():
        Operation.objects.filter(pk=operation.pk).update(etat="payee", validee_le="2026-11-24T12:00:00Z")
    libre = make_operation(cpts, montant=Decimal(10))  # the control: below the threshold the same write passes
    assert Operation.objects.filter(pk=libre.pk).update(etat="payee", validee_le="2026-11-24T12:00:00Z") == 1


def test_nobody_agrees_to_what_they_entered(cpts, seuil):
    membre = make_acteur(make_membre(cpts, Role.PRESIDENT, Role.COORDINATION))
    operation = make_operation(cpts, montant=Decimal(5000), by=membre)
    with pytest.raises(SaisieInvalide, match="Vous avez saisi"):
        services.approve_operation(operation=operation, by=membre)
    # Nor to what somebody else entered, once they have written its amount.
    autre = make_operation(cpts, montant=Decimal(10))
    donnees = DonneesOperation(today(), "acces", "prestations", "Prestation d’essai", Decimal(9000))
    services.change_operation(operation=autre, donnees=donnees, by=membre)
    with pytest.raises(SaisieInvalide, match="Vous avez saisi"):
        services.approve_operation(operation=autre, by=membre)


def test_another_amount_is_to_be_agreed_again(cpts, seuil, president):
    operation = make_operation(cpts, montant=Decimal(1500))
    services.approve_operation(operation=operation, by=president)
    donnees = DonneesOperation(today(), "acces", "prestations", "Prestation d’essai", Decimal(9000))
    assert services.change_operation(operation=operation, donnees=donnees, by=SYSTEME).attend_accord


def test_a_refusal_says_why_and_cancels(cpts, seuil, president):
    operation = make_operation(cpts, montant=Decimal(1500))
    with pytest.raises(SaisieInvalide, match="Dites pourquoi"):
        services.refuse_operation(operation=operation, motif=" ", by=president)
    refusee = services.refuse_operation(operation=operation, motif="Trois devis d’abord.", by=president)
    assert (refusee.etat, refusee.motif_refus) == (EtatOperation.ANNULEE, "Trois devis d’abord.")
    assert services.restore_operation(operation=refusee, by=SYSTEME).attend_accord


# Series, decisions, balance -----------------------------------------------------------------------------------------


def test_a_series_commits_each_month_and_stops(cpts):
    serie = make_serie(cpts, du=date(2026, 11, 1), au=date(2027, 4, 30))
    operations = list(serie.operations.order_by("le"))
    assert [o.le for o in operations] == [
        *(date(2026, m, 28) for m in (11, 12)),
        *(date(2027, m, 28) for m in (1, 2, 3, 4)),
    ]
    assert [o.reference for o in operations][:3] == ["2026-0001", "2026-0002", "2027-0001"]
    assert operations[2].libelle == "Loyer, janvier 2027"
    assert services.stop_serie(serie=serie, au=date(2027, 1, 31), by=SYSTEME) == 3
    assert serie.operations.actives().count() == 3
    with pytest.raises(SaisieInvalide, match="choisissez un jour avant sa fin"):
        services.stop_serie(serie=serie, au=date(2028, 1, 1), by=SYSTEME)


def test_agreeing_to_a_month_is_agreeing_to_the_series(cpts, seuil, president):
    serie = make_serie(cpts)
    premiere = serie.operations.order_by("le").first()
    assert len(services.approve_operation(operation=premiere, by=president)) == 12
    assert not serie.operations.waiting_approval().exists()


def test_a_decision_and_a_balance_are_kept_for_ever(cpts, contrat):
    decision = services.record_reaffectation(
        contrat=contrat, annee=3, de="crise", vers="acces", montant=Decimal(500), decidee_le=today(),
        texte="Bureau du 20 novembre.", by=SYSTEME,
    )  # fmt: skip
    # The form sent twice moves the euros once.
    encore = services.record_reaffectation(
        contrat=contrat, annee=3, de="crise", vers="acces", montant=Decimal(500), decidee_le=today(),
        texte="Bureau du 20 novembre. ", by=SYSTEME,
    )  # fmt: skip
    assert encore == decision
    solde = services.record_solde(cpts_id=cpts.pk, le=today(), montant=Decimal(-5), source="relevé", by=SYSTEME)
    for ligne in (decision, solde):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            type(ligne).objects.filter(pk=ligne.pk).update(montant=Decimal(1))
    with pytest.raises(SaisieInvalide, match="deux postes différents"):
        services.record_reaffectation(
            contrat=contrat, annee=3, de="crise", vers="crise", montant=Decimal(5), decidee_le=today(), texte="x",
            by=SYSTEME,
        )  # fmt: skip
    fausse = Reaffectation(
        cpts_id=cpts.pk, contrat=contrat, annee=3, de="crise", vers="crise", montant=1, decidee_le=today(), texte="x"
    )
    with refuse("budget_reaffectation_deplace"), transaction.atomic():
        fausse.save(force_insert=True)
