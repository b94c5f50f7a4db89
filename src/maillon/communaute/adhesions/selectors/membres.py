"""Who belongs to a community at a date."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from maillon.communaute.annuaire.enums import Profession, pluralize_libelle
from maillon.communaute.annuaire.models import Activite
from maillon.communaute.territoire.models import Commune

from ..models import Adhesion, AdhesionQuerySet


@dataclass(frozen=True, slots=True)
class Effectif:
    """How many members of one profession; `libelle` is plural, « structures » for all structures together."""

    libelle: str
    nombre: int


def members(cpts_id: UUID, *, on: date) -> AdhesionQuerySet:
    """Memberships in force that day, with their professional or structure; those that ended later are among them."""
    return Adhesion.objects.filter(Q(fin=None) | Q(fin__gt=on), cpts_id=cpts_id, debut__lte=on).select_related(
        "professionnel", "structure__commune"
    )


def is_member(cpts_id: UUID, professionnel_id: UUID, *, on: date) -> bool:
    """Whether this professional belongs to the community that day."""
    return members(cpts_id, on=on).filter(professionnel=professionnel_id).exists()


def with_places(adhesions: AdhesionQuerySet) -> AdhesionQuerySet:
    """Adds what a list shows and sorts: `communes` (names where the professional works), `nom_tri`, `commune_tri`."""
    places = Activite.objects.filter(professionnel=OuterRef("professionnel")).order_by("commune__nom_recherche")
    return adhesions.annotate(
        communes=ArraySubquery(places.values("commune__nom").distinct("commune__nom_recherche")),
        nom_tri=Coalesce("professionnel__nom_recherche", "structure__nom_recherche"),
        commune_tri=Coalesce(
            Subquery(places.values("commune__nom_recherche")[:1]), "structure__commune__nom_recherche"
        ),
    )


def get_communes_of_members(cpts_id: UUID, *, on: date) -> list[tuple[str, str]]:
    """Codes and names of the communes where members work, by name: the choices of a filter."""
    adhesions = members(cpts_id, on=on).order_by()
    places = Activite.objects.filter(professionnel__in=adhesions.filter(structure=None).values("professionnel"))
    communes = Commune.objects.filter(
        Q(pk__in=places.values("commune")) | Q(pk__in=adhesions.values("structure__commune"))
    )
    return [(commune.pk, commune.nom) for commune in communes]


def get_professions_of_members(cpts_id: UUID, *, on: date) -> list[tuple[str, str]]:
    """Codes and labels of the professions of members, in the order of the codes: the choices of a filter."""
    codes = members(cpts_id, on=on).order_by().values_list("professionnel__profession", flat=True).distinct()
    present = set(codes)
    return [(code, label) for code, label in Profession.choices if code in present]


def count_by_profession(cpts_id: UUID, *, on: date) -> list[Effectif]:
    """Members by profession, the most numerous first (généralistes and other doctors apart), structures last."""
    professionals: Counter[str] = Counter()
    structures = 0
    for adhesion in members(cpts_id, on=on):
        if adhesion.professionnel is None:
            structures += 1
        else:
            professionals[adhesion.professionnel.libelle_profession] += 1
    effectifs = [
        Effectif(pluralize_libelle(libelle) if nombre > 1 else libelle, nombre)
        for libelle, nombre in sorted(professionals.items(), key=lambda item: (-item[1], item[0]))
    ]
    return [
        *effectifs,
        *([Effectif("structures" if structures > 1 else "structure", structures)] if structures else []),
    ]
