"""Who counts as covered by the community: members, and professionals of member structures."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from maillon.communaute.personnes.models import Personne

from ..models import Adhesion, Rattachement
from .membres import members


def rattachements(cpts_id: UUID, *, on: date) -> QuerySet[Rattachement]:
    """Who works in a member structure that day, by name."""
    return (
        Rattachement.objects.filter(
            Q(jusqu_a=None) | Q(jusqu_a__gt=on),
            adhesion__in=members(cpts_id, on=on).order_by(),
            cpts_id=cpts_id,
            depuis__lte=on,
        )
        .select_related("personne__professionnel", "adhesion__structure")
        .order_by("-representant", "personne__nom", "personne__prenom", "pk")
    )


def couverts(cpts_id: UUID, *, on: date) -> QuerySet[Personne]:
    """Everybody covered that day: professionals who are members, and those of member structures."""
    by_themselves = members(cpts_id, on=on).filter(professionnel__isnull=False).order_by().values("professionnel")
    return Personne.objects.filter(
        Q(professionnel__in=by_themselves) | Q(pk__in=rattachements(cpts_id, on=on).order_by().values("personne")),
        cpts_id=cpts_id,
        fusionnee_dans=None,
    )


def is_couvert(personne: Personne, on: date) -> bool:
    """Whether this person is a member that day, or works in a member structure."""
    return couverts(personne.cpts_id, on=on).filter(pk=personne.pk).exists()


def adhesions_of(personne: Personne) -> QuerySet[Adhesion]:
    """The memberships of a person, the latest first; empty for who is no professional."""
    return Adhesion.objects.filter(
        cpts_id=personne.cpts_id, professionnel=personne.professionnel_id, professionnel__isnull=False
    ).order_by("-debut", "-pk")


def get_people_of(adhesions: list[Adhesion]) -> dict[UUID, UUID]:
    """The person of each professional among these memberships, by the professional's id; one query."""
    keys = [adhesion.professionnel_id for adhesion in adhesions if adhesion.professionnel_id]
    rows = Personne.objects.filter(professionnel__in=keys, fusionnee_dans=None)
    return dict(rows.values_list("professionnel", "pk"))
