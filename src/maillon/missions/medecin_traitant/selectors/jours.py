"""The desk day by day: what is kept of past days, and what is counted now from the requests of the others.

A day that is kept says what its requests say: the database forgets it when one of them changes. So every figure is
exact, whatever was kept, and only the days under way are counted.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, Value

from maillon.socle.partage import shared

from ..enums import Bilan, Declaration, GenreJour, Issue
from ..models import Demande, JourGuichet
from .calculs import SECONDES_PAR_JOUR, Tranche, in_seconds, start_of

UN_JOUR = timedelta(days=1)
# The moment that puts a request on its day, by kind.
MOMENTS = {
    GenreJour.ARRIVEES: "deposee_le",
    GenreJour.DEVENIR: "deposee_le",
    GenreJour.PLACEES: "placee_le",
    GenreJour.CLOSES: "close_le",
}
# Who counts in each indicator of the contract, of the placements.
PARTS = {
    "ald": Q(ald=True),
    "16_ans": Q(age_placement__gte=16),
    "c2s_ald": Q(c2s=True, ald=True),
    "plus_de_70": Q(plus_de_70=True),
}
DECLARABLE = ~Q(issue=Issue.MEDECIN_SUIVI)
# What becomes of people after a placement.
SUITES = {
    "premier_rdv": Q(premier_rdv_le__isnull=False),
    "declarables": DECLARABLE,
    "declarees": DECLARABLE & Q(declaration=Declaration.FAITE),
    "non_declarees": DECLARABLE & Q(declaration=Declaration.NON_FAITE),
    "demandes_a_trois_mois": ~Q(bilan=""),
    "suivies": Q(bilan=Bilan.SUIVI),
    "non_suivies": Q(bilan=Bilan.NON_SUIVI),
}
# More separate ranges of days than this are counted as one: the index is read once.
PLAGES_MAX = 12


@dataclass(frozen=True, slots=True)
class Jour:
    """What one day counted; `delais` packs the seconds of each placement, group after group."""

    jour: date
    chiffres: dict[str, Any]
    delais: bytes = b""


@shared
def read_jours(cpts_id: UUID, genre: GenreJour, debut: date, fin: date, *, delais: bool = False) -> list[Jour]:
    """The days of [debut, fin[ that counted something, with the delays when asked for: two queries, three where
    people of a list taken over are left out."""
    champs = ("jour", "chiffres", *(("delais",) if delais else ()))
    rows = JourGuichet.objects.filter(cpts_id=cpts_id, genre=genre, jour__gte=debut, jour__lt=fin)
    gardes = [Jour(*row) for row in rows.values_list(*champs)]
    absents = list_plages(debut, fin, {jour.jour for jour in gardes})
    return [*gardes, *compute_jours(cpts_id, genre, absents)]


def list_plages(debut: date, fin: date, connus: set[date]) -> list[tuple[date, date]]:
    """The ranges [from, to[ of the days of [debut, fin[ that are not known."""
    plages: list[tuple[date, date]] = []
    precedent = debut
    for jour in [*sorted(connus), fin]:
        if precedent < jour:
            plages.append((precedent, jour))
        precedent = jour + UN_JOUR
    return plages


def compute_jours(cpts_id: UUID, genre: GenreJour, plages: Sequence[tuple[date, date]]) -> list[Jour]:
    """The days of these ranges that counted something, from the requests themselves."""
    if not plages:
        return []
    champ = MOMENTS[genre]
    jours = {
        start_of(debut + UN_JOUR * n): debut + UN_JOUR * n for debut, fin in plages for n in range((fin - debut).days)
    }
    bornes = sorted({*jours, *(start_of(fin) for _, fin in plages)})
    voulus = Q()
    for debut, fin in plages if len(plages) <= PLAGES_MAX else [(plages[0][0], plages[-1][1])]:
        voulus |= Q(**{f"{champ}__gte": start_of(debut), f"{champ}__lt": start_of(fin)})
    rows = Demande.objects.filter(voulus, cpts_id=cpts_id).order_by().annotate(rang=Tranche(champ, bornes))
    # What lies between two ranges is known already: it falls in an interval that begins no day.
    return [
        Jour(jours[bornes[rang - 1]], chiffres, packed)
        for rang, chiffres, packed in COMPTES[genre](rows)
        if bornes[rang - 1] in jours
    ]


Compte = Iterable[tuple[int, dict[str, Any], bytes]]


def _count_arrivees(rows: Any) -> Compte:
    """By the way they came: all that was filed, less the few who have not agreed. Two indexes, where one condition
    would read every row."""
    comptes: dict[int, dict[str, int]] = {}
    for signe, part in ((1, rows), (-1, rows.sans_accord())):
        for row in part.values("rang", "origine").annotate(nombre=Count("*")):
            jour = comptes.setdefault(row["rang"], {})
            jour[row["origine"]] = jour.get(row["origine"], 0) + signe * row["nombre"]
    return ((rang, chiffres, b"") for rang, chiffres in comptes.items())


def _count_devenir(rows: Any) -> Compte:
    """By the way they came, how many are placed and closed today."""
    comptes: dict[int, dict[str, list[int]]] = {}
    par_origine = rows.values("rang", "origine").annotate(placees=Count("placee_le"), closes=Count("close_le"))
    for row in par_origine:
        comptes.setdefault(row["rang"], {})[row["origine"]] = [row["placees"], row["closes"]]
    return ((rang, chiffres, b"") for rang, chiffres in comptes.items())


def _count_placees(rows: Any) -> Compte:
    """Delays by priority and AME, what became of people, who counts in each indicator."""
    hors_ame = Q(ame=False)
    mesures = {f"part_{code}": Count(Value(1), filter=hors_ame & part) for code, part in PARTS.items()}
    mesures |= {f"suite_{code}": Count(Value(1), filter=suite) for code, suite in SUITES.items()}
    groupes = rows.values("rang", "priorite_niveau", "ame").annotate(
        secondes=ArrayAgg(in_seconds(F("placee_le") - F("deposee_le"))), **mesures
    )
    comptes: dict[int, tuple[dict[str, Any], list[bytes]]] = {}
    for row in groupes:
        secondes = np.asarray(row["secondes"], dtype=np.float64)
        chiffres, packed = comptes.setdefault(row["rang"], ({"groupes": [], "parts": {}, "suites": {}}, []))
        chiffres["groupes"].append([row["priorite_niveau"], row["ame"], len(secondes)])
        packed.append(secondes.tobytes())
        for nom in mesures:
            quoi, _, code = nom.partition("_")
            chiffres[f"{quoi}s"][code] = chiffres[f"{quoi}s"].get(code, 0) + row[nom]
    return ((rang, chiffres, b"".join(packed)) for rang, (chiffres, packed) in comptes.items())


def _count_closes(rows: Any) -> Compte:
    """By reason."""
    comptes: dict[int, dict[str, int]] = {}
    for row in rows.values("rang", "motif_cloture").annotate(nombre=Count("*")):
        comptes.setdefault(row["rang"], {})[row["motif_cloture"]] = row["nombre"]
    return ((rang, chiffres, b"") for rang, chiffres in comptes.items())


COMPTES: dict[GenreJour, Callable[[Any], Compte]] = {
    GenreJour.ARRIVEES: _count_arrivees,
    GenreJour.DEVENIR: _count_devenir,
    GenreJour.PLACEES: _count_placees,
    GenreJour.CLOSES: _count_closes,
}


# Placements


def count_placees(jour: Jour) -> int:
    """The placements of a day."""
    return sum(nombre for _, _, nombre in jour.chiffres.get("groupes", ()))


def sum_chiffres(jours: Iterable[Jour], quoi: str) -> dict[str, int]:
    """The sum of what placements count under « parts » or « suites »."""
    sommes: dict[str, int] = {}
    for jour in jours:
        for code, nombre in jour.chiffres.get(quoi, {}).items():
            sommes[code] = sommes.get(code, 0) + nombre
    return sommes


def collect_delais(jours: Iterable[Jour], *, niveau: str = "", hors_ame: bool = False) -> Any:
    """The delays of the placements of these days, in days: of one priority, or of all."""
    morceaux = []
    for jour in jours:
        debut = 0
        for groupe, ame, nombre in jour.chiffres.get("groupes", ()):
            if (not niveau or groupe == niveau) and not (hors_ame and ame):
                morceaux.append(np.frombuffer(jour.delais, np.float64, nombre, debut * 8))
            debut += nombre
    return np.concatenate(morceaux) / SECONDES_PAR_JOUR if morceaux else np.empty(0)


def find_centile(delais: Any, part: float) -> float | None:
    """Value under which this part of the delays lies, by linear interpolation, as the database computes it; None of
    nothing."""
    if not len(delais):
        return None
    rang = part * (len(delais) - 1)
    bas = int(rang)
    haut = min(bas + 1, len(delais) - 1)
    tries = np.partition(delais, (bas, haut))
    return float(tries[bas] + (tries[haut] - tries[bas]) * (rang - bas))
