"""The journal is written by the services that act, in their transaction."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models

from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from .models import Entree


def record(evenement: str, objet: models.Model, *, by: Acteur, cpts_id: UUID | None = None, **details: Any) -> Entree:
    """Write that `by` did `evenement` to `objet`. `details` hold codes, counts and dates, never a name or a text.

    `cpts_id` defaults to the object's community.
    """
    return Entree.objects.create(
        cpts_id=cpts_id or objet.cpts_id,  # type: ignore[attr-defined]
        evenement=evenement,
        objet_type=objet._meta.label_lower,
        objet_id=objet.pk,
        acteur=by.etiquette,
        compte_id=by.compte_id,
        details=details,
    )


def record_many(evenement: str, objets: Sequence[models.Model], *, by: Acteur, **details: Any) -> None:
    """The same for many objects of one kind and community, in one statement whatever their number."""
    if not objets:
        return
    first = objets[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entree (cpts_id, le, evenement, objet_type, objet_id, acteur, compte_id, details)"
            " SELECT %s, %s, %s, %s, o, %s, %s, %s::jsonb FROM unnest(%s::uuid[]) o",
            [
                first.cpts_id,  # type: ignore[attr-defined]
                now(),
                evenement,
                first._meta.label_lower,
                by.etiquette,
                by.compte_id,
                json.dumps(details),
                [objet.pk for objet in objets],
            ],
        )
