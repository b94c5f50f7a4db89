"""Finding structures and the partners of a community."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from maillon.communaute.recherche import filter_noms

from .enums import TypeStructure
from .models import Partenariat, Structure


def search_structures(texte: str = "", *, type_structure: TypeStructure | str = "") -> QuerySet[Structure]:
    """Structures by name (accents and typing errors forgiven) or FINESS number, and by type; the nearest first."""
    rows = Structure.objects.all()
    if type_structure:
        rows = rows.filter(type=type_structure)
    texte = texte.strip()
    if len(texte) == 9 and texte[2:].isdigit():
        return rows.filter(finess=texte.upper())
    return filter_noms(rows, texte) if texte else rows


def get_partenariats(cpts_id: UUID, *, on: date) -> QuerySet[Partenariat]:
    """Partnerships in force that day, by the structure's name."""
    return (
        Partenariat.objects.filter(Q(jusqu_a=None) | Q(jusqu_a__gt=on), cpts_id=cpts_id, depuis__lte=on)
        .select_related("structure__commune")
        .order_by("structure__nom_recherche")
    )
