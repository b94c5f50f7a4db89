"""Fiches-action as people read them, with what hangs on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Min, Prefetch, Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from maillon.communaute.bibliotheque.models import Document, DocumentQuerySet
from maillon.socle.declarations import Cible, ElementAction, collect
from maillon.socle.droits.acteur import Acteur

from .enums import OUVERTES
from .models import Action, ActionQuerySet, DocumentAction, EtapeAction


def list_actions(cpts_id: UUID, *, for_acteur: Acteur) -> ActionQuerySet:
    """The fiches that this person may read, with `prochaine`, the day of the next step not done."""
    a_faire = Q(etapes__faite_le=None, etapes__retiree=False)
    return (
        Action.objects.visible_to(for_acteur)
        .filter(cpts_id=cpts_id)
        .select_related("responsable", "groupe")
        .annotate(prochaine=Min("etapes__echeance", filter=a_faire))
    )


def get_action(pk: UUID, *, for_acteur: Acteur, ecrire: bool = False) -> Action:
    """The fiche with its steps and partners, or 404 when it is not for this person; `ecrire`: to change it."""
    actions = Action.objects.visible_to(for_acteur)
    if ecrire:
        actions = actions.kept_by(for_acteur)
    action = (
        actions.select_related("responsable", "groupe", "cpts")
        .prefetch_related(Prefetch("etapes", EtapeAction.objects.filter(retiree=False), to_attr="etapes_prevues"))
        .filter(pk=pk)
        .first()
    )
    if action is None:
        raise Http404
    return action


def get_etape(action: Action, pk: UUID) -> EtapeAction:
    """A step of the action, taken away or not, or 404."""
    etape = EtapeAction.objects.filter(action=action, pk=pk).first()
    if etape is None:
        raise Http404
    return etape


@dataclass(frozen=True, slots=True)
class Rattaches:
    """What one app hangs on an action."""

    code: str
    libelle: str
    elements: Sequence[ElementAction]

    @property
    def total(self) -> Decimal:
        return sum((e.montant for e in self.elements if e.montant is not None), Decimal(0))


def list_rattaches(action: Action, acteur: Acteur) -> list[Rattaches]:
    """What every app hangs on the action and this person may see; those that have nothing are left out."""
    trouves = [
        Rattaches(source.code, source.libelle, source.elements(action.cpts_id, action.pk, acteur))
        for source in collect("elements_action")
    ]
    return [rattaches for rattaches in trouves if rattaches.elements]


def list_cibles(cpts_id: UUID) -> list[Cible]:
    """The indicators of the contract in force that an action may serve."""
    return [cible for source in collect("cibles") for cible in source.cibles(cpts_id)]


def list_etapes_ouvertes(actions: ActionQuerySet, *, jusqu_au: date) -> list[EtapeAction]:
    """Steps not done, due by this day, of actions still open; one query."""
    etapes = EtapeAction.objects.filter(
        action__in=actions.filter(etat__in=OUVERTES).order_by().values("pk"),
        faite_le=None,
        retiree=False,
        echeance__lte=jusqu_au,
    )
    return list(etapes.select_related("action"))


def list_documents(action_id: UUID, *, for_acteur: Acteur) -> DocumentQuerySet:
    """The documents of an action that this person may read, with their version in force."""
    liens = DocumentAction.objects.filter(action=action_id).values("document")
    return Document.objects.visible_to(for_acteur).filter(pk__in=liens).with_version()


def list_elements(cpts_id: UUID, action_id: UUID, acteur: Acteur) -> list[ElementAction]:
    """The same as what hangs on the action."""
    return [
        ElementAction(
            timezone.localtime(document.deposee_le).date(),  # type: ignore[attr-defined]
            document.titre,
            document.get_nature_display(),
            url=reverse("bibliotheque:document", args=[document.cpts.slug, document.pk]),
        )
        for document in list_documents(action_id, for_acteur=acteur).select_related("cpts")
    ]
