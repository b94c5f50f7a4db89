"""What the directory learns of the membership."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.models import Personne

from .selectors.couverture import couverts
from .selectors.membres import members


def list_adherents(cpts_id: UUID, on: date) -> QuerySet[Any]:
    """Keys of the professionals who are members that day, or work in a member structure."""
    by_themselves = members(cpts_id, on=on).filter(professionnel__isnull=False).order_by().values("professionnel")
    covered = couverts(cpts_id, on=on).filter(professionnel__isnull=False).order_by().values("professionnel")
    return Professionnel.objects.filter(Q(pk__in=by_themselves) | Q(pk__in=covered)).order_by().values("pk")


def build_adresse_inviter(slug: str, rpps: str) -> str:
    """Where this professional is invited."""
    return f"{reverse('adhesions_inviter', args=[slug])}?{urlencode({'qui': rpps})}"


def build_adresse_fiche(slug: str, cpts_id: UUID, professionnel_id: UUID) -> str:
    """The sheet of the person that this professional is in the community; empty for nobody."""
    known = Personne.objects.filter(cpts_id=cpts_id, professionnel=professionnel_id, fusionnee_dans=None)
    pk = known.values_list("pk", flat=True).first()
    return reverse("personnes_fiche", args=[slug, pk]) if pk else ""
