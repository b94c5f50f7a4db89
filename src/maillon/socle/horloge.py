"""The house's clock: services and models read time here, so that a demonstration or a simulation can move it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("maillon_moment", default=None)


def now() -> datetime:
    """The present instant, aware, or the one set by `at`."""
    return _moment.get() or timezone.now()


def today() -> date:
    """The present day in the current time zone, or that of the instant set by `at`."""
    return timezone.localtime(now()).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Live at another instant, in this thread only."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
