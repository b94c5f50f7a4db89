"""Solicitations as each reader may see them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import Http404
from django.utils import timezone

from maillon.socle.declarations import GenreSollicitation, VueSollicitation, get_genre_sollicitation
from maillon.socle.droits.acteur import Acteur

from ..enums import EtatAppel, EtatSollicitation
from ..models import Appel, Sollicitation, SollicitationQuerySet


def get_sollicitation(sollicitation_id: UUID, *, for_acteur: Acteur) -> Sollicitation:
    """One that this actor may see; Http404 for unknown and forbidden alike."""
    found = (
        Sollicitation.objects.visible_to(for_acteur)
        .select_related("cpts", "appel", "professionnel")
        .filter(pk=sollicitation_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def list_own(*, for_acteur: Acteur) -> SollicitationQuerySet:
    """Own ones only: whoever also manages calls reads those of others elsewhere."""
    return Sollicitation.objects.visible_to(for_acteur).filter(
        professionnel__rpps=for_acteur.rpps or "", envoyee_le__isnull=False
    )


def get_own(sollicitation_id: UUID, *, for_acteur: Acteur) -> Sollicitation:
    """One made to this actor; Http404 otherwise."""
    found = list_own(for_acteur=for_acteur).select_related("appel").filter(pk=sollicitation_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Attendue:
    """A solicitation that waits for its reader's answer, without identity."""

    sollicitation: Sollicitation
    genre: GenreSollicitation
    vue: VueSollicitation


def present(rows: Sequence[Sollicitation]) -> list[Attendue]:
    """The anonymous view of each, in the same order: one query for each kind."""
    par_genre: dict[str, list[Sollicitation]] = {}
    for row in rows:
        par_genre.setdefault(row.appel.genre, []).append(row)
    vues: dict[tuple[str, UUID], VueSollicitation] = {}
    for code, own in par_genre.items():
        found = get_genre_sollicitation(code).presente(own[0].cpts_id, [row.appel.objet_id for row in own])
        vues |= {(code, objet_id): vue for objet_id, vue in found.items()}
    return [
        Attendue(row, get_genre_sollicitation(row.appel.genre), vues[row.appel.genre, row.appel.objet_id])
        for row in rows
        if (row.appel.genre, row.appel.objet_id) in vues
    ]


def list_attendues(*, for_acteur: Acteur, moment: datetime) -> list[Attendue]:
    """What waits for this professional's own answer, the first to expire first: one query, and one for each kind.

    Those sent together are in no order: that of their sending may be a rank that facts hidden to the reader make.
    """
    waiting = list_own(for_acteur=for_acteur).en_attente().filter(expire_le__gt=moment).select_related("appel")
    return present(sorted(waiting, key=_rank))


def _rank(row: Sollicitation) -> tuple[datetime, int]:
    """The minute of the deadline, then the end of the key, which is drawn at random."""
    assert row.expire_le is not None
    return row.expire_le.replace(second=0, microsecond=0), row.pk.int & 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Recente:
    """An answer given, and whether it may be taken back."""

    sollicitation: Sollicitation
    genre: GenreSollicitation
    vue: VueSollicitation | None
    reprenable: bool


def list_recentes(*, for_acteur: Acteur, limit: int = 8) -> list[Recente]:
    """Own latest answers, the latest first; an acceptance may be taken back until the other side has answered."""
    rows = list(
        list_own(for_acteur=for_acteur)
        .exclude(etat=EtatSollicitation.ENVOYEE)
        .select_related("appel")
        .order_by("-envoyee_le", "-pk")[:limit]
    )
    reserved = [row for row in rows if row.etat == EtatSollicitation.ACCEPTEE and row.appel.etat == EtatAppel.RESERVE]
    vues = {attendue.sollicitation.pk: attendue.vue for attendue in present(reserved)}
    return [Recente(row, row.appel.declare, vues.get(row.pk), row.pk in vues) for row in rows]


def list_exclus(genre: str, objet_id: UUID) -> set[UUID]:
    """Professionals who are not asked again for this object: they declined, or went back on a yes."""
    closing = Sollicitation.objects.of_objets(genre, [objet_id]).closing()
    return set(closing.values_list("professionnel_id", flat=True))


@dataclass(frozen=True, slots=True)
class Motif:
    """A reason of refusal and how many times it was given."""

    code: str
    libelle: str
    nombre: int


def count_motifs(cpts_id: UUID, genre: str, debut: date, fin: date) -> list[Motif]:
    """Why solicitations of a kind were declined over [debut, fin[, the most frequent first; totals, without names."""
    start, end = (timezone.make_aware(datetime.combine(day, time.min)) for day in (debut, fin))
    rows = (
        Sollicitation.objects.filter(
            cpts_id=cpts_id,
            appel__genre=genre,
            etat=EtatSollicitation.REFUSEE,
            repondue_le__gte=start,
            repondue_le__lt=end,
        )
        .values_list("motif_refus")
        .annotate(nombre=Count("pk"))
        .order_by("-nombre", "motif_refus")
    )
    mots = dict(get_genre_sollicitation(genre).motifs)
    return [Motif(code, mots.get(code, code), nombre) for code, nombre in rows]


@dataclass(frozen=True, slots=True)
class Vague:
    """One wave of a call, as who manages it reads it. `quand` is when it left, None for one to come; `prochaine` is the
    next one to leave."""

    appel: Appel
    numero: int
    sollicitations: tuple[Sollicitation, ...]
    quand: datetime | None
    jusqu_au: datetime | None
    en_cours: bool
    prevue: bool
    prochaine: bool


def build_vagues(genre: str, objet_id: UUID) -> list[Vague]:
    """Every wave of every call for this object, what comes next first. One query."""
    rows: QuerySet[Sollicitation] = (
        Sollicitation.objects.of_objets(genre, [objet_id])
        .select_related("appel", "professionnel")
        .order_by("-appel__ouvert_le", "appel_id", "-vague", "rang")
    )
    vagues = [_vague(list(group)) for _, group in groupby(rows, key=lambda row: (row.appel_id, row.vague))]
    planned = [vague.numero for vague in vagues if vague.prevue]
    # Only the living call has planned waves: the first of them is the next to leave.
    return [replace(vague, prochaine=vague.prevue and vague.numero == min(planned)) for vague in vagues]


def _vague(rows: list[Sollicitation]) -> Vague:
    return Vague(
        appel=rows[0].appel,
        numero=rows[0].vague,
        sollicitations=tuple(rows),
        quand=min((row.envoyee_le for row in rows if row.envoyee_le), default=None),
        jusqu_au=max((row.expire_le for row in rows if row.expire_le), default=None),
        en_cours=any(row.etat == EtatSollicitation.ENVOYEE for row in rows),
        prevue=any(row.etat == EtatSollicitation.PREVUE for row in rows),
        prochaine=False,
    )
