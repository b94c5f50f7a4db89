"""Days, weeks and months as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillon.socle.declarations import EntreeAgenda
from maillon.socle.ui.typographie import INSECABLE, JOURS, MOIS, format_heure

from .enums import Vue

ICONES = {
    "reunion": "calendar-event",
    "action": "target",
    "echeance": "clock",
    "dialogue": "messages",
    "garde": "stethoscope",
}
# Kinds of which a day holds many: several are one line that unfolds.
REPLIES = {"garde": "gardes"}
JOUR = timedelta(days=1)
JOURS_LISTE = 60


@dataclass(frozen=True, slots=True)
class Affichee:
    """An entry on one day."""

    entree: EntreeAgenda
    heure: str
    icone: str

    @property
    def jour_entier(self) -> bool:
        return not isinstance(self.entree.debut, datetime)


@dataclass(frozen=True, slots=True)
class Pli:
    """Several entries of one kind on one day, under one line."""

    titre: str
    heure: str
    icone: str
    genre: str
    entrees: Sequence[Affichee]


@dataclass(frozen=True, slots=True)
class Jour:
    le: date
    entrees: Sequence[Affichee]
    is_today: bool
    dehors: bool = False

    @property
    def lignes(self) -> list[Affichee | Pli]:
        """What the day shows, in its order; entries folded stand where the first of them would."""
        lignes: list[Affichee | Pli] = []
        for entree in self.entrees:
            genre = entree.entree.genre
            ensemble = [une for une in self.entrees if une.entree.genre == genre]
            if genre not in REPLIES or len(ensemble) < 2:
                lignes.append(entree)
            elif entree is ensemble[0]:
                lignes.append(_fold(genre, ensemble))
        return lignes

    @property
    def nom(self) -> str:
        return JOURS[self.le.weekday()]


@dataclass(frozen=True, slots=True)
class Periode:
    """What a view covers, and where « before » and « after » lead."""

    debut: date
    fin: date
    avant: date
    apres: date
    titre: str

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The same as moments."""
        return datetime.combine(self.debut, time(0), zone), datetime.combine(self.fin, time(0), zone)


def find_periode(vue: Vue, jour: date) -> Periode:
    """The month with its whole weeks, the week, or two months from a day."""
    if vue is Vue.MOIS:
        premier = jour.replace(day=1)
        suivant = (premier + timedelta(days=32)).replace(day=1)
        debut = premier - timedelta(days=premier.weekday())
        fin = suivant + timedelta(days=-suivant.weekday() % 7)
        return Periode(debut, fin, (premier - JOUR).replace(day=1), suivant, f"{MOIS[jour.month - 1]} {jour.year}")
    if vue is Vue.SEMAINE:
        lundi = jour - timedelta(days=jour.weekday())
        dimanche = lundi + timedelta(days=6)
        titre = f"Semaine du {_write(lundi, lundi.month != dimanche.month)} au {_write(dimanche)} {dimanche.year}"
        return Periode(lundi, lundi + 7 * JOUR, lundi - 7 * JOUR, lundi + 7 * JOUR, titre)
    fin = jour + JOURS_LISTE * JOUR
    return Periode(jour, fin, jour - JOURS_LISTE * JOUR, fin, f"À partir du {_write(jour)} {jour.year}")


def _write(jour: date, mois: bool = True) -> str:
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme} {MOIS[jour.month - 1]}" if mois else quantieme


def build_jours(
    entrees: Sequence[EntreeAgenda], periode: Periode, *, zone: ZoneInfo, on: date, mois: int | None = None
) -> list[Jour]:
    """Every day of the period with what falls on it; `mois` is the one that the others stand outside of."""
    par_jour: dict[date, list[Affichee]] = {}
    for entree in entrees:
        premier, dernier = span(entree, zone)
        jour = max(premier, periode.debut)
        while jour <= min(dernier, periode.fin - JOUR):
            par_jour.setdefault(jour, []).append(_show(entree, jour, premier, zone))
            jour += JOUR
    jours = (periode.debut + rang * JOUR for rang in range((periode.fin - periode.debut).days))
    return [
        Jour(jour, par_jour.get(jour, []), jour == on, dehors=mois is not None and jour.month != mois) for jour in jours
    ]


def span(entree: EntreeAgenda, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day of an entry, in the community's zone."""
    if isinstance(entree.debut, datetime) and isinstance(entree.fin, datetime):
        fin = entree.fin.astimezone(zone) - timedelta(microseconds=1)
        return entree.debut.astimezone(zone).date(), fin.date()
    assert isinstance(entree.fin, date)
    return entree.debut, entree.fin - JOUR


def _show(entree: EntreeAgenda, jour: date, premier: date, zone: ZoneInfo) -> Affichee:
    heure = ""
    if isinstance(entree.debut, datetime):
        heure = format_heure(entree.debut.astimezone(zone).time()) if jour == premier else "suite"
    return Affichee(entree, heure, ICONES.get(entree.genre, "calendar"))


def _fold(genre: str, ensemble: Sequence[Affichee]) -> Pli:
    heures = list(dict.fromkeys(une.heure for une in ensemble))
    heure = " et ".join(heures) if all(heures) and len(heures) < 3 else ""
    return Pli(f"{len(ensemble)}{INSECABLE}{REPLIES[genre]}", heure, ensemble[0].icone, genre, ensemble)


def split_weeks(jours: Sequence[Jour]) -> list[Sequence[Jour]]:
    return [jours[i : i + 7] for i in range(0, len(jours), 7)]
