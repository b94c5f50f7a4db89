"""What the community decided of its unscheduled care, and the days and hours that follow."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from maillon.regles.feries import compute_feries
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import now

from ..models import Reglages


def get_reglages(cpts_id: UUID) -> Reglages:
    """The settings, or the defaults (not saved) of a community that decided nothing yet."""
    return Reglages.objects.filter(cpts_id=cpts_id).first() or Reglages(cpts_id=cpts_id)


def get_zone(cpts: Cpts) -> ZoneInfo:
    return ZoneInfo(cpts.fuseau)


def get_today(cpts: Cpts) -> date:
    """The day at this community's clock."""
    return now().astimezone(get_zone(cpts)).date()


def find_midnight(jour: date, cpts: Cpts) -> datetime:
    """When a day starts at this community's clock."""
    return datetime.combine(jour, time(), get_zone(cpts))


def list_feries(cpts: Cpts, debut: date, fin: date) -> dict[date, str]:
    """The public holidays of the community's département over [debut, fin[."""
    return compute_feries(debut, fin, cpts.departement)
