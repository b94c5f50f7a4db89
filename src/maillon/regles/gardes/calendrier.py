"""The kind of a duty, and duties at local hours whatever the clocks do that day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillon.regles.gardes.types import Genre


def classify_jour(jour: date, feries: Collection[date]) -> Genre:
    """Kind of a date: a public holiday comes before the day of the week."""
    if jour in feries:
        return Genre.FERIE
    return {6: Genre.SAMEDI, 7: Genre.DIMANCHE}.get(jour.isoweekday(), Genre.SEMAINE)


def build_plage(jour: date, debut: time, fin: time, fuseau: str = "Europe/Paris") -> tuple[datetime, datetime]:
    """Start and end of a duty at local hours; an end not after the start is on the next day.

    An hour that happens twice is the first one for a start, the second for an end, so that nobody leaves before the
    clocks have been put back; an hour that does not exist is moved on by what the clocks jump.
    """
    zone = ZoneInfo(fuseau)
    lendemain = jour if fin > debut else jour + timedelta(days=1)
    depart = datetime.combine(jour, debut, zone)
    arrivee = datetime.combine(lendemain, fin, zone).replace(fold=1)
    return _exists(depart), _exists(arrivee)


def _exists(instant: datetime) -> datetime:
    """The same instant at an hour that the clocks show."""
    return datetime.fromtimestamp(instant.replace(fold=0).timestamp() if _is_jumped(instant) else instant.timestamp(),
                                  instant.tzinfo)  # fmt: skip


def _is_jumped(instant: datetime) -> bool:
    """Whether the clocks skip this hour: read back, it is another one."""
    return datetime.fromtimestamp(instant.timestamp(), instant.tzinfo).replace(tzinfo=None) != instant.replace(
        tzinfo=None
    )
