"""The periods that pages of figures compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from maillon.socle.horloge import today

SEMAINE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Periode:
    """Whole weeks [debut, fin[, Monday to Monday; the last one is the week under way."""

    debut: date
    fin: date

    @property
    def semaines(self) -> int:
        return (self.fin - self.debut) // SEMAINE

    @property
    def jours(self) -> Iterator[date]:
        return (self.debut + timedelta(days=rang) for rang in range((self.fin - self.debut).days))

    @property
    def avant(self) -> "Periode":
        """The period of the same length just before."""
        return Periode(self.debut - (self.fin - self.debut), self.debut)

    @property
    def passee(self) -> "Periode":
        """The same, cut at today: what is still to come has no outcome yet."""
        return Periode(self.debut, min(self.fin, max(self.debut, today() + timedelta(days=1))))


def find_periode(semaines: int) -> Periode:
    """The last weeks up to this one."""
    fin = today() - timedelta(days=today().weekday()) + SEMAINE
    return Periode(fin - semaines * SEMAINE, fin)
