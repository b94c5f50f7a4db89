"""Days and hours of shifts, as a community counts and says them. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from maillon.regles.feries import compute_feries
from maillon.regles.gardes.calendrier import build_plage
from maillon.regles.horaires import load_heures
from maillon.socle.ui.typographie import format_heure

from .enums import Feries, GenrePoste

__all__ = [
    "Motif",
    "Plage",
    "build_plage",
    "find_genre",
    "is_nuit",
    "list_feries",
    "list_jours",
    "say_heures",
    "to_heures",
    "unfold_motifs",
]

SECONDES = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Motif:
    """The same hours on some days of the week (1 is Monday)."""

    jours: frozenset[int]
    debut: time
    fin: time


@dataclass(frozen=True, slots=True)
class Plage:
    """One shift of a pattern: `jour` in the zone of the community; `ferie` names the holiday."""

    jour: date
    debut: datetime
    fin: datetime
    genre: GenrePoste
    ferie: str = ""


def list_feries(debut: date, fin: date, departement: str) -> dict[date, str]:
    """Public holidays from one day to another, both included."""
    return compute_feries(debut, fin + timedelta(days=1), departement)


def find_genre(jour: date, feries: Collection[date]) -> GenrePoste:
    """On which kind of day a shift weighs."""
    if jour in feries:
        return GenrePoste.FERIE
    return {6: GenrePoste.SAMEDI, 7: GenrePoste.DIMANCHE}.get(jour.isoweekday(), GenrePoste.SEMAINE)


def list_jours(debut: date, fin: date) -> Iterator[date]:
    """Every day, both ends included."""
    for rang in range((fin - debut).days + 1):
        yield debut + timedelta(days=rang)


def unfold_motifs(
    debut: date, fin: date, motifs: Collection[Motif], *, politique: Feries, feries: dict[date, str], fuseau: str
) -> list[Plage]:
    """The shifts that patterns make over a period. A public holiday keeps the hours of its day of the week, or has no
    shift."""
    found = []
    for jour in list_jours(debut, fin):
        if jour in feries and politique == Feries.SANS:
            continue
        own = [motif for motif in motifs if jour.isoweekday() in motif.jours]
        for motif in own:
            de, a = build_plage(jour, motif.debut, motif.fin, fuseau)
            found.append(Plage(jour, de, a, find_genre(jour, feries), feries.get(jour, "")))
    return found


def say_heures(debut: datetime, fin: datetime, fuseau: str) -> str:
    """« 14 h – 20 h », on the clocks of the place."""
    zone = ZoneInfo(fuseau)
    return f"{format_heure(debut.astimezone(zone).time())} – {format_heure(fin.astimezone(zone).time())}"


def to_heures(duree: timedelta) -> Decimal:
    """Decimal hours to the hundredth."""
    return (Decimal(int(duree.total_seconds())) / SECONDES).quantize(Decimal("0.01"), ROUND_HALF_UP)


def is_nuit(debut: datetime, fin: datetime, fuseau: str) -> bool:
    """Whether more than half of a duty falls outside the hours of the day, on the clocks of the place: before 8 h or
    from 20 h, whatever the day of the week."""
    zone, debut, fin = ZoneInfo(fuseau), debut.astimezone(UTC), fin.astimezone(UTC)
    jour, dernier = debut.astimezone(zone).date(), fin.astimezone(zone).date()
    de, a = (time(minute // 60, minute % 60) for minute in load_heures(on=jour).semaine)
    de_jour = timedelta()
    while jour <= dernier:
        matin, soir = (datetime.combine(jour, heure, zone).astimezone(UTC) for heure in (de, a))
        de_jour += max(timedelta(), min(fin, soir) - max(debut, matin))
        jour += timedelta(days=1)
    return 2 * de_jour < fin - debut
