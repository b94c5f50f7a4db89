"""Public holidays of a zone, the kind of a duty, and duties at local hours whatever the clocks do that day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.gardes.types import Genre
from maillon.regles.parametres import Parametre, load_parametres

_PARTOUT = "partout"


@cache
def _load_jours() -> Parametre:
    return load_parametres(files(__package__) / "baremes")["jours_feries"]


def compute_paques(annee: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher; Meeus, *Astronomical Algorithms*, 1991)."""
    a, (b, c) = annee % 19, divmod(annee, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    reste = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * reste) // 451
    mois, jour = divmod(h + reste - 7 * m + 114, 31)
    return date(annee, mois, jour + 1)


def list_zones(*, on: date) -> tuple[str, ...]:
    """Zones that add days of their own to those of everywhere."""
    return tuple(zone for zone in _load_jours().at(on).branches() if zone != _PARTOUT)


def compute_jours_feries(annee: int, zone: str | None = None) -> dict[date, str]:
    """Legal public holidays of a year by date, with their names; ``zone`` adds those of one place.

    Years before the law in force are computed as it would have them: a roster looks ahead.
    """
    parametre = _load_jours()
    version = parametre.at(max(date(annee, 12, 31), parametre.versions[0].depuis))
    if zone is not None and (zone == _PARTOUT or zone not in version.branches()):
        connues = ", ".join(list_zones(on=version.depuis))
        raise SaisieInvalide(f"La zone « {zone} » n’est pas connue (connues : {connues}).")
    paques = compute_paques(annee)
    jours: dict[date, str] = {}
    for branche, nom in version.feuilles:
        if branche in (_PARTOUT, zone):
            texte = version.text(branche, nom)
            fixe = texte[0] not in "+-"
            jour = date.fromisoformat(f"{annee}-{texte}") if fixe else paques + timedelta(days=int(texte))
            jours[jour] = f"{jours[jour]}, {nom}" if jour in jours else nom
    return dict(sorted(jours.items()))


def classify_jour(jour: date, feries: Collection[date]) -> Genre:
    """Kind of a date: a public holiday comes before the day of the week."""
    if jour in feries:
        return Genre.FERIE
    return {6: Genre.SAMEDI, 7: Genre.DIMANCHE}.get(jour.isoweekday(), Genre.SEMAINE)


def build_plage(jour: date, debut: time, fin: time, fuseau: str = "Europe/Paris") -> tuple[datetime, datetime]:
    """Start and end of a duty at local hours; an end not after the start is on the next day.

    An hour that happens twice is the first one for a start, the second for an end, so that nobody leaves before the
    clocks have been put back; an hour that does not exist is moved on by what the clocks jump.
    """
    zone = ZoneInfo(fuseau)
    lendemain = jour if fin > debut else jour + timedelta(days=1)
    depart = datetime.combine(jour, debut, zone)
    arrivee = datetime.combine(lendemain, fin, zone).replace(fold=1)
    return _exists(depart), _exists(arrivee)


def _exists(instant: datetime) -> datetime:
    """The same instant at an hour that the clocks show."""
    return datetime.fromtimestamp(instant.replace(fold=0).timestamp() if _is_jumped(instant) else instant.timestamp(),
                                  instant.tzinfo)  # fmt: skip


def _is_jumped(instant: datetime) -> bool:
    """Whether the clocks skip this hour: read back, it is another one."""
    return datetime.fromtimestamp(instant.timestamp(), instant.tzinfo).replace(tzinfo=None) != instant.replace(
        tzinfo=None
    )
