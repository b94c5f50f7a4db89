"""Legal public holidays by year and zone."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Parametre, load_parametres

_PARTOUT = "partout"
# Départements, or the collectivities of their numbering, whose law adds days.
_ZONES = {
    **dict.fromkeys(("57", "67", "68"), "alsace_moselle"),
    "971": "guadeloupe",
    "972": "martinique",
    "973": "guyane",
    "974": "la_reunion",
    "976": "mayotte",
    "977": "saint_barthelemy",
    "978": "saint_martin",
}


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


def find_zone(departement: str) -> str | None:
    """The zone of a département; None where only the days of everywhere are holidays."""
    return _ZONES.get(departement)


def compute_jours_feries(annee: int, zone: str | None = None) -> dict[date, str]:
    """Legal public holidays of a year by date, with their names; ``zone`` adds those of one place.

    Years before the law in force are computed as it would have them: a calendar looks ahead.
    """
    parametre = _load_jours()
    version = parametre.at(max(date(annee, 12, 31), parametre.versions[0].depuis))
    if zone is not None and (zone == _PARTOUT or zone not in version.branches()):
        connues = ", ".join(list_zones(on=version.depuis))
        raise SaisieInvalide(f"La zone « {zone} » n’est pas connue (connues : {connues}).")
    paques = compute_paques(annee)
    jours: dict[date, str] = {}
    for branche, nom in version.feuilles:
        if branche in (_PARTOUT, zone):
            texte = version.text(branche, nom)
            fixe = texte[0] not in "+-"
            jour = date.fromisoformat(f"{annee}-{texte}") if fixe else paques + timedelta(days=int(texte))
            jours[jour] = f"{jours[jour]}, {nom}" if jour in jours else nom
    return dict(sorted(jours.items()))


def compute_feries(debut: date, fin: date, departement: str) -> dict[date, str]:
    """The public holidays of a département over [debut, fin[, with their names."""
    zone = find_zone(departement)
    jours: dict[date, str] = {}
    for annee in range(debut.year, fin.year + 1):
        jours.update(compute_jours_feries(annee, zone))
    return {jour: nom for jour, nom in jours.items() if debut <= jour < fin}
