"""Operations as people read them, and as the accounting export takes them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.actions.models import Action, ActionQuerySet
from maillon.pilotage.contrats.models import VersementRecu
from maillon.socle.comptes.models import Compte
from maillon.socle.declarations import ElementAction, collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal.models import Entree

from ..enums import EtatOperation, SensOperation
from ..fec import Paiement
from ..models import ImportOperations, LigneBudget, Operation, OperationQuerySet, Serie
from ..permissions import LIRE
from .budget import read_source


def list_operations(cpts_id: UUID, *, for_acteur: Acteur) -> OperationQuerySet:
    """The operations that this person may read."""
    return Operation.objects.filter(cpts_id=cpts_id).visible_to(for_acteur)


def get_operation(pk: UUID, *, for_acteur: Acteur) -> Operation:
    """The operation, or 404 when it does not exist or is not for this person."""
    operations = Operation.objects.select_related(
        "piece", "serie", "ligne", "action", "contrepasse", "contrepassee_par"
    )
    operation = operations.visible_to(for_acteur).filter(pk=pk).first()
    if operation is None or operation.cpts_id != for_acteur.cpts_id:
        raise Http404
    return operation


@dataclass(frozen=True, slots=True)
class Suite:
    """Something that happened to an operation, when, and who did it."""

    evenement: str
    le: datetime
    qui: str


@dataclass(frozen=True, slots=True)
class Suites:
    saisie_par: str
    suites: tuple[Suite, ...]


def list_suites(operation: Operation) -> Suites:
    """What the journal tells of an operation, in order, with names; two queries."""
    entrees = list(Entree.objects.filter(cpts_id=operation.cpts_id, objet_id=operation.pk).order_by("id"))
    auteurs = [e.compte_id for e in entrees if e.compte_id] + [c for c in (operation.saisie_par,) if c]
    noms: dict[UUID | None, str] = {
        compte.pk: compte.get_full_name() for compte in Compte.objects.filter(pk__in=auteurs)
    }
    return Suites(
        noms.get(operation.saisie_par, ""),
        tuple(Suite(e.evenement, e.le, noms.get(e.compte_id, "")) for e in entrees),
    )


def list_actions(acteur: Acteur) -> ActionQuerySet:
    """The fiches-action on which this person may hang an operation, the latest first."""
    return Action.objects.visible_to(acteur)


def list_elements_action(cpts_id: UUID, action_id: UUID, acteur: Acteur) -> list[ElementAction]:
    """What was spent or committed for an action, as its page shows it; one query."""
    operations = list_operations(cpts_id, for_acteur=acteur).actives().select_related("cpts")
    return [
        ElementAction(
            operation.le,
            operation.libelle,
            operation.get_etat_display(),
            operation.signe,
            reverse("budget:operation", args=[operation.cpts.slug, operation.pk]),
        )
        for operation in operations.filter(action=action_id, sens=SensOperation.DEPENSE).order_by("le")
    ]


def get_serie(pk: UUID, *, for_acteur: Acteur) -> Serie:
    """A monthly spending of the person's community, or 404."""
    serie = Serie.objects.filter(pk=pk).first()
    if serie is None or serie.cpts_id != for_acteur.cpts_id:
        raise Http404
    return serie


def get_ligne(pk: UUID, *, for_acteur: Acteur) -> LigneBudget:
    """A planned line of the person's community, or 404."""
    ligne = LigneBudget.objects.select_related("contrat").filter(pk=pk).first()
    if ligne is None or ligne.cpts_id != for_acteur.cpts_id:
        raise Http404
    return ligne


def get_import(pk: UUID, *, for_acteur: Acteur) -> ImportOperations:
    """An import of the person's community, or 404."""
    depot = ImportOperations.objects.select_related("fichier").filter(pk=pk).first()
    if depot is None or depot.cpts_id != for_acteur.cpts_id:
        raise Http404
    return depot


def may_open_fichier(acteur: Acteur, fichier_id: UUID) -> bool:
    """Whether a document of the budget is for this person: those of the operations that they read."""
    if acteur.can(LIRE):
        return True
    return Operation.objects.visible_to(acteur).filter(piece_id=fichier_id).exists()


def list_paiements(cpts_id: UUID, debut: date, cloture: date) -> list[Paiement]:
    """Everything that moved on the bank account from `debut` to `cloture` included."""
    operations = Operation.objects.filter(cpts_id=cpts_id, etat=EtatOperation.PAYEE, le__gte=debut, le__lte=cloture)
    paiements = [_paiement_of(operation) for operation in operations]
    for versement in VersementRecu.objects.filter(cpts_id=cpts_id, le__gte=debut, le__lte=cloture):
        libelle = versement.libelle or f"ACI, année {versement.annee} : {versement.get_nature_display()}"
        reference = f"ACI-{versement.annee}-{versement.pk.hex[-8:]}"
        saisi = timezone.localtime(versement.saisi_le).date()
        paiements.append(Paiement(versement.le, saisi, reference, libelle, "aci", versement.montant))
    for source in collect("depenses"):
        for m in read_source(source, cpts_id, debut, date.fromordinal(cloture.toordinal() + 1)):
            if m.paye:
                paiements.append(Paiement(m.le, m.le, m.reference, m.libelle, m.categorie, -m.montant))
    return paiements


def _paiement_of(operation: Operation) -> Paiement:
    depense = operation.sens == SensOperation.DEPENSE
    assert operation.validee_le is not None
    return Paiement(
        le=operation.le,
        valide_le=timezone.localtime(operation.validee_le).date(),
        reference=operation.reference,
        libelle=" – ".join(filter(None, (operation.libelle, operation.tiers))),
        cle=operation.categorie if depense else "recettes",
        montant=-operation.signe if depense else operation.signe,
    )
