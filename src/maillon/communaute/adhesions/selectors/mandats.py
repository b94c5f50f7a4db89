"""Who holds which office, and what ends soon."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ..enums import Fonction
from ..models import MandatStatutaire

ALERTE_JOURS = 60


def list_mandats(cpts_id: UUID) -> QuerySet[MandatStatutaire]:
    return MandatStatutaire.objects.filter(cpts_id=cpts_id).select_related("personne")


def get_mandat(pk: UUID, cpts_id: UUID) -> MandatStatutaire:
    return get_object_or_404(list_mandats(cpts_id), pk=pk)


def list_en_cours(cpts_id: UUID, *, on: date) -> list[MandatStatutaire]:
    """Offices held that day or later, in the order of the offices."""
    ordre = list(Fonction)
    running = [m for m in list_mandats(cpts_id) if m.periode.upper is None or m.periode.upper > on]
    return sorted(running, key=lambda m: (ordre.index(Fonction(m.fonction)), m.periode.lower, m.personne.nom))


def list_passes(cpts_id: UUID, *, on: date) -> list[MandatStatutaire]:
    """Offices that ended, the latest first."""
    rows = [m for m in list_mandats(cpts_id) if m.periode.upper is not None and m.periode.upper <= on]
    return sorted(rows, key=lambda m: m.periode.upper, reverse=True)


def list_qui_finissent(cpts_id: UUID, *, on: date) -> list[MandatStatutaire]:
    """Offices that end within 60 days, or ended without anybody to follow in the last 60."""
    rows = list(list_mandats(cpts_id))
    limite, depuis = on + timedelta(days=ALERTE_JOURS), on - timedelta(days=ALERTE_JOURS)
    ending = [m for m in rows if m.periode.upper is not None and depuis <= m.periode.upper <= limite]
    return sorted((m for m in ending if not _is_followed(m, rows)), key=lambda m: m.periode.upper)


def _is_followed(mandat: MandatStatutaire, rows: list[MandatStatutaire]) -> bool:
    """Whether somebody holds the office from the day when it ends: for a councillor, the same person again."""
    end = mandat.periode.upper
    return any(
        other.pk != mandat.pk
        and other.fonction == mandat.fonction
        and (other.fonction != Fonction.ADMINISTRATEUR or other.personne_id == mandat.personne_id)
        and other.periode.lower >= mandat.periode.lower
        and (other.periode.upper is None or other.periode.upper > end)
        for other in rows
    )
