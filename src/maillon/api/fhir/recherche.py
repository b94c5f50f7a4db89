"""What the SAS asks of /Slot, read from the query string as it came.

Callers are many and some are careless: a raw `+` arrives as a space, a space may follow a comma, a moment may come
without its offset (then it is that of Paris).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from .codes import SYSTEME_IDNPS
from .refus import RequeteRefusee

PARIS = ZoneInfo("Europe/Paris")
IDENTIFIANTS_MAX = 25
# Three days by the clock on the wall are 73 hours when it is put back.
FENETRE_MAX = timedelta(hours=73)
CHAMPS_MAX = 50

IDENTIFIANT = "schedule.actor:Practitioner.identifier"
INCLUSION_CPTS = "Slot:service-type-reference"

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+\- ]\d\d:?\d\d)?", re.ASCII
)
_RPPS = re.compile(r"8?(\d{11})", re.ASCII)


@dataclass(frozen=True, slots=True)
class RechercheSlot:
    """Free slots that begin in [debut, fin] of these professionals (RPPS numbers, 11 digits)."""

    debut: datetime
    fin: datetime
    rpps: tuple[str, ...]
    cpts: bool


def parse_recherche(query: str) -> RechercheSlot:
    """The search of this query string; raises RequeteRefusee with what is missing or wrong."""
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=CHAMPS_MAX)
    except ValueError as error:
        raise RequeteRefusee("La requête a trop de paramètres.", code="too-long") from error
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name.strip(), []).append(value.strip())
    if set(values.get("status", ())) != {"free"}:
        raise RequeteRefusee("Le paramètre status=free est obligatoire.", code="required")
    debut, fin = _parse_bornes(values.get("start", []))
    inclusions = [value for name in ("_include", "_include:iterate") for value in values.get(name, ())]
    return RechercheSlot(debut, fin, _parse_identifiants(values.get(IDENTIFIANT, [])), INCLUSION_CPTS in inclusions)


def _parse_bornes(starts: list[str]) -> tuple[datetime, datetime]:
    bounds: dict[str, list[str]] = {}
    for start in starts:
        bounds.setdefault(start[:2], []).append(start[2:].strip())
    if set(bounds) != {"ge", "le"} or any(len(found) != 1 for found in bounds.values()):
        raise RequeteRefusee("Donnez exactement deux paramètres start : start=ge… et start=le….", code="required")
    debut, fin = parse_moment(bounds["ge"][0]), parse_moment(bounds["le"][0], last=True)
    if fin < debut:
        raise RequeteRefusee("La fin de la recherche précède son début.", code="value")
    if fin - debut > FENETRE_MAX:
        raise RequeteRefusee("La recherche porte sur 72 heures au plus.", code="value")
    return debut, fin


def parse_moment(text: str, *, last: bool = False) -> datetime:
    """The instant of a FHIR date or dateTime, in UTC; `last` gives the last instant of what is not precise.

    An hour that exists twice (the clock is put back) is the first of the two, or the last.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise RequeteRefusee(
            f"La date « {text[:40]} » n’est pas au format AAAA-MM-JJThh:mm:ss.sss+hh:mm.", code="value"
        )
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    latest = ("23", "59", "59", "999999") if last else ("00", "00", "00", "0")
    micro = (fraction or latest[3]).ljust(6, "0")[:6]
    clock = ":".join(part or other for part, other in zip((hour, minute, second), latest, strict=False))
    # A raw + of the address has become a space.
    written = f"{year}-{month}-{day}T{clock}.{micro}{(offset or '').replace(' ', '+')}"
    try:
        moment = datetime.fromisoformat(written)
        return (moment if offset else moment.replace(tzinfo=PARIS, fold=int(last))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RequeteRefusee(f"La date « {text[:40]} » n’existe pas.", code="value") from error


def _parse_identifiants(received: list[str]) -> tuple[str, ...]:
    if len(received) != 1:
        raise RequeteRefusee(f"Le paramètre {IDENTIFIANT} est obligatoire, une fois.", code="required")
    tokens = [token.strip() for token in received[0].split(",")]
    if not 1 <= len(tokens) <= IDENTIFIANTS_MAX or "" in tokens:
        raise RequeteRefusee(f"Donnez de 1 à {IDENTIFIANTS_MAX} identifiants, séparés par des virgules.", code="value")
    return tuple(dict.fromkeys(rpps for token in tokens if (rpps := _read_rpps(token))))


def _read_rpps(token: str) -> str:
    """The RPPS number of a token; empty for one that names nobody whom the directory knows (ADELI, another system)."""
    system, bar, value = token.rpartition("|")
    if bar and system.strip() != SYSTEME_IDNPS:
        return ""
    found = _RPPS.fullmatch(value.strip())
    return found[1] if found else ""
