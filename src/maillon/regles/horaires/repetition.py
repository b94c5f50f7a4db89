"""The repetitions that people say, as rules of iCalendar (RFC 5545) and back in plain French."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from itertools import takewhile

from dateutil.rrule import rrulestr

from maillon.regles.erreurs import SaisieInvalide

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_RANGS = {1: "premier", 2: "deuxième", 3: "troisième", 4: "quatrième", -1: "dernier"}
_NOMBRES = {2: "deux", 3: "trois", 4: "quatre"}
INTERVALLE_MAX = 4


def build_regle(jours: Collection[int], *, toutes_les: int = 1, rang: int | None = None) -> str:
    """The rule of some days of the week (Monday is 0): each week, every `toutes_les` weeks, or, with `rang`, the first
    (1) to fourth, or the last (-1), of each month."""
    if not jours or not set(jours) <= set(range(7)):
        raise SaisieInvalide("Choisissez au moins un jour de la semaine.")
    codes = [_CODES[jour] for jour in sorted(set(jours))]
    if rang is not None:
        if rang not in _RANGS:
            raise SaisieInvalide("Choisissez du premier au quatrième, ou le dernier, du mois.")
        return "FREQ=MONTHLY;BYDAY=" + ",".join(f"{rang}{code}" for code in codes)
    if not 1 <= toutes_les <= INTERVALLE_MAX:
        raise SaisieInvalide(f"Choisissez d’une à {_NOMBRES[INTERVALLE_MAX]} semaines.")
    intervalle = "" if toutes_les == 1 else f";INTERVAL={toutes_les}"
    return f"FREQ=WEEKLY{intervalle};BYDAY=" + ",".join(codes)


def read_regle(regle: str) -> tuple[list[int], int, int | None]:
    """Days, number of weeks and rank of a rule that `build_regle` wrote; SaisieInvalide for any other."""
    parts = dict(part.partition("=")[::2] for part in regle.split(";"))
    textes = parts.get("BYDAY", "").split(",")
    rangs = {texte[:-2] for texte in textes}
    try:
        jours = [_CODES.index(texte[-2:]) for texte in textes]
        toutes_les = int(parts.get("INTERVAL", "1"))
        rang = int(rangs.pop()) if parts.get("FREQ") == "MONTHLY" else None
        connue = build_regle(jours, toutes_les=toutes_les, rang=rang) == regle
    except (ValueError, SaisieInvalide):
        connue = False
    if not connue:
        raise SaisieInvalide("Cette répétition n’est pas de celles que Maillon sait dire.")
    return jours, toutes_les, rang


def check_regle(regle: str) -> None:
    """SaisieInvalide when a rule is not one that can be said in French; empty is « une seule fois »."""
    if regle:
        read_regle(regle)


def describe_regle(regle: str) -> str:
    """« tous les mardis et jeudis », « un lundi sur deux », « le premier lundi du mois », « une seule fois »."""
    if not regle:
        return "une seule fois"
    jours, toutes_les, rang = read_regle(regle)
    noms = [JOURS[jour] for jour in jours]
    if rang is not None:
        return _join([f"le {_RANGS[rang]} {nom}" for nom in noms]) + " du mois"
    if len(noms) == len(JOURS) and toutes_les == 1:
        return "tous les jours"
    if toutes_les > 1:
        return _join([f"un {nom} sur {_NOMBRES[toutes_les]}" for nom in noms])
    if jours == list(range(5)):
        return "du lundi au vendredi"
    return "tous les " + _join([f"{nom}s" for nom in noms])


def _join(mots: list[str]) -> str:
    *debut, dernier = mots
    return f"{', '.join(debut)} et {dernier}" if debut else dernier


def list_dates(regle: str, premier: date, debut: date, fin: date) -> list[date]:
    """The days of a rule that starts on `premier`, over [debut, fin[."""
    if not regle:
        return [premier] if debut <= premier < fin else []
    read_regle(regle)
    suite = rrulestr(regle, dtstart=datetime.combine(premier, time()))
    jours = (moment.date() for moment in suite.xafter(datetime.combine(max(premier, debut), time()), inc=True))
    return list(takewhile(lambda jour: jour < fin, jours))
