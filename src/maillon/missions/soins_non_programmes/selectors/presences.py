"""Who is there: slots offered at the hours of the mission, and published duties."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from maillon.communaute.gardes.models import Garde

from ..enums import TENUS, Horaire
from ..models import Creneau


def list_presences(
    cpts_id: UUID, professions: Collection[str], debut: datetime, fin: datetime
) -> dict[str, list[tuple[datetime, datetime]]]:
    """By profession, when somebody is there over [debut, fin[; moments may overlap. Two queries."""
    presences: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    creneaux = Creneau.objects.filter(
        cpts_id=cpts_id,
        profession__in=professions,
        debut__gte=debut,
        debut__lt=fin,
        etat__in=TENUS,
        horaire=Horaire.MISSION,
    )
    for profession, de, a in creneaux.order_by().values_list("profession", "debut", "fin"):
        presences[profession].append((de, a))
    gardes = Garde.objects.officielles().filter(
        cpts_id=cpts_id, poste__profession__in=professions, debut__lt=fin, fin__gt=debut
    )
    for profession, de, a in gardes.order_by().values_list("poste__profession", "debut", "fin"):
        presences[profession].append((de, a))
    return presences
