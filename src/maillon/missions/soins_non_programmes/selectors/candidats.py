"""Who may be asked for a request, in which order, and what already waits with them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from maillon.communaute.adhesions.selectors.membres import members
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.gardes.selectors import find_de_garde as find_gardes
from maillon.communaute.sollicitations.enums import ACTIVES, EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.communaute.sollicitations.selectors import list_exclus
from maillon.regles.appariement import Lieu
from maillon.regles.tour import Pressenti, Rang, rank
from maillon.socle.horloge import now, today

from ..models import GENRE, DemandeSoin, LieuConsultation
from .recherche import place_of
from .trajets import measure_minutes, middle_of

JOURS_CHARGE = 30
CANDIDATS_MAX = 30


def rank_candidats(demande: DemandeSoin) -> list[Rang]:
    """The members of this profession who are not being asked and did not decline, in the order of the rule. Constant
    queries."""
    rows = members(demande.cpts_id, on=today()).filter(professionnel__profession=demande.profession)
    if demande.demandeur is not None:  # nobody asks themselves
        rows = rows.exclude(professionnel__rpps=demande.demandeur.compte.rpps)
    active = Sollicitation.objects.of_objets(GENRE, [demande.pk]).filter(etat__in=ACTIVES)
    left = set(rows.values_list("professionnel_id", flat=True)) - list_exclus(GENRE, demande.pk)
    left -= set(active.values_list("professionnel_id", flat=True))
    lieux = read_lieux(left, cpts_id=demande.cpts_id)
    charges = count_charges(demande.cpts_id, left)
    ordered = sorted(left)
    minutes = measure_minutes(demande.commune, [lieux.get(pk) for pk in ordered])
    pressentis = [
        Pressenti(str(pk), journey, *charges.get(pk, (0, 0))) for pk, journey in zip(ordered, minutes, strict=True)
    ]
    return list(rank(pressentis, usuel=str(demande.usuel_id or ""))[:CANDIDATS_MAX])


def read_lieux(professionnel_ids: Collection[UUID], *, cpts_id: UUID) -> dict[UUID, Lieu]:
    """Where each one works: a place of consultation, else an activity of the directory. Two queries."""
    found: dict[UUID, Lieu] = {}
    for activite in Activite.objects.filter(professionnel__in=professionnel_ids).select_related("commune"):
        placed = activite.lon is not None and activite.lat is not None
        lieu = Lieu(activite.lon, activite.lat) if placed else middle_of(activite.commune)  # type: ignore[arg-type]
        if lieu is not None:
            found.setdefault(activite.professionnel_id, lieu)
    own = LieuConsultation.objects.filter(cpts_id=cpts_id, professionnel__in=professionnel_ids, ferme_le=None)
    for row in own.select_related("commune"):
        if (lieu := place_of(row)) is not None:
            found[row.professionnel_id] = lieu
    return found


def count_charges(cpts_id: UUID, professionnel_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """How often each was asked for such a request, and accepted, over the last month. One query."""
    rows = (
        Sollicitation.objects.filter(
            cpts_id=cpts_id,
            appel__genre=GENRE,
            professionnel__in=professionnel_ids,
            envoyee_le__gte=now() - timedelta(days=JOURS_CHARGE),
        )
        .values_list("professionnel_id")
        .annotate(nombre=Count("pk"), acceptees=Count("pk", filter=Q(etat=EtatSollicitation.ACCEPTEE)))
    )
    return {pk: (nombre, acceptees) for pk, nombre, acceptees in rows}


def find_de_garde(cpts_id: UUID, profession: str, moment: datetime) -> list[UUID]:
    """Who is on duty, by the published rosters. One query."""
    return [garde.professionnel_id for garde in find_gardes(cpts_id, profession, moment) if garde.professionnel_id]


def find_disponibles(demande: DemandeSoin, professionnel_ids: Collection[UUID]) -> set[UUID]:
    """Those who are still members when their wave comes."""
    rows = members(demande.cpts_id, on=today()).filter(professionnel__in=professionnel_ids)
    return set(rows.values_list("professionnel_id", flat=True))
