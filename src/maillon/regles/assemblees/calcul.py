"""Facts in, answers out: no clock, no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from maillon.regles.parametres import Parametre, load_parametres


class Majorite(StrEnum):
    SIMPLE = "simple"
    ABSOLUE = "absolue"
    DEUX_TIERS = "deux_tiers"


@dataclass(frozen=True, slots=True)
class Usages:
    """What a body usually asks for: days of notice, quorum as a fraction, proxies a holder, notice the second time."""

    preavis_jours: int
    quorum_numerateur: int
    quorum_denominateur: int
    pouvoirs_max: int
    seconde_preavis_jours: int
    a_confirmer: bool
    texte: str


@cache
def _load() -> Parametre:
    return load_parametres(files(__package__) / "baremes")["instances"]


def get_usages(instance: str, *, on: date) -> Usages:
    """The usual rules of `ag`, `ca` or `bureau` at a date."""
    version = _load().at(on)

    def read(nom: str) -> int:
        return int(version.get(instance, nom).nombre)

    return Usages(
        preavis_jours=read("preavis_jours"),
        quorum_numerateur=read("quorum_numerateur"),
        quorum_denominateur=read("quorum_denominateur"),
        pouvoirs_max=read("pouvoirs_max"),
        seconde_preavis_jours=read("seconde_preavis_jours"),
        a_confirmer=version.get(instance, "preavis_jours").statut.a_confirmer,
        texte=version.reference.texte,
    )


def find_limite(jour: date, preavis_jours: int) -> date:
    """The last day when a convocation for `jour` is in time: that many days before, the day of the meeting apart."""
    return jour - timedelta(days=preavis_jours)


def is_hors_delai(jour: date, preavis_jours: int, *, on: date) -> bool:
    """Whether a convocation sent `on` that day is too late."""
    return on > find_limite(jour, preavis_jours)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Voices of a meeting now: voters called, those present, those represented by somebody present, those needed."""

    votants: int
    presents: int
    representes: int
    requis: int

    @property
    def voix(self) -> int:
        return self.presents + self.representes

    @property
    def manque(self) -> int:
        return max(0, self.requis - self.voix)

    @property
    def is_atteint(self) -> bool:
        return not self.manque


def compute_quorum(*, votants: int, presents: int, representes: int, numerateur: int, denominateur: int) -> Quorum:
    """The quorum: at least the fraction of the voters, rounded up; none when the numerator is 0."""
    return Quorum(votants, presents, representes, -(-votants * numerateur // denominateur))


def is_adoptee(majorite: Majorite, *, pour: int, contre: int, voix_possibles: int) -> bool:
    """Whether a text passes. Abstentions count in the absolute majority only, by `voix_possibles`."""
    if majorite is Majorite.ABSOLUE:
        return 2 * pour > voix_possibles
    if majorite is Majorite.DEUX_TIERS:
        return pour > 0 and 3 * pour >= 2 * (pour + contre)
    return pour > contre


@dataclass(frozen=True, slots=True)
class Bilan:
    """What people say of one slot of a poll; `requis_*` counts those without whom the meeting makes no sense."""

    cle: str
    debut: datetime
    oui: int
    si_besoin: int
    non: int
    requis_oui: int = 0
    requis_non: int = 0


def rank_creneaux(bilans: Iterable[Bilan]) -> list[Bilan]:
    """The best date first: the fewest required people away, the most of them sure, then the most yes, the fewest no,
    and the earliest."""
    return sorted(bilans, key=lambda b: (b.requis_non, -b.requis_oui, -b.oui, b.non, b.debut))
