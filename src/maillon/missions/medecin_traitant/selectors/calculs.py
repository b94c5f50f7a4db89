"""Moments and statistics that several selectors of figures use."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, DateTimeField, F, FloatField, Func, IntegerField, Value
from django.utils import timezone

SECONDES_PAR_JOUR = 86_400


def start_of(day: date) -> datetime:
    """Midnight of this day, where the people are."""
    return timezone.make_aware(datetime.combine(day, time.min))


class Centile(Aggregate):
    """Value under which this part of the rows lies, by linear interpolation: half for the median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(part)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Centile"

    def __init__(self, expression: Any, part: float, **extra: Any) -> None:
        super().__init__(expression, part=part, output_field=FloatField(), **extra)


class Tranche(Func):
    """Which of the intervals that begin at these moments holds the value, from 1: a search by halves, many times faster
    than cutting each moment at its week in a time zone."""

    function = "WIDTH_BUCKET"

    def __init__(self, champ: str, debuts: Sequence[datetime]) -> None:
        bornes = Value(list(debuts), output_field=ArrayField(DateTimeField()))
        super().__init__(F(champ), bornes, output_field=IntegerField())


def in_seconds(duree: Any) -> Any:
    """A difference of two moments, in seconds and parts of a second, as a float."""
    return Func(Value("epoch"), duree, function="DATE_PART", output_field=FloatField())


def in_days(duree: Any) -> Any:
    """A difference of two moments, in days and parts of a day: as a float, which a median sorts ten times faster than
    the exact number that EXTRACT gives."""
    return in_seconds(duree) / float(SECONDES_PAR_JOUR)
