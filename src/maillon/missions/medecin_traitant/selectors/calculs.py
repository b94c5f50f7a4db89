"""Moments and statistics that several selectors of figures use."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Aggregate, FloatField
from django.db.models.functions import Extract
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


def in_days(duree: Any) -> Any:
    """A difference of two moments, in days and parts of a day."""
    return Extract(duree, "epoch") / SECONDES_PAR_JOUR
