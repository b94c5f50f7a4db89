"""What doctors were asked and answered, as matching counts it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Q

from maillon.communaute.sollicitations.enums import ACTIVES, EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.horloge import now

from ..enums import MotifRefus
from ..models import GENRE
from ..retours import FOIS

# Reasons that teach only with the request they were about: its commune, its language.
SUR_LA_DEMANDE = frozenset({MotifRefus.TROP_LOIN, MotifRefus.LANGUE})


class Reponse(NamedTuple):
    """A refusal: which doctor, of which request where the reason is about it, why, when."""

    professionnel: UUID
    demande: UUID | None
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
        .annotate(total=Count("*"), attendues=Count("expire_le", filter=attendue))
    )
    return {professionnel: Charge(total, attendues) for professionnel, total, attendues in rows}


def list_refus(cpts_id: UUID, *, motifs: Collection[str], since: datetime) -> list[Reponse]:
    """The refusals for these reasons since that day. Two queries: those about a request, one by one; those about the
    doctor, of whom only the latest and whether it was said often enough teach, by doctor and reason."""
    refusees = (
        Sollicitation.objects.of_genre(GENRE)
        .filter(cpts_id=cpts_id, etat=EtatSollicitation.REFUSEE, repondue_le__gte=since)
        .order_by()
    )
    sur_demande = refusees.filter(motif_refus__in=set(motifs) & SUR_LA_DEMANDE)
    champs = ("professionnel", "appel__objet_id", "motif_refus", "repondue_le")
    found = [Reponse(*row) for row in sur_demande.order_by("-repondue_le", "pk").values_list(*champs) if row[-1]]
    du_medecin = refusees.filter(motif_refus__in=set(motifs) - SUR_LA_DEMANDE)
    comptes = du_medecin.values_list("professionnel", "motif_refus").annotate(fois=Count("*"), le=Max("repondue_le"))
    for professionnel, motif, fois, le in comptes:
        found += [Reponse(professionnel, None, motif, le)] * min(fois, FOIS)
    return found
