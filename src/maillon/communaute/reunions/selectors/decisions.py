"""What meetings decided, and who does what before when."""

from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404

from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.droits.acteur import Acteur

from ..models import Decision, Reunion, Tache, TacheQuerySet
from ..permissions import GERER


def list_decisions(reunion: Reunion) -> list[Decision]:
    """The decisions of a meeting, in order."""
    return list(Decision.objects.filter(reunion=reunion))


def list_taches(reunion: Reunion) -> list[Tache]:
    """The tasks that a meeting gave, by due date."""
    return list(Tache.objects.filter(reunion=reunion).select_related("responsable", "decision", "reunion", "cpts"))


def list_suites(reunion: Reunion) -> list[Tache]:
    """What the earlier meetings of the same group left to do: open tasks, and those done since the last one."""
    if reunion.groupe_id is None or reunion.debut is None:
        return []
    avant = Reunion.objects.filter(groupe=reunion.groupe_id, debut__lt=reunion.debut).exclude(pk=reunion.pk)
    taches = Tache.objects.filter(cpts_id=reunion.cpts_id, reunion__in=avant).select_related(
        "responsable", "reunion", "cpts"
    )
    derniere = avant.order_by("-debut").first()
    if derniere is None:
        return []
    recentes = taches.filter(faite_le__gte=derniere.debut)
    return list((taches.ouvertes() | recentes).order_by(F("faite_le").asc(nulls_first=True), "echeance"))


def mes_taches(acteur: Acteur) -> TacheQuerySet:
    """The tasks of the person who asks."""
    personne = get_personne_of(acteur)
    taches = Tache.objects.select_related("responsable", "reunion", "cpts")
    return taches.filter(responsable=personne) if personne is not None else taches.none()


def taches_visibles(acteur: Acteur) -> QuerySet[Tache]:
    """Every task that this person may see, with its meeting."""
    return Tache.objects.visible_to(acteur).select_related("responsable", "reunion", "cpts")


def get_tache(pk: UUID, *, for_acteur: Acteur) -> Tache:
    """The task, or 404 when it does not exist or is not for this person."""
    tache = taches_visibles(for_acteur).filter(pk=pk).first()
    if tache is None:
        raise Http404
    return tache


def get_ma_tache(pk: UUID, *, for_acteur: Acteur) -> Tache:
    """A task that this person may say done: theirs, or any for an organiser; 404 otherwise."""
    taches = taches_visibles(for_acteur) if for_acteur.can(GERER) else mes_taches(for_acteur)
    tache = taches.filter(pk=pk).first()
    if tache is None:
        raise Http404
    return tache
