"""The journal is written by the services that act, in their transaction."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models

from maillon.socle.droits.acteur import Acteur

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
    """The same for many objects of their own communities, in one statement."""
    Entree.objects.bulk_create(
        Entree(
            cpts_id=objet.cpts_id,  # type: ignore[attr-defined]
            evenement=evenement,
            objet_type=objet._meta.label_lower,
            objet_id=objet.pk,
            acteur=by.etiquette,
            compte_id=by.compte_id,
            details=details,
        )
        for objet in objets
    )
