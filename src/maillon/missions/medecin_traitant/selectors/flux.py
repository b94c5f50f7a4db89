"""The flow of the desk by week: who arrives, who is placed, who leaves otherwise, and who waits.

A request counts by the state it is in: one that was reopened counts as never placed nor closed, so that over any period
waiting at the start + arrived − placed − closed = waiting at the end. People of a list taken over who have not agreed
yet are counted apart: their request will have arrived, on its own day, when they agree.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from maillon.socle.horloge import today

from ..enums import GenreJour, Origine
from ..models import Demande
from .jours import Jour, collect_delais, count_placees, find_centile, read_jours

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
    """Week by week over a period that ends with the week under way; nine queries at most."""
    arrivees, placees, closes = Counter[date](), Counter[date](), Counter[date]()
    motifs: Counter[str] = Counter()
    for jour in _read(cpts_id, GenreJour.ARRIVEES, periode):
        arrivees[_monday(jour.jour)] += sum(jour.chiffres.values())
    for jour in _read(cpts_id, GenreJour.PLACEES, periode):
        placees[_monday(jour.jour)] += count_placees(jour)
    for jour in _read(cpts_id, GenreJour.CLOSES, periode):
        closes[_monday(jour.jour)] += sum(jour.chiffres.values())
        motifs.update(jour.chiffres)
    # From the present backwards: no row older than the period is read.
    reste = Demande.objects.filter(cpts_id=cpts_id).en_cours().count()
    semaines: list[Semaine] = []
    for lundi in reversed(periode.semaines):
        semaines.insert(0, Semaine(lundi, arrivees[lundi], placees[lundi], closes[lundi], reste))
        reste += placees[lundi] + closes[lundi] - arrivees[lundi]
    sans_accord = Demande.objects.filter(cpts_id=cpts_id).sans_accord().count()
    return Flux(tuple(semaines), reste, dict(motifs), sans_accord)


def _read(cpts_id: UUID, genre: GenreJour, periode: Periode) -> list[Jour]:
    """The days of a period; placements with their delays, which another section of the page reads too."""
    return read_jours(cpts_id, genre, periode.debut, periode.fin, delais=genre is GenreJour.PLACEES)


def _monday(jour: date) -> date:
    return jour - timedelta(days=jour.weekday())


@dataclass(frozen=True, slots=True)
class Bilan:
    """A period in four figures, to be compared with another."""

    arrivees: int
    placees: int
    closes: int
    delai: float | None


def compute_bilan(cpts_id: UUID, periode: Periode) -> Bilan:
    """The totals of any period; seven queries at most."""
    placees = _read(cpts_id, GenreJour.PLACEES, periode)
    arrivees, closes = (
        sum(sum(jour.chiffres.values()) for jour in _read(cpts_id, genre, periode))
        for genre in (GenreJour.ARRIVEES, GenreJour.CLOSES)
    )
    return Bilan(
        arrivees=arrivees,
        placees=sum(map(count_placees, placees)),
        closes=closes,
        delai=find_centile(collect_delais(placees), 0.5),
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
    """The requests filed in the period by the way they came, and where they are today; five queries at most."""
    arrivees, placees, closes = Counter[str](), Counter[str](), Counter[str]()
    for jour in _read(cpts_id, GenreJour.ARRIVEES, periode):
        arrivees.update(jour.chiffres)
    for jour in _read(cpts_id, GenreJour.DEVENIR, periode):
        placees.update({origine: nombres[0] for origine, nombres in jour.chiffres.items()})
        closes.update({origine: nombres[1] for origine, nombres in jour.chiffres.items()})
    origines = [ParOrigine(o.value, str(o.label), arrivees[o], placees[o], closes[o]) for o in Origine]
    return sorted(origines, key=lambda ligne: -ligne.arrivees)
