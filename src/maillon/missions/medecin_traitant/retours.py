"""What the refusals of doctors teach the next assignment: pure functions, without database nor clock.

A reason said once may be about one person; said twice it is about the doctor. « Je n’ai plus de place » is about the
day it was said: it holds until the doctor says again how many places they offer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .enums import Langue, MotifRefus

FOIS = 2


@dataclass(frozen=True, slots=True)
class Refus:
    """One refusal: by whom, why, when, and what of the request the reason is about."""

    medecin: str
    motif: str
    le: datetime
    minutes: int | None = None
    langue: str = ""


@dataclass(frozen=True, slots=True)
class Consigne:
    """What is no longer proposed to one doctor."""

    complet: bool = False
    absent: bool = False
    sans_visites: bool = False
    minutes: int | None = None  # journeys of so many minutes or more
    langues: frozenset[str] = frozenset()

    @property
    def is_vide(self) -> bool:
        return self == Consigne()

    @property
    def phrases(self) -> list[str]:
        """In sentences, as the desk reads them."""
        said = []
        if self.absent:
            said.append("a dit être absent aujourd’hui")
        if self.complet:
            said.append("a répondu qu’il n’a plus de place, et n’a pas dit depuis qu’il en a")
        if self.minutes is not None:
            said.append(f"a répondu {FOIS} fois « trop loin » à {self.minutes}\u00a0minutes ou plus")
        if self.sans_visites:
            said.append(f"a répondu {FOIS} fois ne pas faire de visites à domicile")
        if self.langues:
            mots = ", ".join(sorted(Langue(langue).label for langue in self.langues))
            said.append(f"a répondu {FOIS} fois ne pas parler la langue de la personne ({mots})")
        return said


@dataclass(slots=True)
class _Cumul:
    complet: datetime | None = None
    visites: int = 0
    minutes: list[int] = field(default_factory=list)
    langues: dict[str, int] = field(default_factory=dict)

    def add(self, refus: Refus) -> None:
        if refus.motif == MotifRefus.COMPLET:
            self.complet = max(refus.le, self.complet or refus.le)
        elif refus.motif == MotifRefus.VISITES:
            self.visites += 1
        elif refus.motif == MotifRefus.LANGUE and refus.langue:
            self.langues[refus.langue] = self.langues.get(refus.langue, 0) + 1
        elif refus.motif == MotifRefus.TROP_LOIN and refus.minutes is not None:
            self.minutes.append(refus.minutes)

    def conclude(self, said_on: datetime | None) -> Consigne:
        far = sorted(self.minutes, reverse=True)
        return Consigne(
            complet=self.complet is not None and (said_on is None or self.complet > said_on),
            sans_visites=self.visites >= FOIS,
            minutes=far[FOIS - 1] if len(far) >= FOIS else None,
            langues=frozenset(langue for langue, fois in self.langues.items() if fois >= FOIS),
        )


def learn(refus: Iterable[Refus], *, maj: Mapping[str, datetime]) -> dict[str, Consigne]:
    """What to keep from each doctor, by their refusals; `maj` is when each said their places last."""
    cumuls: dict[str, _Cumul] = {}
    for one in refus:
        cumuls.setdefault(one.medecin, _Cumul()).add(one)
    consignes = {medecin: cumul.conclude(maj.get(medecin)) for medecin, cumul in cumuls.items()}
    return {medecin: consigne for medecin, consigne in consignes.items() if not consigne.is_vide}
