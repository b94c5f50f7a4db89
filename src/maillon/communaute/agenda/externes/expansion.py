"""When a calendar says that somebody is busy: intervals, and nothing of why.

Recurrences are a language: a few bytes may ask for years of computing. This file is therefore also a program, that
`lecture` runs apart with two seconds of processor and a bounded memory. It imports nothing of Maillon.

    python expansion.py < {"textes": […], "debut": iso, "fin": iso, "fuseau": "Europe/Paris"}
"""

import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

EVENEMENTS_MAX = 5_000
OCCURRENCES_MAX = 20_000
FOIS_MAX = 24  # times a day
PAS_MAX = 2_000_000  # days walked by all the recurrences together
PROCESSEUR_S = 2
MEMOIRE = 1024 * 1024 * 1024
TROP = "Cet agenda contient trop d’événements ou de répétitions pour être lu. Choisissez-en un autre."
AUTRE_CHOSE = (
    "Cette adresse ne donne pas un agenda iCalendar. "
    "Copiez l’adresse «\u00a0iCal\u00a0» ou «\u00a0.ics\u00a0» de votre agenda."
)
Intervalle = tuple[datetime, datetime]


class Refus(ValueError):
    """A French sentence."""


def read_occupations(textes: Iterable[str], debut: datetime, fin: datetime, fuseau: str) -> list[Intervalle]:
    """The busy intervals of these calendars over [debut, fin[, merged, in UTC. A day or an hour without zone is of
    `fuseau`. Raises Refus."""
    zone, pas, evenements = ZoneInfo(fuseau), 0, 0
    trouves: list[Intervalle] = []
    for texte in textes:
        agenda = _parse(texte)
        for evenement in agenda.walk("VEVENT"):
            evenements += 1
            pas += _count_steps(evenement, fin)
            if evenements > EVENEMENTS_MAX or pas > PAS_MAX:
                raise Refus(TROP)
        trouves += _expand(agenda, debut, fin, zone)
        if len(trouves) > OCCURRENCES_MAX:
            raise Refus(TROP)
    return merge(trouves)


def merge(intervalles: Iterable[Intervalle]) -> list[Intervalle]:
    """The same time, without overlap, in order."""
    fondus: list[Intervalle] = []
    for debut, fin in sorted(intervalles):
        if fondus and debut <= fondus[-1][1]:
            fondus[-1] = (fondus[-1][0], max(fin, fondus[-1][1]))
        else:
            fondus.append((debut, fin))
    return fondus


def _parse(texte: str) -> icalendar.Calendar:
    if texte.count("BEGIN:VEVENT") > EVENEMENTS_MAX:
        raise Refus(TROP)
    try:
        agenda = icalendar.Calendar.from_ical(texte)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise Refus(AUTRE_CHOSE) from None
    if agenda.name != "VCALENDAR":
        raise Refus(AUTRE_CHOSE)
    return agenda


def _count_steps(evenement: icalendar.Component, fin: datetime) -> int:
    """How many days its rules walk; a rule by the minute or the second is refused."""
    regles = evenement.get("RRULE", [])
    total = 0
    for regle in regles if isinstance(regles, list) else [regles]:
        frequence = str(regle.get("FREQ", [""])[0]).upper()
        if frequence in ("SECONDLY", "MINUTELY", "HOURLY"):
            raise Refus(TROP)
        depart = evenement.get("DTSTART")
        annee = getattr(getattr(depart, "dt", None), "year", fin.year)
        fois = 1
        for partie in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            fois *= max(1, len(regle.get(partie, [])))
        if fois > FOIS_MAX:
            raise Refus(TROP)
        total += 366 * max(1, fin.year - annee + 1) * fois
    dates = evenement.get("RDATE", [])
    return total + 100 * len(dates if isinstance(dates, list) else [dates])


def _expand(agenda: icalendar.Calendar, debut: datetime, fin: datetime, zone: ZoneInfo) -> Iterator[Intervalle]:
    try:
        occurrences = recurring_ical_events.of(agenda, skip_bad_series=True).between(debut, fin)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, ArithmeticError):
        raise Refus(AUTRE_CHOSE) from None
    for occurrence in occurrences:
        if str(occurrence.get("STATUS", "")).upper() == "CANCELLED":
            continue
        if str(occurrence.get("TRANSP", "")).upper() == "TRANSPARENT":
            continue
        de = max(_moment(occurrence["DTSTART"].dt, zone), debut)
        a = min(_moment(occurrence["DTEND"].dt, zone), fin)
        if de < a:
            yield de, a


def _moment(quand: date, zone: ZoneInfo) -> datetime:
    if not isinstance(quand, datetime):
        quand = datetime.combine(quand, time(0), zone)
    elif quand.tzinfo is None:
        quand = quand.replace(tzinfo=zone)
    return quand.astimezone(UTC)


def main() -> None:
    """What `lecture` runs apart."""
    deja = resource.getrusage(resource.RUSAGE_SELF)
    processeur = int(deja.ru_utime + deja.ru_stime) + PROCESSEUR_S
    resource.setrlimit(resource.RLIMIT_CPU, (processeur, processeur))
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE, MEMOIRE))
    demande = json.load(sys.stdin)
    debut, fin = datetime.fromisoformat(demande["debut"]), datetime.fromisoformat(demande["fin"])
    try:
        trouves = read_occupations(demande["textes"], debut, fin, demande["fuseau"])
        reponse: dict[str, object] = {"occupations": [[moment.isoformat() for moment in paire] for paire in trouves]}
    except Refus as refus:
        reponse = {"refus": str(refus)}
    except MemoryError:
        reponse = {"refus": TROP}
    json.dump(reponse, sys.stdout)


if __name__ == "__main__":
    main()
