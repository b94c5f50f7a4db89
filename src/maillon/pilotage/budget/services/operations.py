"""Operations: entered, approved, paid, cancelled, reversed."""

import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.pilotage.contrats.donnees import Piece
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal
from maillon.socle.ui.typographie import format_euros

from ..donnees import DonneesOperation
from ..enums import TRANSITIONS, EtatOperation, SensOperation
from ..models import LigneBudget, Operation, Reglages
from ..permissions import LIRE_MISSION

PREMIER_JOUR = date(2015, 1, 1)
ANNEES_D_AVANCE = 6


@transaction.atomic
def create_operation(*, cpts_id: UUID, donnees: DonneesOperation, by: Acteur, piece: Piece | None = None) -> Operation:
    """Commit money. Above the community's threshold a spending then waits for the bureau.

    Raises SaisieInvalide for an impossible date or a reference already taken, FichierRefuse for the document.
    """
    check_jour(donnees.le)
    check_ligne(donnees)
    reglages = lock_reglages(cpts_id)
    operation = Operation(
        cpts_id=cpts_id,
        **_values(donnees),
        a_approuver=must_be_approved(reglages, donnees.sens, donnees.montant),
        saisie_par=by.compte_id,
    )
    operation.reference = donnees.reference or next_reference(cpts_id, donnees.le.year)
    if piece is not None:
        operation.piece = _store(operation, piece, by=by)
    _insert(operation)
    journal.record("budget.operation_saisie", operation, by=by, montant=str(operation.montant), poste=operation.poste)
    return operation


def _values(donnees: DonneesOperation) -> dict[str, Any]:
    return {
        "le": donnees.le,
        "sens": donnees.sens,
        "poste": donnees.poste,
        "categorie": donnees.categorie,
        "ligne": donnees.ligne,
        "libelle": donnees.libelle,
        "tiers": donnees.tiers,
        "montant": donnees.montant,
        "recurrente": donnees.recurrente,
        "action": donnees.action,
    }


def _insert(operation: Operation) -> None:
    try:
        with transaction.atomic():
            operation.save(force_insert=True)
    except IntegrityError as refus:
        if "budget_operation_reference_unique" not in str(refus):
            raise
        raise SaisieInvalide(
            f"Une opération porte déjà la référence « {operation.reference} ». Choisissez-en une autre."
        ) from None


@transaction.atomic
def change_operation(*, operation: Operation, donnees: DonneesOperation, by: Acteur) -> Operation:
    """Correct a committed operation. What was approved is to be approved again when its money or payee changes.

    Raises SaisieInvalide once it is paid or cancelled.
    """
    operation = lock_operation(operation)
    if operation.etat != EtatOperation.ENGAGEE:
        raise SaisieInvalide(
            f"L’opération {operation.reference} est {operation.get_etat_display()} : elle ne se modifie plus."
        )
    check_jour(donnees.le)
    check_ligne(donnees)
    avant = (operation.sens, operation.montant, operation.tiers, operation.poste)
    for nom, valeur in _values(donnees).items():
        setattr(operation, nom, valeur)
    if (operation.sens, operation.montant, operation.tiers, operation.poste) != avant:
        _reset_approval(operation)
        # Whoever wrote these euros cannot be the one who agrees to them.
        operation.saisie_par = by.compte_id
    operation.save()
    journal.record("budget.operation_modifiee", operation, by=by, montant=str(operation.montant))
    return operation


@transaction.atomic
def pay_operation(*, operation: Operation, le: date, by: Acteur) -> Operation:
    """Say that the money has moved, on which day. From then on nothing changes but by a reversal.

    Raises SaisieInvalide for a day to come, or when the bureau has not agreed.
    """
    operation = _move(operation, EtatOperation.PAYEE)
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé : revenez le jour du paiement.")
    check_jour(le)
    if operation.a_approuver and operation.approuvee_le is None:
        raise SaisieInvalide(
            f"Cette dépense de {format_euros(operation.montant)} attend l’accord du bureau : "
            "elle se paie une fois approuvée."
        )
    operation.le, operation.validee_le = le, now()
    operation.save()
    journal.record("budget.operation_payee", operation, by=by, le=le.isoformat(), montant=str(operation.montant))
    return operation


@transaction.atomic
def cancel_operation(*, operation: Operation, by: Acteur) -> Operation:
    """Give up what was committed. `restore_operation` takes it back."""
    operation = _move(operation, EtatOperation.ANNULEE)
    operation.save()
    journal.record("budget.operation_annulee", operation, by=by)
    return operation


@transaction.atomic
def restore_operation(*, operation: Operation, by: Acteur) -> Operation:
    """Commit again what was cancelled; what the bureau had refused is to be approved again."""
    operation = _move(operation, EtatOperation.ENGAGEE)
    if operation.motif_refus:
        _reset_approval(operation)
    operation.motif_refus = ""
    operation.save()
    journal.record("budget.operation_retablie", operation, by=by)
    return operation


@transaction.atomic
def reverse_operation(*, operation: Operation, le: date, by: Acteur) -> Operation:
    """Undo a paid operation by another of the same amount that weighs the other way. Raises SaisieInvalide when it is
    not paid, or already reversed."""
    operation = lock_operation(operation)
    if operation.etat != EtatOperation.PAYEE or operation.contrepasse_id:
        raise SaisieInvalide("Seule une opération payée se contre-passe.")
    if Operation.objects.filter(contrepasse=operation).exists():
        raise SaisieInvalide(f"L’opération {operation.reference} est déjà contre-passée.")
    if not operation.le <= le <= today():
        raise SaisieInvalide(f"La contre-passation est datée entre le {operation.le:%d/%m/%Y} et aujourd’hui.")
    lock_reglages(operation.cpts_id)
    inverse = Operation(
        cpts_id=operation.cpts_id,
        reference=next_reference(operation.cpts_id, le.year),
        le=le,
        etat=EtatOperation.PAYEE,
        validee_le=now(),
        contrepasse=operation,
        saisie_par=by.compte_id,
        **{
            nom: getattr(operation, nom)
            for nom in (
                "sens",
                "poste",
                "categorie",
                "ligne_id",
                "action_id",
                "libelle",
                "tiers",
                "montant",
                "recurrente",
            )
        },
    )
    inverse.save(force_insert=True)
    journal.record("budget.operation_contrepassee", inverse, by=by, origine=str(operation.pk))
    return inverse


@transaction.atomic
def attach_piece(*, operation: Operation, piece: Piece, by: Acteur) -> Operation:
    """Join the document that shows the operation. Raises SaisieInvalide when a paid one already has its own,
    FichierRefuse for a document that is not accepted."""
    operation = lock_operation(operation)
    if operation.piece_id and operation.etat == EtatOperation.PAYEE:
        raise SaisieInvalide("Cette opération payée a déjà sa pièce : elle ne se remplace pas.")
    operation.piece = _store(operation, piece, by=by)
    operation.save(update_fields=["piece"])
    journal.record("budget.piece_jointe", operation, by=by, empreinte=operation.piece.empreinte)
    return operation


@transaction.atomic
def approve_operation(*, operation: Operation, by: Acteur) -> list[Operation]:
    """Agree to a spending above the threshold. Agreeing to one month of a series is agreeing to those that remain.

    Raises SaisieInvalide when it does not wait, or when the one who agrees has entered it.
    """
    operation = _lock_waiting(operation)
    if by.compte_id is not None and by.compte_id == operation.saisie_par:
        raise SaisieInvalide("Vous avez saisi cette dépense : une autre personne du bureau doit l’approuver.")
    siennes = [operation]
    if operation.serie_id:
        siennes = list(Operation.objects.select_for_update().filter(serie_id=operation.serie_id).waiting_approval())
    for une in siennes:
        une.approuvee_le, une.approuvee_par = now(), by.compte_id
        une.save(update_fields=["approuvee_le", "approuvee_par"])
        journal.record("budget.operation_approuvee", une, by=by, montant=str(une.montant))
    return siennes


@transaction.atomic
def refuse_operation(*, operation: Operation, motif: str, by: Acteur) -> Operation:
    """Disagree, and say why: the commitment is cancelled."""
    if not motif.strip():
        raise SaisieInvalide("Dites pourquoi le bureau refuse : la coordination doit pouvoir répondre.")
    operation = _lock_waiting(operation)
    operation.etat, operation.motif_refus = EtatOperation.ANNULEE, motif.strip()
    operation.save()
    journal.record("budget.operation_refusee", operation, by=by)
    return operation


def _lock_waiting(operation: Operation) -> Operation:
    operation = lock_operation(operation)
    if not operation.attend_accord:
        raise SaisieInvalide(f"L’opération {operation.reference} n’attend plus d’accord.")
    return operation


def lock_operation(operation: Operation) -> Operation:
    """The row itself, until the transaction ends."""
    return Operation.objects.select_for_update().get(pk=operation.pk)


def lock_reglages(cpts_id: UUID) -> Reglages:
    """The settings of the community, locked: references are given one at a time."""
    reglages, _ = Reglages.objects.get_or_create(cpts_id=cpts_id)
    return Reglages.objects.select_for_update().get(pk=reglages.pk)


def next_reference(cpts_id: UUID, annee: int) -> str:
    """`2026-0001`, the next one of the year. The settings are locked by the caller."""
    prises = Operation.objects.filter(cpts_id=cpts_id, reference__regex=rf"^{annee}-\d+$")
    numeros = (int(re.split("-", r)[1]) for r in prises.values_list("reference", flat=True))
    return f"{annee}-{max(numeros, default=0) + 1:04d}"


def must_be_approved(reglages: Reglages, sens: str, montant: Decimal) -> bool:
    """Whether the bureau must agree before this is paid."""
    seuil = reglages.seuil_approbation
    return sens == SensOperation.DEPENSE and seuil is not None and montant >= seuil


def check_jour(le: date) -> None:
    """Refuse a year typed wrong."""
    if not PREMIER_JOUR <= le <= today().replace(day=1, year=today().year + ANNEES_D_AVANCE):
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas une date possible : vérifiez l’année.")


def check_ligne(donnees: DonneesOperation) -> None:
    """A planned line is charged with what it was planned for."""
    ligne: LigneBudget | None = donnees.ligne
    if ligne is not None and (ligne.poste, ligne.categorie) != (donnees.poste, donnees.categorie):
        raise SaisieInvalide(
            f"La ligne « {ligne.libelle} » est prévue pour {ligne.get_poste_display()}, "
            f"{ligne.get_categorie_display().lower()} : choisissez-en une autre, ou aucune."
        )


def _move(operation: Operation, etat: EtatOperation) -> Operation:
    operation = lock_operation(operation)
    if etat not in TRANSITIONS[EtatOperation(operation.etat)]:
        raise SaisieInvalide(
            f"L’opération {operation.reference} est {operation.get_etat_display()} : "
            f"elle ne peut pas devenir {etat.label}."
        )
    operation.etat = etat
    return operation


def _reset_approval(operation: Operation) -> None:
    operation.approuvee_le, operation.approuvee_par = None, None
    reglages = lock_reglages(operation.cpts_id)
    operation.a_approuver = must_be_approved(reglages, operation.sens, operation.montant)


def _store(operation: Operation, piece: Piece, *, by: Acteur) -> Any:
    return store_fichier(
        cpts_id=operation.cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=LIRE_MISSION.code
    )
