"""Moments on the clock of a community, and statistics, that several selectors of figures use."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Aggregate, DateTimeField, F, FloatField, Func, Value

from maillon.socle.cpts.models import Cpts


def get_fuseau(cpts_id: UUID) -> ZoneInfo:
    """The zone in which the community gives its hours."""
    return ZoneInfo(Cpts.objects.values_list("fuseau", flat=True).get(pk=cpts_id))


def start_of(day: date, fuseau: ZoneInfo) -> datetime:
    """Midnight of this day, where the people are."""
    return datetime.combine(day, time.min, fuseau)


class Centile(Aggregate):
    """Value under which this part of the rows lies, by linear interpolation: half for the median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Centile"

    def __init__(self, expression: Any, part: float, **extra: Any) -> None:
        super().__init__(expression, part=part, output_field=FloatField(), **extra)


def seconds(duree: Any) -> Any:
    """A difference of two moments, in seconds."""
    return Func(Value("epoch"), duree, function="DATE_PART", output_field=FloatField())


def at_clock(champ: str, fuseau: ZoneInfo) -> Any:
    """A moment as the clock of this zone shows it."""
    return Func(Value(fuseau.key), F(champ), function="TIMEZONE", output_field=DateTimeField())


def midnight(horloge: Any) -> Any:
    """Midnight before this time of a clock."""
    return Func(Value("day"), horloge, function="DATE_TRUNC", output_field=DateTimeField())
