"""How long somebody took part: the hours of the meeting, less what they missed. Pure."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

SECONDES = Decimal(3600)


def compute_duree(
    debut: datetime, fin: datetime, *, arrivee: datetime | None = None, depart: datetime | None = None
) -> timedelta:
    """From the arrival to the departure, inside the meeting: nothing counts before its start nor after its end."""
    commence = max(debut, arrivee) if arrivee else debut
    finit = min(fin, depart) if depart else fin
    return max(finit - commence, timedelta())


def to_heures(duree: timedelta) -> Decimal:
    """Decimal hours to the hundredth: 1 h 20 is 1.33."""
    return (Decimal(int(duree.total_seconds())) / SECONDES).quantize(Decimal("0.01"), ROUND_HALF_UP)
