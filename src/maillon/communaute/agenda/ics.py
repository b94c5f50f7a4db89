"""A calendar as other calendars subscribe to it (RFC 5545)."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import icalendar

from maillon.socle.declarations import EntreeAgenda

RELECTURE = timedelta(hours=2)  # how often calendars are asked to come back


def compute_etag(nom: str, entrees: Sequence[EntreeAgenda]) -> str:
    """The same for the same entries, whenever they are asked for."""
    return f'"{hashlib.sha256(repr((nom, list(entrees))).encode()).hexdigest()[:32]}"'


def write_flux(nom: str, entrees: Sequence[EntreeAgenda], *, fuseau: str, base: str, moment: datetime) -> bytes:
    """The calendar `nom`. Hours are those of `fuseau`, described inside; `base` goes in front of the addresses;
    `moment` is when it is made."""
    calendrier = icalendar.Calendar()
    for cle, valeur in (
        ("prodid", "-//Maillon//Agenda//FR"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", _clean(nom)),
        ("x-wr-timezone", fuseau),
    ):
        calendrier.add(cle, valeur)
    calendrier.add("refresh-interval", RELECTURE, parameters={"VALUE": "DURATION"})
    zone = ZoneInfo(fuseau)
    for entree in entrees:
        calendrier.add_component(_write(entree, zone, base, moment))
    if any(isinstance(entree.debut, datetime) for entree in entrees):
        calendrier.add_component(_describe_zone(fuseau, moment.year))
    return calendrier.to_ical()


@cache
def _describe_zone(fuseau: str, annee: int) -> icalendar.Timezone:
    """The changes of hour from two years before to three years after: slow to find, and the same for every feed."""
    return icalendar.Timezone.from_tzid(fuseau, first_date=date(annee - 2, 1, 1), last_date=date(annee + 3, 1, 1))


def _write(entree: EntreeAgenda, zone: ZoneInfo, base: str, moment: datetime) -> icalendar.Event:
    evenement = icalendar.Event()
    evenement.add("uid", entree.uid)
    evenement.add("dtstamp", moment.astimezone(UTC))
    evenement.add("sequence", entree.sequence)
    evenement.add("summary", _clean(entree.titre))
    for cle, quand in (("dtstart", entree.debut), ("dtend", entree.fin)):
        evenement.add(cle, quand.astimezone(zone) if isinstance(quand, datetime) else quand)
    evenement.add("status", "CANCELLED" if entree.annulee else "CONFIRMED")
    # A deadline does not make anybody busy.
    evenement.add("transp", "OPAQUE" if isinstance(entree.debut, datetime) and not entree.annulee else "TRANSPARENT")
    if entree.lieu:
        evenement.add("location", _clean(entree.lieu))
    if entree.url:
        evenement.add("url", entree.url if "://" in entree.url else base + entree.url)
    return evenement


def _clean(texte: str) -> str:
    """A text on one line, without what calendars do not read."""
    return " ".join("".join(signe if signe.isprintable() else " " for signe in texte).split())
