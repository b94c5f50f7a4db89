"""One meeting as an iCalendar file: what a person adds to their own calendar in one touch."""

from datetime import UTC

from icalendar import Calendar, Event

from maillon.socle.horloge import now

from .enums import Etat
from .models import Reunion


def get_uid(reunion: Reunion) -> str:
    """The name of this meeting in every calendar, for ever."""
    return f"reunion-{reunion.pk}@maillon"


def write_ics(reunion: Reunion) -> bytes:
    """The meeting, in UTC; the same name and a growing version, so that a second download replaces the first."""
    assert reunion.debut is not None
    assert reunion.fin is not None
    calendrier = Calendar()
    calendrier.add("prodid", "-//Maillon//Réunions//FR")
    calendrier.add("version", "2.0")
    calendrier.add("method", "PUBLISH")
    evenement = Event()
    evenement.add("uid", get_uid(reunion))
    evenement.add("sequence", reunion.sequence)
    evenement.add("dtstamp", now().astimezone(UTC))
    evenement.add("dtstart", reunion.debut.astimezone(UTC))
    evenement.add("dtend", reunion.fin.astimezone(UTC))
    evenement.add("summary", reunion.titre)
    if reunion.lieu or reunion.visio:
        evenement.add("location", reunion.lieu or reunion.visio)
    if reunion.visio:
        evenement.add("url", reunion.visio)
    evenement.add("status", "CANCELLED" if reunion.etat == Etat.ANNULEE else "CONFIRMED")
    calendrier.add_component(evenement)
    return bytes(calendrier.to_ical())
