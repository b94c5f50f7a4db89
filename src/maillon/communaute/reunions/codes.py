"""The code that a telephone scans in the room: signed, for one meeting, and soon out of date.

A code tells the meeting and is worth a few minutes: a photograph sent to somebody who stayed at home stops working
before it is of use. Nothing is kept: the code of a moment is computed again.
"""

import base64
import hmac
from binascii import Error
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

PERIODE = timedelta(minutes=2)
# A code is accepted through its own period and the next: two to four minutes.
PERIODES_ADMISES = 2
# Attendance opens before the meeting and stays open a while after its end.
AVANT = timedelta(hours=1)
APRES = timedelta(hours=2)
OCTETS = 12


def make_code(reunion_id: UUID, moment: datetime) -> str:
    """The code to show at this moment: 38 characters of an address."""
    return base64.urlsafe_b64encode(reunion_id.bytes + _sign(reunion_id, _period(moment))).decode().rstrip("=")


def read_code(code: str, moment: datetime) -> UUID | None:
    """The meeting of a code still worth something at this moment; None for any other text."""
    try:
        brut = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (Error, ValueError):
        return None
    if len(brut) != 16 + OCTETS:
        return None
    reunion_id = UUID(bytes=brut[:16])
    courante = _period(moment)
    admises = (_sign(reunion_id, courante - rang) for rang in range(PERIODES_ADMISES))
    return reunion_id if any(hmac.compare_digest(brut[16:], signe) for signe in admises) else None


def is_ouverte(debut: datetime | None, fin: datetime | None, moment: datetime) -> bool:
    """Whether attendance is taken at this moment by those who attend."""
    return debut is not None and fin is not None and debut - AVANT <= moment <= fin + APRES


def absolute(chemin: str) -> str:
    """The full address of a page, as a telephone or a sheet of paper reads it."""
    return f"{settings.MAILLON_ADRESSE}{chemin}"


def _period(moment: datetime) -> int:
    return int(moment.timestamp() // PERIODE.total_seconds())


def _sign(reunion_id: UUID, periode: int) -> bytes:
    return salted_hmac("reunions.presence", f"{reunion_id}:{periode}", algorithm="sha256").digest()[:OCTETS]
