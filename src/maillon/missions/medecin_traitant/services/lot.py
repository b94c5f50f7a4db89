"""Several requests given to somebody, or planned, at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.socle.droits.acteur import Acteur
from maillon.socle.journal import services as journal

from ..models import ActionRefusee, Demande
from .commun import choose_responsable, lock


@transaction.atomic
def plan_lot(
    *,
    cpts_id: UUID,
    demande_ids: Sequence[UUID],
    responsable_id: UUID | None = None,
    prochaine_date: date | None = None,
    by: Acteur,
) -> int:
    """Give these requests to somebody, for a day, or both; those that ended meanwhile are left. Returns how many moved.

    Raises ActionRefusee when neither is given, or for somebody who is not of the desk.
    """
    if responsable_id is None and prochaine_date is None:
        raise ActionRefusee("Choisissez une personne, un jour, ou les deux.")
    responsable = choose_responsable(cpts_id, prefer=responsable_id) if responsable_id else None
    if responsable is not None and responsable.pk != responsable_id:
        raise ActionRefusee("Cette personne ne tient plus le guichet : choisissez-en une autre.")
    nombre = 0
    for pk in sorted(set(demande_ids)):
        demande: Demande = lock(pk)
        if not demande.is_suivie:
            continue
        demande.responsable = responsable or demande.responsable
        demande.prochaine_date = prochaine_date or demande.prochaine_date
        demande.save()
        le = prochaine_date.isoformat() if prochaine_date else ""
        journal.record("medecin_traitant.planifiee", demande, by=by, le=le)
        nombre += 1
    return nombre
