"""Decisions, and the tasks that they give: done in one touch, taken up again in another, reminded once."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from maillon.communaute.personnes.models import Personne
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..models import ActionRefusee, Decision, PointOrdreDuJour, Reunion, Tache
from ..notifications_presences import RappelTache
from .commun import lock

RAPPEL_AVANT = timedelta(days=3)


@transaction.atomic
def record_decision(*, reunion: Reunion, texte: str, by: Acteur, point: PointOrdreDuJour | None = None) -> Decision:
    """Write what the meeting decided, after the decisions already written."""
    lock(reunion.pk)
    rang = Decision.objects.filter(reunion=reunion).aggregate(dernier=Max("rang"))["dernier"] or 0
    decision = Decision.objects.create(
        cpts_id=reunion.cpts_id, reunion=reunion, point=point, rang=rang + 1, texte=texte
    )
    journal.record("reunions.decision_prise", decision, by=by, reunion=str(reunion.pk))
    return decision


@transaction.atomic
def remove_decision(*, decision: Decision, by: Acteur) -> None:
    """Take back a decision written by mistake; its tasks stay."""
    journal.record("reunions.decision_retiree", decision, by=by, reunion=str(decision.reunion_id))
    decision.delete()


@transaction.atomic
def give_tache(
    *,
    reunion: Reunion,
    libelle: str,
    responsable: Personne,
    echeance: date,
    by: Acteur,
    decision: Decision | None = None,
) -> Tache:
    """Somebody will do something before a day."""
    tache = Tache.objects.create(
        cpts_id=reunion.cpts_id,
        reunion=reunion,
        decision=decision,
        libelle=libelle,
        responsable=responsable,
        echeance=echeance,
    )
    journal.record("reunions.tache_donnee", tache, by=by, echeance=echeance.isoformat())
    return tache


@transaction.atomic
def remove_tache(*, tache: Tache, by: Acteur) -> None:
    """Take back a task written by mistake. Raises ActionRefusee for one already done."""
    if tache.faite_le is not None:
        raise ActionRefusee("Cette tâche est faite : elle reste dans l’histoire de la réunion.")
    journal.record("reunions.tache_retiree", tache, by=by, reunion=str(tache.reunion_id))
    tache.delete()


@transaction.atomic
def finish_tache(*, tache: Tache, by: Acteur) -> Tache:
    """The task is done; done twice changes nothing."""
    tache = Tache.objects.select_for_update(no_key=True, of=("self",)).get(pk=tache.pk)
    if tache.faite_le is None:
        tache.faite_le, tache.faite_par = now(), by.compte_id
        tache.save(update_fields=["faite_le", "faite_par"])
        journal.record("reunions.tache_faite", tache, by=by)
    return tache


@transaction.atomic
def reopen_tache(*, tache: Tache, by: Acteur) -> Tache:
    """The task was not done after all."""
    tache = Tache.objects.select_for_update(no_key=True, of=("self",)).get(pk=tache.pk)
    if tache.faite_le is not None:
        tache.faite_le, tache.faite_par = None, None
        tache.save(update_fields=["faite_le", "faite_par"])
        journal.record("reunions.tache_rouverte", tache, by=by)
    return tache


@transaction.atomic
def remind_taches(*, cpts_id: UUID) -> int:
    """Write once to those whose task is due within three days, and once when it is late. Returns how many messages."""
    jour = today()
    ecrits = 0
    proches = Tache.objects.ouvertes().filter(cpts_id=cpts_id, echeance__lte=jour + RAPPEL_AVANT)
    for tache in proches.exclude(responsable__courriel="").select_related("responsable", "reunion", "cpts"):
        occasion = f"{'retard' if tache.echeance < jour else 'avant'}:{tache.echeance.isoformat()}"
        ecrits += (
            RappelTache.for_tache(tache, le=jour).queue(to=tache.responsable.courriel, occasion=occasion) is not None
        )
    return ecrits
