"""What doctors were asked and answered, as matching counts it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q

from maillon.communaute.sollicitations.enums import ACTIVES, EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.horloge import now

from ..models import GENRE


class Reponse(NamedTuple):
    """A refusal: which doctor, of which request, why, when."""

    professionnel: UUID
    demande: UUID
    motif: str
    le: datetime


def read_deja(demande_ids: Collection[UUID], *, patient: bool = True) -> dict[UUID, set[UUID]]:
    """By request, the doctors who have it, declined it or went back on a yes; with `patient`, those whom the person
    declined too. One query."""
    asked = Sollicitation.objects.of_objets(GENRE, demande_ids)
    kept = asked.filter(etat__in=ACTIVES) | asked.closing()
    if patient:
        kept |= asked.filter(motif_retrait=MotifRetrait.PATIENT)
    seen: dict[UUID, set[UUID]] = {}
    for demande, professionnel in kept.values_list("appel__objet_id", "professionnel"):
        seen.setdefault(demande, set()).add(professionnel)
    return seen


def read_declines(demande_id: UUID) -> set[UUID]:
    """The doctors to whom the person said no: they may be asked again, last. One query."""
    declined = Sollicitation.objects.of_objets(GENRE, [demande_id]).filter(motif_retrait=MotifRetrait.PATIENT)
    return set(declined.values_list("professionnel", flat=True))


class Charge(NamedTuple):
    """What a doctor accepted or is being asked since a day, and how many answers are awaited now."""

    total: int
    attendues: int


def count_charges(cpts_id: UUID, *, since: datetime) -> dict[UUID, Charge]:
    """What each doctor accepted, or is being asked, since that day. One query."""
    attendue = Q(etat=EtatSollicitation.ENVOYEE, expire_le__gt=now())
    rows = (
        Sollicitation.objects.of_genre(GENRE)
        .filter(
            cpts_id=cpts_id,
            envoyee_le__gte=since,
            etat__in=(EtatSollicitation.ENVOYEE, EtatSollicitation.ACCEPTEE),
        )
        .order_by()
        .values_list("professionnel")
        .annotate(total=Count("*"), attendues=Count("pk", filter=attendue))
    )
    return {professionnel: Charge(total, attendues) for professionnel, total, attendues in rows}


def list_refus(cpts_id: UUID, *, motifs: Collection[str], since: datetime) -> list[Reponse]:
    """The refusals for these reasons since that day, the latest first. One query, by the index of refusals."""
    refusees = Sollicitation.objects.of_genre(GENRE).filter(
        cpts_id=cpts_id, etat=EtatSollicitation.REFUSEE, motif_refus__in=motifs, repondue_le__gte=since
    )
    champs = ("professionnel", "appel__objet_id", "motif_refus", "repondue_le")
    rows = refusees.order_by("-repondue_le", "pk").values_list(*champs)
    return [Reponse(professionnel, demande, motif, le) for professionnel, demande, motif, le in rows if le]
