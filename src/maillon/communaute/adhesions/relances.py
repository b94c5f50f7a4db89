"""The ladder of reminders: which step a day has reached, and which come next. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta


def find_palier(echeance: date, paliers: Sequence[int], *, on: date) -> int | None:
    """The latest step reached that day, in days from the due date; None before the first one."""
    return max((palier for palier in paliers if echeance + timedelta(days=palier) <= on), default=None)


def find_prochain(echeance: date, paliers: Sequence[int], *, on: date) -> date | None:
    """The day of the next step after that day; None after the last one."""
    return min((day for palier in paliers if (day := echeance + timedelta(days=palier)) > on), default=None)


def describe_palier(palier: int) -> str:
    """« J−30 », « jour de l’échéance », « J+60 »."""
    if palier == 0:
        return "jour de l’échéance"
    return f"J+{palier}" if palier > 0 else f"J−{-palier}"
