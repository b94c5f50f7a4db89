"""Deadlines as an iCalendar file (RFC 5545): the few lines needed, no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FIN_DE_LIGNE = "\r\n"
LARGEUR = 75  # octets a line, the end of line left out (RFC 5545, 3.1)
RAPPELS = (30, 7)  # days before


@dataclass(frozen=True, slots=True)
class EvenementAgenda:
    """A whole day. `uid` is the same from one download to the next, so that a calendar replaces instead of adding."""

    uid: str
    le: date
    titre: str
    texte: str = ""
    url: str = ""
    rappel: bool = True


def write_agenda(nom: str, evenements: Iterable[EvenementAgenda], *, moment: datetime) -> bytes:
    """The calendar `nom`; `moment` is when it is made."""
    lignes = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Maillon//Cycle de vie//FR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escape(nom)}",
        *(ligne for evenement in evenements for ligne in _write(evenement, moment)),
        "END:VCALENDAR",
    ]
    return "".join(fold(ligne) + FIN_DE_LIGNE for ligne in lignes).encode()


def _write(evenement: EvenementAgenda, moment: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{evenement.uid}"
    yield f"DTSTAMP:{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{evenement.le:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{evenement.le + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escape(evenement.titre)}"
    if evenement.texte:
        yield f"DESCRIPTION:{_escape(evenement.texte)}"
    if evenement.url:
        yield f"URL:{evenement.url}"
    yield "TRANSP:TRANSPARENT"  # a deadline does not make anybody busy
    for jours in RAPPELS if evenement.rappel else ():
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_escape(evenement.titre)}"
        yield f"TRIGGER:-P{jours}D"
        yield "END:VALARM"
    yield "END:VEVENT"


def _escape(texte: str) -> str:
    """A text value (RFC 5545, 3.3.11)."""
    for signe in ("\\", ";", ","):
        texte = texte.replace(signe, f"\\{signe}")
    return texte.replace("\r\n", "\\n").replace("\n", "\\n")


def fold(ligne: str) -> str:
    """A long line cut every 75 octets, never inside a character; what follows begins with a space."""
    morceaux, courant, place = [], "", LARGEUR
    for caractere in ligne:
        if len((courant + caractere).encode()) > place:
            morceaux.append(courant)
            courant, place = "", LARGEUR - 1
        courant += caractere
    return f"{FIN_DE_LIGNE} ".join([*morceaux, courant])
