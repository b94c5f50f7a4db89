"""Charts over dates: values as they come, several targets, a range ahead. Drawn on the server like `graphiques`.

A value is marked even when it is alone; days are at their true distance, so that a late value shows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import slugify

from . import typographie
from .graphiques import SERIES_MAX, Marque, Repere, Texte, compute_graduations

MOIS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
PAS_MOIS = (1, 2, 3, 6, 12, 24, 60)
INTERLIGNE = 19  # between two labels of targets


@dataclass(frozen=True)
class SerieDatee:
    """Dated values; `relie` draws the line between them."""

    libelle: str
    points: Sequence[tuple[date, float]]
    relie: bool = True


@dataclass(frozen=True)
class Cible:
    """A horizontal line and its words (« 72,4 % : 2 500 € »)."""

    valeur: float
    libelle: str


@dataclass(frozen=True)
class Bande:
    """A range that widens: low and high by day."""

    libelle: str
    points: Sequence[tuple[date, float, float]]


@dataclass(frozen=True)
class Trace:
    """One drawing at one width; every coordinate is text, so that no locale turns a point into a comma."""

    classe: str
    vue: str
    gauche: str
    droite: str
    haut: str
    bas: str
    lignes: Sequence[str]
    textes_y: Sequence[Texte]
    textes_x: Sequence[Texte]
    bande: str
    courbes: Sequence[tuple[int, str]]
    marques: Sequence[Marque]
    cibles: Sequence[tuple[str, Texte]]
    jour: Texte | None


@dataclass(frozen=True)
class Chronologie:
    """What `ui/chronologie.html` shows."""

    cle: str
    titre: str
    axe_y: str
    series: Sequence[SerieDatee]
    bande: Bande | None
    traces: Sequence[Trace]
    lignes: Sequence[tuple[str, list[str]]]
    cibles: Sequence[str]
    source: str = ""


def find_mois(debut: date, fin: date, place: int) -> list[date]:
    """First days of months inside [debut, fin], one in so many that at most `place` remain."""
    mois = debut.year * 12 + debut.month - 1 + (debut.day > 1)
    dernier = fin.year * 12 + fin.month - 1
    nombre = max(dernier - mois + 1, 1)
    pas = next((p for p in PAS_MOIS if -(-nombre // p) <= place), PAS_MOIS[-1])
    mois += -mois % pas
    return [date(m // 12, m % 12 + 1, 1) for m in range(mois, dernier + 1, pas)]


def spread(hauteurs: Sequence[float], *, haut: float, bas: float) -> list[float]:
    """Heights of labels near those wished for, from top to bottom: none covers another, none leaves the room."""
    places: list[float] = []
    for voulue in hauteurs:
        places.append(max(voulue, places[-1] + INTERLIGNE) if places else max(voulue, haut))
    limite = bas
    for rang in range(len(places) - 1, -1, -1):
        places[rang] = min(places[rang], limite)
        limite = places[rang] - INTERLIGNE
    return places


@dataclass(frozen=True)
class _Plan:
    """A drawing's room with its axis of days."""

    repere: Repere
    debut: date
    fin: date

    def x(self, jour: date) -> float:
        r = self.repere
        return r.gauche + (jour - self.debut).days / max((self.fin - self.debut).days, 1) * (r.droite - r.gauche)

    def point(self, jour: date, valeur: float) -> str:
        return f"{self.x(jour):.1f} {self.repere.y(valeur):.1f}"

    def path(self, points: Sequence[tuple[date, float]]) -> str:
        return "".join(f"{'L' if rang else 'M'}{self.point(*p)}" for rang, p in enumerate(sorted(points)))


def _draw_bande(plan: _Plan, bande: Bande | None) -> str:
    if bande is None:
        return ""
    aller = [(jour, haut) for jour, _, haut in sorted(bande.points)]
    retour = [(jour, bas) for jour, bas, _ in sorted(bande.points, reverse=True)]
    return "M" + "L".join(plan.point(*p) for p in [*aller, *retour]) + "Z"


def _draw_cibles(plan: _Plan, cibles: Sequence[Cible]) -> list[tuple[str, Texte]]:
    r = plan.repere
    triees = sorted(cibles, key=lambda c: -c.valeur)
    hauteurs = spread([r.y(c.valeur) - 6 for c in triees], haut=r.haut - 4, bas=r.bas - 6)
    return [
        (f"{r.y(c.valeur):.1f}", Texte(f"{r.gauche + 6:.0f}", f"{hauteur:.1f}", c.libelle, "start"))
        for c, hauteur in zip(triees, hauteurs, strict=True)
    ]


def _draw_jour(plan: _Plan, jour: date | None) -> Texte | None:
    """Today's line; its word ends at the line when it would leave the drawing."""
    if jour is None or not plan.debut < jour < plan.fin:
        return None
    r, x = plan.repere, plan.x(jour)
    ancre = "end" if x > r.droite - 45 else "start" if x < r.gauche + 45 else "middle"
    return Texte(f"{x:.1f}", f"{r.haut - 8:.0f}", "aujourd’hui", ancre)


def _draw(
    plan: _Plan,
    series: Sequence[SerieDatee],
    cibles: Sequence[Cible],
    bande: Bande | None,
    graduations: Sequence[float],
    jour: date | None,
    write: Callable[[Any], str],
) -> Trace:
    r = plan.repere
    hauteurs = [r.y(g) for g in graduations]
    return Trace(
        classe=r.classe,
        vue=f"0 0 {r.largeur:.0f} {r.hauteur:.0f}",
        gauche=f"{r.gauche:.0f}",
        droite=f"{r.droite:.0f}",
        haut=f"{r.haut:.0f}",
        bas=f"{r.bas:.0f}",
        lignes=[f"{y:.1f}" for y in hauteurs[1:]],
        textes_y=[
            Texte(f"{r.gauche - 8:.0f}", f"{y + 5:.1f}", write(g), "end")
            for y, g in zip(hauteurs, graduations, strict=True)
        ],
        textes_x=[
            Texte(f"{plan.x(m):.1f}", f"{r.bas + 22:.0f}", f"{MOIS[m.month - 1]} {m:%y}")
            for m in find_mois(plan.debut, plan.fin, r.etiquettes_max)
            if r.gauche + 14 <= plan.x(m) <= r.droite - 26
        ],
        bande=_draw_bande(plan, bande),
        courbes=[(n, plan.path(s.points)) for n, s in enumerate(series, 1) if s.relie and len(s.points) > 1],
        marques=[
            Marque(f"{plan.x(le):.1f}", f"{r.y(valeur):.1f}", f"{le:%d/%m/%Y} : {write(valeur)} ({s.libelle})", n)
            for n, s in enumerate(series, 1)
            for le, valeur in s.points
        ],
        cibles=_draw_cibles(plan, cibles),
        jour=_draw_jour(plan, jour),
    )


def build_chronologie(
    *,
    titre: str,
    series: Sequence[SerieDatee],
    debut: date,
    fin: date,
    cibles: Sequence[Cible] = (),
    bande: Bande | None = None,
    jour: date | None = None,
    axe_y: str = "",
    write: Callable[[Any], str] = typographie.format_nombre,
    source: str = "",
) -> Chronologie:
    """A chart from `debut` to `fin` whose `titre` says the finding; `jour` draws a line at today.

    Raises ValueError for more than four series or a day outside the axis.
    """
    jours = {le for s in series for le, _ in s.points} | ({le for le, _, _ in bande.points} if bande else set())
    if len(series) > SERIES_MAX or any(not debut <= le <= fin for le in jours):
        raise ValueError("Une chronologie prend quatre séries au plus, dont chaque jour est sur l’axe.")
    valeurs = [v for s in series for _, v in s.points] + [c.valeur for c in cibles]
    valeurs += [v for _, bas, haut in (bande.points if bande else ()) for v in (bas, haut)]
    graduations = compute_graduations(min(valeurs, default=0.0), max(valeurs, default=1.0))
    marge = max(len(write(g)) for g in graduations) * 8.0 + 16
    echelle = (graduations[0], graduations[-1], 0)
    reperes = (
        Repere("large", 760, 350, marge, 752, 30, 306, 9, *echelle),
        Repere("etroit", 360, 330, marge, 356, 30, 286, 4, *echelle),
    )
    return Chronologie(
        cle="chronologie-" + (slugify(titre)[:40] or "1"),
        titre=titre,
        axe_y=axe_y,
        series=series,
        bande=bande,
        traces=[_draw(_Plan(r, debut, fin), series, cibles, bande, graduations, jour, write) for r in reperes],
        lignes=[(f"{le:%d/%m/%Y}", _row(le, series, bande, write)) for le in sorted(jours)],
        cibles=[c.libelle for c in cibles],
        source=source,
    )


def _row(le: date, series: Sequence[SerieDatee], bande: Bande | None, write: Callable[[Any], str]) -> list[str]:
    cellules = [next((write(v) for jour, v in s.points if jour == le), "—") for s in series]
    if bande is not None:
        etendue = next(((bas, haut) for jour, bas, haut in bande.points if jour == le), None)
        cellules.append(f"{write(etendue[0])} à {write(etendue[1])}" if etendue else "—")
    return cellules
