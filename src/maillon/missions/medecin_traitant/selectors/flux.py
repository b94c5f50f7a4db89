"""The flow of the desk by week: who arrives, who is placed, who leaves otherwise, and who waits.

A request counts by the state it is in: one that was reopened counts as never placed nor closed, so that over any period
waiting at the start + arrived − placed − closed = waiting at the end. People of a list taken over who have not agreed
yet are counted apart: their request will have arrived, on its own day, when they agree.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F

from maillon.socle.horloge import today

from ..enums import Origine
from ..models import Demande
from .calculs import Centile, Tranche, in_days, start_of

SEMAINE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Periode:
    """Whole weeks [debut, fin[, Monday to Monday; the last one is the week under way."""

    debut: date
    fin: date

    @property
    def semaines(self) -> list[date]:
        """The Monday of each week."""
        return [self.debut + SEMAINE * rang for rang in range((self.fin - self.debut) // SEMAINE)]

    @property
    def avant(self) -> "Periode":
        """The period of the same length just before."""
        return Periode(self.debut - (self.fin - self.debut), self.debut)

    @property
    def an_dernier(self) -> "Periode":
        """The same weeks one year before (52 weeks, so that Mondays stay Mondays)."""
        return Periode(self.debut - 52 * SEMAINE, self.fin - 52 * SEMAINE)


def find_periode(semaines: int) -> Periode:
    """The last weeks up to this one."""
    fin = today() - timedelta(days=today().weekday()) + SEMAINE
    return Periode(fin - semaines * SEMAINE, fin)


@dataclass(frozen=True, slots=True)
class Semaine:
    lundi: date
    arrivees: int
    placees: int
    closes: int
    en_cours: int
    """Open requests at its end (today for the week under way)."""


@dataclass(frozen=True, slots=True)
class Flux:
    semaines: tuple[Semaine, ...]
    en_cours_avant: int
    motifs: dict[str, int]
    sans_accord: int
    """People of a list taken over to be called, in none of the other figures."""

    @property
    def arrivees(self) -> int:
        return sum(s.arrivees for s in self.semaines)

    @property
    def placees(self) -> int:
        return sum(s.placees for s in self.semaines)

    @property
    def closes(self) -> int:
        return sum(s.closes for s in self.semaines)

    @property
    def en_cours(self) -> int:
        return self.semaines[-1].en_cours if self.semaines else self.en_cours_avant


def compute_flux(cpts_id: UUID, periode: Periode) -> Flux:
    """Week by week over a period that ends with the week under way; six queries."""
    arrivees = _count_arrivees(cpts_id, periode)
    placees = _count_weeks(cpts_id, "placee_le", periode)
    closes: Counter[date] = Counter()
    motifs: Counter[str] = Counter()
    lundis = periode.semaines
    for row in _select(cpts_id, "close_le", periode).values("rang", "motif_cloture").annotate(nombre=Count("*")):
        closes[lundis[row["rang"] - 1]] += row["nombre"]
        motifs[row["motif_cloture"]] += row["nombre"]
    # From the present backwards: no row older than the period is read.
    reste = Demande.objects.filter(cpts_id=cpts_id).en_cours().count()
    semaines: list[Semaine] = []
    for lundi in reversed(periode.semaines):
        semaines.insert(0, Semaine(lundi, arrivees[lundi], placees[lundi], closes[lundi], reste))
        reste += placees[lundi] + closes[lundi] - arrivees[lundi]
    sans_accord = Demande.objects.filter(cpts_id=cpts_id).sans_accord().count()
    return Flux(tuple(semaines), reste, dict(motifs), sans_accord)


def _count_arrivees(cpts_id: UUID, periode: Periode) -> Counter[date]:
    """All that was filed, less the few who have not agreed: two indexes, where one condition would read every row."""
    arrivees = _count_weeks(cpts_id, "deposee_le", periode)
    sans_accord = _select(cpts_id, "deposee_le", periode).sans_accord()
    arrivees.subtract(_count_rangs(sans_accord, periode))
    return arrivees


def _select(cpts_id: UUID, champ: str, periode: Periode) -> Any:
    bornes = {f"{champ}__gte": start_of(periode.debut), f"{champ}__lt": start_of(periode.fin)}
    debuts = [start_of(lundi) for lundi in periode.semaines]
    return Demande.objects.filter(cpts_id=cpts_id, **bornes).order_by().annotate(rang=Tranche(champ, debuts))


def _count_weeks(cpts_id: UUID, champ: str, periode: Periode) -> Counter[date]:
    return _count_rangs(_select(cpts_id, champ, periode), periode)


def _count_rangs(rows: Any, periode: Periode) -> Counter[date]:
    lundis = periode.semaines
    comptes = rows.values("rang").annotate(nombre=Count("*"))
    return Counter({lundis[row["rang"] - 1]: row["nombre"] for row in comptes})


@dataclass(frozen=True, slots=True)
class Bilan:
    """A period in four figures, to be compared with another."""

    arrivees: int
    placees: int
    closes: int
    delai: float | None


def compute_bilan(cpts_id: UUID, periode: Periode) -> Bilan:
    """The totals of any period; four queries."""
    debut, fin = start_of(periode.debut), start_of(periode.fin)
    demandes = Demande.objects.filter(cpts_id=cpts_id)
    placees = demandes.filter(placee_le__gte=debut, placee_le__lt=fin).aggregate(
        nombre=Count("*"), delai=Centile(in_days(F("placee_le") - F("deposee_le")), 0.5)
    )
    arrivees = demandes.filter(deposee_le__gte=debut, deposee_le__lt=fin)
    return Bilan(
        arrivees=arrivees.count() - arrivees.sans_accord().count(),
        placees=placees["nombre"],
        closes=demandes.filter(close_le__gte=debut, close_le__lt=fin).count(),
        delai=placees["delai"],
    )


@dataclass(frozen=True, slots=True)
class ParOrigine:
    """What came by one way, and what became of it."""

    origine: str
    libelle: str
    arrivees: int
    placees: int
    closes: int

    @property
    def en_cours(self) -> int:
        return self.arrivees - self.placees - self.closes


def count_by_origine(cpts_id: UUID, periode: Periode) -> list[ParOrigine]:
    """The requests filed in the period by the way they came, and where they are today; two queries."""
    rows = Demande.objects.filter(
        cpts_id=cpts_id, deposee_le__gte=start_of(periode.debut), deposee_le__lt=start_of(periode.fin)
    )
    trouvees = rows.order_by().values("origine")
    par_origine = trouvees.annotate(arrivees=Count("*"), placees=Count("placee_le"), closes=Count("close_le"))
    attendus = dict(rows.sans_accord().order_by().values_list("origine").annotate(nombre=Count("*")))
    comptes = {
        row["origine"]: (row["arrivees"] - attendus.get(row["origine"], 0), row["placees"], row["closes"])
        for row in par_origine
    }
    origines = [ParOrigine(o.value, str(o.label), *comptes.get(o.value, (0, 0, 0))) for o in Origine]
    return sorted(origines, key=lambda ligne: -ligne.arrivees)
