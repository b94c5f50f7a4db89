"""Payment runs: what is owed leaves the bank once, and comes back to wait when the bank sends it back."""

import threading
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError, connections

from fabriques.droits import make_cpts
from fabriques.indemnites import make_convention, make_declaration, make_frais, make_payable
from fabriques.paiements import IBAN, make_campagne, make_compte_cpts, make_compte_personne, make_due
from maillon.communaute.personnes.models import Personne
from maillon.pilotage.budget.selectors.budget import read_source
from maillon.pilotage.indemnites.declarations import DEPENSES, list_paiements
from maillon.pilotage.indemnites.enums import Etat, EtatCampagne, EtatVirement
from maillon.pilotage.indemnites.models import Campagne, CompteBancaire, Declaration, LignePayee
from maillon.pilotage.indemnites.selectors.etats import list_das2
from maillon.pilotage.indemnites.selectors.paiements import find_attentes, list_virements
from maillon.pilotage.indemnites.services import comptes, paiements
from maillon.pilotage.indemnites.services.approbation import reverse
from maillon.pilotage.indemnites.services.banque import apply_releve
from maillon.pilotage.indemnites.services.paiements import (
    cancel_campagne,
    issue_campagne,
    pay_virements,
    prepare_campagne,
    reject_virement,
)
from maillon.pilotage.indemnites.services.relecture import leave_out, put_back
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.models import Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.fichiers.services import read_fichier
from maillon.socle.horloge import at, now, today
from maillon.socle.journal.models import Entree


def read_campagne(campagne: Campagne) -> str:
    assert campagne.fichier is not None
    return read_fichier(campagne.fichier).decode()


def test_one_transfer_a_person_with_expenses_and_reversals(dans_cpts, acteur):
    make_compte_cpts(dans_cpts)
    personne = make_due(dans_cpts)
    make_frais(personne, etat=Etat.APPROUVEE)
    fausse = make_declaration(personne, etat=Etat.APPROUVEE, montant=Decimal(60))
    reverse(ligne=fausse, motif="saisie deux fois", by=acteur(Role.PRESIDENT))
    make_declaration(personne, etat=Etat.VERIFIEE)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    (virement,) = campagne.virements.all()
    assert virement.montant == Decimal("158.40")
    xml = read_campagne(campagne)
    assert "158.40" in xml
    assert IBAN in xml
    assert virement.reference in xml


def test_working_time_goes_to_the_employer(dans_cpts):
    convention = make_convention(dans_cpts)
    make_declaration(make_payable(dans_cpts), etat=Etat.APPROUVEE, convention=convention)
    make_declaration(make_payable(dans_cpts), etat=Etat.APPROUVEE, convention=convention)
    (virement,) = make_campagne(dans_cpts).virements.all()
    assert (virement.structure, virement.personne, virement.montant) == (convention.structure, None, Decimal(140))


def test_asked_again_it_is_the_same_run(dans_cpts):
    make_due(dans_cpts)
    premiere = make_campagne(dans_cpts)
    make_due(dans_cpts)
    assert make_campagne(dans_cpts) == premiere
    assert premiere.virements.count() == 1


def test_a_file_is_written_once(dans_cpts):
    make_compte_cpts(dans_cpts)
    make_due(dans_cpts)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    avant = read_campagne(campagne)
    assert read_campagne(issue_campagne(campagne=campagne, by=SYSTEME)) == avant


def test_without_account_the_transfer_waits_for_the_next_run(dans_cpts):
    make_compte_cpts(dans_cpts)
    sans = make_due(dans_cpts, compte=False)
    make_due(dans_cpts)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    ecarte = campagne.virements.get(personne=sans)
    assert (ecarte.etat, ecarte.motif) == (EtatVirement.ECARTE, "IBAN manquant")
    make_compte_personne(sans)
    suivante = make_campagne(dans_cpts)
    assert [virement.personne for virement in suivante.virements.all()] == [sans]


def test_what_cannot_leave_is_said(dans_cpts):
    with pytest.raises(SaisieInvalide, match="Rien d’approuvé"):
        make_campagne(dans_cpts)
    make_due(dans_cpts)
    with pytest.raises(SaisieInvalide, match="passée"):
        make_campagne(dans_cpts, execution_le=today() - timedelta(days=1))
    with pytest.raises(SaisieInvalide, match="IBAN de la communauté"):
        issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)


def test_paid_then_sent_back_then_paid_again(dans_cpts):
    make_compte_cpts(dans_cpts)
    personne = make_due(dans_cpts)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    assert pay_virements(campagne=campagne, virements=None, le=today(), by=SYSTEME) == 1
    assert pay_virements_again(campagne) == 0
    declaration = Declaration.objects.get(personne=personne)
    assert declaration.payee_le == today()
    campagne.refresh_from_db()
    assert campagne.etat == EtatCampagne.SOLDEE
    reject_virement(virement=campagne.virements.get(), motif="compte clos", by=SYSTEME)
    declaration.refresh_from_db()
    assert declaration.payee_le is None
    assert make_campagne(dans_cpts).virements.get().montant == Decimal(120)


def test_what_was_sent_back_then_reversed_waits_for_nothing(dans_cpts, acteur):
    make_compte_cpts(dans_cpts)
    personne = make_due(dans_cpts)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    reject_virement(virement=campagne.virements.get(), motif="compte clos", by=SYSTEME)
    assert find_attentes(dans_cpts.pk, now=now()).a_refaire == 1
    reverse(ligne=Declaration.objects.get(personne=personne), motif="pas venue", by=acteur(Role.PRESIDENT))
    assert find_attentes(dans_cpts.pk, now=now()).a_refaire == 0


def pay_virements_again(campagne: Campagne) -> int:
    Campagne.objects.filter(pk=campagne.pk).update(etat=EtatCampagne.EMISE)
    return pay_virements(campagne=campagne, virements=None, le=today(), by=SYSTEME)


def test_a_run_given_up_frees_its_rows_and_a_paid_one_stays(dans_cpts):
    make_compte_cpts(dans_cpts)
    make_due(dans_cpts)
    premiere = make_campagne(dans_cpts)
    leave_out(virement=premiere.virements.get(), by=SYSTEME)
    cancel_campagne(campagne=premiere, motif="", by=SYSTEME)
    seconde = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="dites pourquoi"):
        cancel_campagne(campagne=seconde, motif=" ", by=SYSTEME)
    pay_virements(campagne=seconde, virements=None, le=today(), by=SYSTEME)
    with pytest.raises(SaisieInvalide, match="déjà payés"):
        cancel_campagne(campagne=seconde, motif="erreur", by=SYSTEME)


def test_a_transfer_set_aside_comes_back_into_its_run(dans_cpts):
    make_compte_cpts(dans_cpts)
    ligne = Declaration.objects.get(personne=make_due(dans_cpts))
    campagne = make_campagne(dans_cpts)
    virement = campagne.virements.get()
    leave_out(virement=virement, by=SYSTEME)
    for _ in range(2):
        put_back(virement=virement, by=SYSTEME)
        virement.refresh_from_db()
        assert (virement.etat, virement.motif, virement.lignes.get().vivante) == ("a_payer", "", True)
    assert Entree.objects.filter(evenement="indemnites.virement_remis").count() == 1
    emise = issue_campagne(campagne=campagne, by=SYSTEME)
    assert virement.reference in read_campagne(emise)
    with pytest.raises(SaisieInvalide, match="déjà partie"):
        put_back(virement=virement, by=SYSTEME)
    pay_virements(campagne=emise, virements=None, le=today(), by=SYSTEME)
    ligne.refresh_from_db()
    assert ligne.payee_le == today()


def test_a_transfer_does_not_come_back_with_a_row_reversed_since(dans_cpts, acteur):
    make_compte_cpts(dans_cpts)
    ligne = Declaration.objects.get(personne=make_due(dans_cpts))
    virement = make_campagne(dans_cpts).virements.get()
    leave_out(virement=virement, by=SYSTEME)
    reverse(ligne=ligne, motif="pas venue", by=acteur(Role.PRESIDENT))
    with pytest.raises(SaisieInvalide, match="contre-passée"):
        put_back(virement=virement, by=SYSTEME)
    assert not virement.lignes.get().vivante


def test_a_statement_settles_sends_back_and_asks(dans_cpts):
    make_compte_cpts(dans_cpts)
    payee, rejetee, autre = (make_due(dans_cpts) for _ in range(3))
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    par = {virement.personne: virement for virement in campagne.virements.all()}
    releve = (
        "Date;Libelle;Debit;Credit\n"
        f"{today():%d/%m/%Y};VIR {par[payee].reference};120,00;\n"
        f"{today():%d/%m/%Y};REJET {par[rejetee].reference};;120,00\n"
        f"{today():%d/%m/%Y};VIR {par[autre].reference};100,00;\n"
        f"{today():%d/%m/%Y};LOYER;800,00;\n"
    ).encode()
    bilan = apply_releve(cpts_id=dans_cpts.pk, contenu=releve, by=SYSTEME)
    assert [v.personne for v in bilan.payes] == [payee]
    assert [v.personne for v, _ in bilan.rejetes] == [rejetee]
    assert [v.personne for _, v in bilan.ecarts] == [autre]
    assert bilan.autres == 1
    encore = apply_releve(cpts_id=dans_cpts.pk, contenu=releve, by=SYSTEME)
    assert (encore.payes, encore.rejetes, encore.deja) == ([], [], 2)


def test_a_former_statement_says_nothing_of_the_next_run(dans_cpts):
    """Sent back, then in the next run: the first statement again does not settle the second transfer."""
    make_compte_cpts(dans_cpts)
    personne = make_due(dans_cpts)
    premiere = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    reference = premiere.virements.get().reference
    debit = f"{today():%d/%m/%Y};VIR {personne.nom} {personne.prenom} {reference};120,00;\n"
    releve = f"Date;Libelle;Debit;Credit\n{debit}{today():%d/%m/%Y};REJET {reference};;120,00\n".encode()
    apply_releve(cpts_id=dans_cpts.pk, contenu=releve, by=SYSTEME)
    seconde = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    bilan = apply_releve(cpts_id=dans_cpts.pk, contenu=releve, by=SYSTEME)
    assert (bilan.payes, bilan.rejetes, len(bilan.ecarts)) == ([], [], 1)
    hier = f"Date;Libelle;Debit\n{today() - timedelta(days=1):%d/%m/%Y};VIR {personne.nom} {personne.prenom};120\n"
    assert not apply_releve(cpts_id=dans_cpts.pk, contenu=hier.encode(), by=SYSTEME).payes
    assert seconde.virements.get().etat == EtatVirement.A_PAYER


def test_a_part_given_back_frees_nothing(dans_cpts):
    make_compte_cpts(dans_cpts)
    make_due(dans_cpts)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    pay_virements(campagne=campagne, virements=None, le=today(), by=SYSTEME)
    virement = campagne.virements.get()
    releve = f"Date;Libelle;Debit;Credit\n{today():%d/%m/%Y};RENDU {virement.reference};;20,00\n".encode()
    assert len(apply_releve(cpts_id=dans_cpts.pk, contenu=releve, by=SYSTEME).ecarts) == 1
    virement.refresh_from_db()
    assert virement.etat == EtatVirement.PAYE


def test_what_is_reversed_after_the_run_was_gathered_does_not_leave(dans_cpts, acteur):
    make_compte_cpts(dans_cpts)
    personne, autre = make_due(dans_cpts), make_due(dans_cpts)
    campagne = make_campagne(dans_cpts)
    reverse(ligne=Declaration.objects.get(personne=personne), motif="pas venue", by=acteur(Role.PRESIDENT))
    issue_campagne(campagne=campagne, by=SYSTEME)
    assert campagne.virements.get(personne=personne).etat == EtatVirement.ECARTE
    assert campagne.virements.get(personne=autre).etat == EtatVirement.A_PAYER
    with pytest.raises(SaisieInvalide, match="Rien d’approuvé"):
        make_campagne(dans_cpts)


def test_the_account_reread_is_the_one_that_leaves(dans_cpts):
    """Changed after the run was gathered: the page shows the new account, and says that it is new."""
    make_compte_cpts(dans_cpts)
    with at(now() - timedelta(days=60)):
        personne = make_due(dans_cpts)
    campagne = make_campagne(dans_cpts)
    (avant,) = list_virements(campagne, now=now())
    assert not avant.compte_recent
    nouveau = make_compte_personne(personne, iban="DE89370400440532013000")
    (apres,) = list_virements(campagne, now=now())
    assert (apres.compte, apres.compte_recent) == (nouveau, True)
    issue_campagne(campagne=campagne, by=SYSTEME)
    assert campagne.virements.get().compte == nouveau


def test_rows_of_a_merged_person_are_paid_and_summed_with_hers(dans_cpts):
    make_compte_cpts(dans_cpts)
    gardee, absorbee = make_due(dans_cpts), make_due(dans_cpts, compte=False)
    Personne.objects.filter(pk=absorbee.pk).update(fusionnee_dans=gardee)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    assert campagne.virements.get(personne=gardee).montant == Decimal(240)
    pay_virements(campagne=campagne, virements=None, le=today(), by=SYSTEME)
    (ligne,) = list_das2(dans_cpts.pk, today().year, seuil=Decimal(200))
    assert (ligne.pk, ligne.total) == (gardee.pk, Decimal(240))


def test_home_says_what_waits(dans_cpts, acteur):
    make_compte_cpts(dans_cpts)
    make_due(dans_cpts)
    campagne = make_campagne(dans_cpts)

    def say() -> list[str]:
        return [une.phrase for une in list_paiements(dans_cpts.pk, acteur(Role.BUREAU), now())]

    assert say() == [f"La campagne {campagne.reference} attend son fichier de virements."]
    issue_campagne(campagne=campagne, by=SYSTEME)
    assert say() == []
    with at(now() + timedelta(days=8)):
        assert "relevé de la banque" in say()[0]
    reject_virement(virement=campagne.virements.get(), motif="compte clos", by=SYSTEME)
    assert say() == ["1\u00a0virement rejeté par la banque est à refaire."]
    make_campagne(dans_cpts)
    assert "rejeté" not in " ".join(say())


def test_namesakes_are_left_to_a_person(dans_cpts):
    make_compte_cpts(dans_cpts)
    for _ in range(2):
        personne = make_due(dans_cpts)
        type(personne).objects.filter(pk=personne.pk).update(prenom="Zoé", nom="Brun")
    issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    releve = f"Date;Libelle;Debit\n{today():%d/%m/%Y};VIREMENT BRUN ZOE;120,00\n".encode()
    bilan = apply_releve(cpts_id=dans_cpts.pk, contenu=releve, by=SYSTEME)
    assert len(bilan.a_choisir) == 1
    assert not bilan.payes


def test_the_budget_follows_without_retyping(dans_cpts):
    make_compte_cpts(dans_cpts)
    personne = make_due(dans_cpts, mission="prevention")
    debut, fin = date(today().year, 1, 1), date(today().year + 1, 1, 1)
    (source,) = DEPENSES
    (mouvement,) = read_source(source, dans_cpts.pk, debut, fin)
    assert (mouvement.poste, mouvement.montant, mouvement.paye) == ("prevention", Decimal(120), False)
    campagne = issue_campagne(campagne=make_campagne(dans_cpts), by=SYSTEME)
    pay_virements(campagne=campagne, virements=None, le=today(), by=SYSTEME)
    (mouvement,) = read_source(source, dans_cpts.pk, debut, fin)
    assert mouvement.paye
    assert str(personne) not in mouvement.libelle


def test_an_account_is_encrypted_and_the_former_one_closed(dans_cpts):
    personne = make_payable(dans_cpts)
    premier = make_compte_personne(personne)
    assert make_compte_personne(personne) == premier
    autre = make_compte_personne(personne, iban="FR1420041010050500013M02606")
    assert autre.iban.endswith(autre.fin_iban)
    assert IBAN.encode() not in bytes(premier.iban_chiffre)
    assert CompteBancaire.objects.filter(personne=personne, jusqu_a=None).get() == autre


# Two runs at once ---------------------------------------------------------------------------------------------------

ATTENTE = 20
# What keeps a second run from paying the same rows: one run being prepared, and one living transfer a row.
GARANTIES = (
    "DROP INDEX indemnites_participation_payee_une_fois",
    "DROP INDEX indemnites_une_campagne_preparee",
    "ALTER TABLE indemnites_campagne DROP CONSTRAINT indemnites_campagne_reference",
    "ALTER TABLE indemnites_virement DROP CONSTRAINT indemnites_virement_reference",
)


def race(cpts_id) -> None:
    """Three people prepare a run at the same moment, each in a session of their own."""
    depart, maintenant = threading.Barrier(3), now()

    def run() -> None:
        try:
            with at(maintenant), use_cpts(cpts_id):
                depart.wait(ATTENTE)
                prepare_campagne(cpts_id=cpts_id, jusqu_au=today(), execution_le=today(), by=SYSTEME)
        except (SaisieInvalide, IntegrityError):
            pass
        finally:
            connections.close_all()

    fils = [threading.Thread(target=run) for _ in range(3)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(ATTENTE)


def count_payments(cpts_id) -> list[int]:
    """How many living transfers pay each participation."""
    with use_cpts(cpts_id):
        vives = LignePayee.objects.filter(vivante=True).values_list("declaration", flat=True)
        return sorted(Counter(vives).values())


@pytest.mark.commits
@pytest.mark.parametrize("verrou", [True, False], ids=["with the lock", "by the database alone"])
def test_nothing_is_paid_twice(verrou, monkeypatch, clone_base):
    """Two sessions that gather the same rows: one pays. Without any guarantee both do: the control."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        make_due(cpts)
        make_due(cpts)
    if not verrou:
        together(monkeypatch)
    race(cpts.pk)
    assert count_payments(cpts.pk) == [1, 1]


@pytest.mark.commits
def test_control_without_guarantees_rows_are_paid_twice(monkeypatch, clone_base):
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        make_due(cpts)
    with psycopg.connect(clone_base.url_proprietaire, autocommit=True) as owner:
        for garantie in GARANTIES:
            owner.execute(garantie)
    together(monkeypatch)
    race(cpts.pk)
    assert count_payments(cpts.pk) == [3]


def together(monkeypatch) -> None:
    """No lock, and everybody has gathered before anybody writes."""
    rassemble, gather = threading.Barrier(3), paiements._gather

    def wait_for_others(*args):
        parts = gather(*args)
        rassemble.wait(ATTENTE)
        return parts

    monkeypatch.setattr(paiements, "lock_paiements", lambda cpts_id: None)
    monkeypatch.setattr(paiements, "_gather", wait_for_others)


def test_a_person_learns_that_somebody_else_changed_their_account(dans_cpts, acteur):
    personne = make_due(dans_cpts)
    Personne.objects.filter(pk=personne.pk).update(courriel="hele@exemple.fr")
    personne.refresh_from_db()
    ailleurs = {"titulaire": "Autre", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX"}
    tresorier = acteur(Role.COORDINATION)
    comptes.keep_compte(cpts_id=dans_cpts.pk, personne=personne, by=tresorier, **ailleurs)
    [message] = Message.objects.filter(gabarit="indemnites/courriels/compte_change.txt")
    assert message.adresse == "hele@exemple.fr"
    assert "DE89" not in message.texte
    comptes.keep_compte(cpts_id=dans_cpts.pk, personne=personne, by=tresorier, **ailleurs)
    assert Message.objects.filter(gabarit=message.gabarit).count() == 1
