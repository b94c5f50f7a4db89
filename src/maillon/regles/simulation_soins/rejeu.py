"""What another offer would have answered: the same requests, in the order they came, on other slots.

Each request takes the first free slot of its profession that leaves time to come (`preavis`), within `patience`. It
does not tell what people would have chosen, nor that other slots would have brought other requests: it compares offers.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from statistics import median

from maillon.regles.erreurs import SaisieInvalide

PREAVIS = timedelta(minutes=15)
# « Soins non programmés »: to be met within 24 hours.
PATIENCE = timedelta(hours=24)


@dataclass(frozen=True, slots=True, order=True)
class Arrivee:
    """Somebody asks for this profession."""

    moment: datetime
    profession: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One slot."""

    debut: datetime
    profession: str


class Sens(StrEnum):
    EN_PLUS = "plus"
    EN_MOINS = "moins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Modification:
    """Professionals more, or nobody any more, on these days of the week (0 is Monday) at these hours."""

    profession: str
    sens: Sens
    jours: frozenset[int]
    de: time
    a: time
    combien: int = 1
    duree: int = 20

    def __post_init__(self) -> None:
        if self.a <= self.de:
            raise SaisieInvalide("L’heure de fin vient après l’heure de début.")
        if not self.jours or not self.jours <= set(range(7)):
            raise SaisieInvalide("Choisissez au moins un jour de la semaine.")
        if not (1 <= self.combien <= 20 and 5 <= self.duree <= 240):
            raise SaisieInvalide("De 1 à 20 professionnels, et des créneaux de 5 à 240 minutes.")

    def holds(self, place: Place) -> bool:
        """Whether this slot is one of those it speaks of."""
        return (
            place.profession == self.profession
            and place.debut.weekday() in self.jours
            and self.de <= place.debut.time() < self.a
        )

    def lay(self, jours: Iterable[date]) -> list[Place]:
        """The slots that it adds on these days."""
        places = []
        pas = timedelta(minutes=self.duree)
        for jour in jours:
            if jour.weekday() not in self.jours:
                continue
            moment = datetime.combine(jour, self.de)
            while moment + pas <= datetime.combine(jour, self.a):
                places += [Place(moment, self.profession)] * self.combien
                moment += pas
        return places


def apply_modifications(
    places: Sequence[Place], modifications: Iterable[Modification], *, jours: Collection[date]
) -> list[Place]:
    """The offer once each of these is done, one after the other, over these days."""
    offre = list(places)
    for modification in modifications:
        if modification.sens is Sens.EN_MOINS:
            offre = [place for place in offre if not modification.holds(place)]
        else:
            offre += modification.lay(jours)
    return sorted(offre)


@dataclass(frozen=True, slots=True)
class Bilan:
    """What an offer answers. `attente` is the median from the request to the slot, None when none was found."""

    arrivees: int
    jour_meme: int
    sous_24h: int
    attente: timedelta | None
    places: int

    @property
    def perdues(self) -> int:
        """Requests that found no slot within 24 hours."""
        return self.arrivees - self.sous_24h

    @property
    def restees(self) -> int:
        """Slots that nobody took."""
        return self.places - self.sous_24h

    @property
    def part_jour_meme(self) -> float | None:
        return self.jour_meme / self.arrivees if self.arrivees else None


def replay(
    arrivees: Iterable[Arrivee],
    places: Iterable[Place],
    *,
    preavis: timedelta = PREAVIS,
    patience: timedelta = PATIENCE,
) -> dict[str, Bilan]:
    """What these requests find in this offer, by profession: those that asked or offered. Linear once sorted."""
    offertes: dict[str, deque[datetime]] = defaultdict(deque)
    for place in sorted(places):
        offertes[place.profession].append(place.debut)
    nombres = {profession: len(debuts) for profession, debuts in offertes.items()}
    attentes: dict[str, list[timedelta]] = defaultdict(list)
    venues: dict[str, int] = defaultdict(int)
    jour_meme: dict[str, int] = defaultdict(int)
    for arrivee in sorted(arrivees):
        venues[arrivee.profession] += 1
        libres = offertes[arrivee.profession]
        # A slot that begins too early for this request is too early for all that follow.
        while libres and libres[0] < arrivee.moment + preavis:
            libres.popleft()
        if libres and libres[0] <= arrivee.moment + patience:
            debut = libres.popleft()
            attentes[arrivee.profession].append(debut - arrivee.moment)
            jour_meme[arrivee.profession] += debut.date() == arrivee.moment.date()
    return {
        profession: Bilan(
            arrivees=venues[profession],
            jour_meme=jour_meme[profession],
            sous_24h=len(attentes[profession]),
            attente=_compute_mediane(attentes[profession]),
            places=nombres.get(profession, 0),
        )
        for profession in sorted(set(venues) | set(nombres))
    }


def _compute_mediane(durees: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(duree.total_seconds() for duree in durees)) if durees else None
