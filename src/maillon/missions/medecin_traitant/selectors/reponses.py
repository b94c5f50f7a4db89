"""What doctors were asked and answered, as matching counts it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from ..enums import ACTIVES, EtatProposition, MotifRetrait
from ..models import Proposition


class Reponse(NamedTuple):
    """A refusal: which doctor, of which request, why, when."""

    professionnel: UUID
    demande: UUID
    motif: str
    le: datetime


def read_deja(demande_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By request, the doctors who have it, declined it, or whom the person declined. One query."""
    rows = Proposition.objects.filter(
        Q(etat__in=[*ACTIVES, EtatProposition.REFUSEE]) | Q(motif_retrait=MotifRetrait.PATIENT),
        demande__in=demande_ids,
    ).values_list("demande", "professionnel")
    seen: dict[UUID, set[UUID]] = {}
    for demande, professionnel in rows:
        seen.setdefault(demande, set()).add(professionnel)
    return seen


def count_charges(cpts_id: UUID, *, since: datetime) -> dict[UUID, int]:
    """What each doctor accepted, or is being asked, since that day. One query."""
    rows = (
        Proposition.objects.filter(cpts_id=cpts_id, envoyee_le__gte=since, etat__in=ACTIVES)
        .order_by()
        .values_list("professionnel")
        .annotate(nombre=Count("pk"))
    )
    return dict(rows)


def list_refus(cpts_id: UUID, *, motifs: Collection[str], since: datetime) -> list[Reponse]:
    """The refusals for these reasons since that day. One query."""
    rows = Proposition.objects.filter(
        cpts_id=cpts_id, etat=EtatProposition.REFUSEE, motif_refus__in=motifs, repondue_le__gte=since
    ).values_list("professionnel", "demande", "motif_refus", "repondue_le")
    return [Reponse(professionnel, demande, motif, le) for professionnel, demande, motif, le in rows if le]


def count_sollicites(cpts_id: UUID) -> int:
    """How many proposals wait for a doctor's answer."""
    return Proposition.objects.filter(cpts_id=cpts_id, etat=EtatProposition.ENVOYEE).count()
