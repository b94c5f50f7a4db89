"""What the database refuses, whatever the code does; and a race with its negative control."""

import threading
from datetime import date
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from fabriques.annuaire import ProfessionnelFabrique
from fabriques.droits import make_compte, make_cpts, make_membre
from fabriques.indemnites import (
    PASS_2026,
    make_convention,
    make_declaration,
    make_frais,
    make_payable,
    make_situation,
    make_tarif,
)
from fabriques.personnes import PersonneFabrique
from maillon.pilotage.indemnites.enums import Etat
from maillon.pilotage.indemnites.models import Declaration
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now, today

ATTENTE = 20


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def approve(declaration, *, plafond=PASS_2026, par=None) -> None:
    with transaction.atomic():
        Declaration.objects.filter(pk=declaration.pk).update(
            etat=Etat.APPROUVEE, approuve_le=now(), approuve_par=par or uuid4(), plafond=plafond
        )


@pytest.mark.parametrize("champ", [{"montant": Decimal(1)}, {"le": date(2026, 1, 1)}, {"etat": Etat.DECLAREE}])
@pytest.mark.parametrize("make", [make_declaration, make_frais])
def test_what_is_approved_never_changes(dans_cpts, make, champ):
    objet = make(make_payable(dans_cpts), etat=Etat.APPROUVEE)
    model = type(objet)
    with refused("indemnites_approuvee_intacte"), transaction.atomic():
        model.objects.filter(pk=objet.pk).update(**champ)
    with refused("indemnites_approuvee_intacte"), transaction.atomic():
        model.objects.filter(pk=objet.pk).delete()
    model.objects.filter(pk=objet.pk).update(payee_le=today())


def test_two_people_agree_to_what_was_checked(dans_cpts):
    personne = make_payable(dans_cpts)
    with refused("indemnites_approuvee_verifiee"):
        approve(make_declaration(personne))
    verifiee = make_declaration(personne, etat=Etat.VERIFIEE)
    with refused("deux_personnes"):
        approve(verifiee, par=verifiee.verifie_par)
    with refused("indemnites_approuvee_verifiee"), transaction.atomic():
        Declaration.objects.filter(pk=verifiee.pk).update(
            etat=Etat.APPROUVEE, approuve_le=now(), approuve_par=uuid4(), plafond=PASS_2026, montant=Decimal(900)
        )


def test_nobody_agrees_for_themselves(dans_cpts):
    """By the account, and by another account that bears the same RPPS number."""
    membre = make_membre(dans_cpts, Role.BUREAU)
    personne = make_payable(dans_cpts, membre=membre)
    verifiee = make_declaration(personne, etat=Etat.VERIFIEE)
    with refused("indemnites_pas_pour_soi"):
        approve(verifiee, par=membre.compte_id)
    autre = make_compte(rpps=personne.professionnel.rpps)
    with refused("indemnites_pas_pour_soi"):
        approve(verifiee, par=autre.pk)


def test_the_cap_counts_every_function_and_what_others_pay(dans_cpts):
    personne = make_payable(dans_cpts, situation=False)
    make_situation(personne, annee=2026, ailleurs=Decimal(40_000))
    approve(make_declaration(personne, etat=Etat.VERIFIEE, montant=Decimal(8_000)))
    with refused("indemnites_plafond_annuel"):
        approve(make_declaration(personne, etat=Etat.VERIFIEE, montant=Decimal("60.01"), fonction="president"))
    approve(make_declaration(personne, etat=Etat.VERIFIEE, montant=Decimal(60)))


def test_the_cap_is_that_of_a_human_being(dans_cpts):
    """Two rows of the same RPPS number, and a row merged into another, share one cap."""
    professionnel = ProfessionnelFabrique()
    personne = make_payable(dans_cpts, professionnel=professionnel)
    jumelle = PersonneFabrique(
        cpts=dans_cpts, membre=make_membre(dans_cpts, Role.PROFESSIONNEL, rpps=professionnel.rpps)
    )
    fusionnee = PersonneFabrique(cpts=dans_cpts, fusionnee_dans=jumelle)
    approve(make_declaration(personne, etat=Etat.VERIFIEE, montant=PASS_2026 - 100))
    for une in (jumelle, fusionnee):
        with refused("indemnites_plafond_annuel"):
            approve(make_declaration(une, etat=Etat.VERIFIEE, montant=Decimal(101)))
    autre = make_payable(dans_cpts)
    approve(make_declaration(autre, etat=Etat.VERIFIEE, montant=Decimal(101)))


def test_the_year_is_declared_first(dans_cpts):
    personne = make_payable(dans_cpts, situation=False)
    make_situation(personne, annee=2025)
    with refused("indemnites_situation_declaree"):
        approve(make_declaration(personne, etat=Etat.VERIFIEE))


def test_the_employer_is_paid_under_its_convention_beside_the_cap(dans_cpts):
    personne = make_payable(dans_cpts, situation=False)
    convention = make_convention(dans_cpts, periode=DateRange(date(2026, 1, 1), date(2026, 7, 1)))
    approve(make_declaration(personne, etat=Etat.VERIFIEE, convention=convention, le=date(2026, 6, 30)))
    with refused("indemnites_convention_en_vigueur"):
        approve(make_declaration(personne, etat=Etat.VERIFIEE, convention=convention, le=date(2026, 7, 1)))


def test_rates_do_not_overlap(dans_cpts):
    make_tarif(dans_cpts)
    make_tarif(dans_cpts, mission="acces")
    with refused("indemnites_tarif_sans_chevauchement"), transaction.atomic():
        make_tarif(dans_cpts, periode=DateRange(date(2026, 1, 1), date(2026, 2, 1)))
    with refused("indemnites_tarif_calcule"), transaction.atomic():
        make_tarif(dans_cpts, profession="60", nature="indemnite", fonction="tresorier")


# Two approvals at once ----------------------------------------------------------------------------------------------


def race(cpts_id, declarations, barrier=None) -> list[str]:
    """Approve them all at once, each in its own connection; the barrier holds every writer before its commit."""
    depart = threading.Barrier(len(declarations))
    issues: list[str] = []

    def run(declaration) -> None:
        try:
            with use_cpts(cpts_id):
                depart.wait(ATTENTE)
                approve(declaration)
                if barrier is not None:
                    barrier.wait(ATTENTE)
            issues.append("approuvée")
        except IntegrityError as refus:
            issues.append(str(refus).split(":")[0])
        finally:
            connections.close_all()

    fils = [threading.Thread(target=run, args=(declaration,)) for declaration in declarations]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(ATTENTE)
    return sorted(issues)


@pytest.mark.commits
def test_approvals_racing_never_exceed_the_cap(clone_base):
    """Three times 20 000 € under a cap of 48 060 €: two pass. Without the lock, all three pass: the control."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        course, controle = (
            [make_declaration(personne, etat=Etat.VERIFIEE, montant=Decimal(20_000)) for _ in range(3)]
            for personne in (make_payable(cpts, annee=2026), make_payable(cpts, annee=2026))
        )
    assert race(cpts.pk, course) == ["approuvée", "approuvée", "indemnites_plafond_annuel"]
    with psycopg.connect(clone_base.url_proprietaire, autocommit=True) as owner:
        owner.execute(
            "CREATE OR REPLACE FUNCTION maillon_indemnites_verrou(qui uuid, annee integer) RETURNS void"
            " LANGUAGE sql AS ''"
        )
    assert race(cpts.pk, controle, threading.Barrier(3)) == ["approuvée"] * 3
