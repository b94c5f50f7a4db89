"""What doctors were asked and answered, as matching counts it."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count

from maillon.communaute.sollicitations.enums import ACTIVES, EtatSollicitation, MotifRetrait
from maillon.communaute.sollicitations.models import Sollicitation

from ..enums import MotifRefus
from ..models import GENRE

# More than a desk of a hundred doctors receives in six months; beyond, the older ones teach nothing new.
REFUS_LUS = 2_000
# Reasons that teach only with the request they were about: its commune, its language.
SUR_LA_DEMANDE = frozenset({MotifRefus.TROP_LOIN, MotifRefus.LANGUE})
CHAMPS = ("professionnel", "motif_refus", "repondue_le")


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


def count_charges(cpts_id: UUID, *, since: datetime) -> dict[UUID, int]:
    """What each doctor accepted, or is being asked, since that day. One query."""
    rows = (
        Sollicitation.objects.of_genre(GENRE)
        .filter(
            cpts_id=cpts_id,
            envoyee_le__gte=since,
            etat__in=(EtatSollicitation.ENVOYEE, EtatSollicitation.ACCEPTEE),
        )
        .order_by()
        .values_list("professionnel")
        .annotate(nombre=Count("*"))
    )
    return dict(rows)


def list_refus(cpts_id: UUID, *, motifs: Collection[str], since: datetime) -> list[Reponse]:
    """The last refusals for these reasons since that day, REFUS_LUS at most: those about the doctor, then those about
    a request. Two queries, the first from its index alone."""
    refusees = (
        Sollicitation.objects.of_genre(GENRE)
        .filter(cpts_id=cpts_id, etat=EtatSollicitation.REFUSEE, repondue_le__gte=since)
        .order_by("-repondue_le", "professionnel")
    )
    du_medecin = refusees.filter(motif_refus__in=set(motifs) - SUR_LA_DEMANDE)
    sur_demande = refusees.filter(motif_refus__in=set(motifs) & SUR_LA_DEMANDE)
    rows = [(pro, None, motif, le) for pro, motif, le in du_medecin.values_list(*CHAMPS)[:REFUS_LUS]]
    rows += [
        (pro, demande, motif, le)
        for pro, motif, le, demande in sur_demande.values_list(*CHAMPS, "appel__objet_id")[:REFUS_LUS]
    ]
    return [Reponse(pro, demande, motif, le) for pro, demande, motif, le in rows if le]
