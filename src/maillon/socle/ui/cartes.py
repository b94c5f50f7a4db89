"""Maps drawn on the server as inline SVG: areas, a colour-blind-safe ramp or patterned categories, a table beside.

No tile, no script: they print, follow the dark theme, and an area that has an address is a link reached by keyboard.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from django.utils.text import slugify

from . import typographie

Point = tuple[float, float]
Anneau = Sequence[Point]
LARGEUR = 640.0
HAUTEUR_MAX = 720.0
MARGE = 6.0
CLASSES = 5
SANS_VALEUR = "non communiqué"
SANS_CLASSE = "n-0"


@dataclass(frozen=True)
class Zone:
    """An area to show. `contours` are rings of (longitude, latitude); holes and islands are rings like the others."""

    id: str
    nom: str
    contours: Sequence[Anneau]
    valeur: float | None = None
    categorie: str = ""
    url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Trace:
    """An area as drawn: SVG path, classes of colour and pattern, the words that stand for it."""

    zone: Zone
    chemin: str
    classe: str
    motif: str
    texte: str
    x: str
    y: str
    etiquette: str

    @property
    def annonce(self) -> str:
        return f"{self.zone.nom} : {self.texte}" + (f", {self.zone.detail}" if self.zone.detail else "")


@dataclass(frozen=True)
class EntreeLegende:
    classe: str
    motif: str
    libelle: str


@dataclass(frozen=True)
class Carte:
    """What `ui/carte.html` shows."""

    cle: str
    titre: str
    sous_titre: str
    libelle_zone: str
    libelle_valeur: str
    vue: str
    traces: Sequence[Trace]
    legende: Sequence[EntreeLegende]
    source: str = ""
    par_categorie: bool = False
    fond: str = ""

    @property
    def tableau(self) -> list[Trace]:
        """Highest value first, or by category in the legend's order; areas without either last."""
        ordre = {e.classe: i for i, e in enumerate(self.legende)} if self.par_categorie else {}
        return sorted(
            self.traces,
            key=lambda t: (
                t.classe == SANS_CLASSE,
                ordre.get(t.classe, 0) if self.par_categorie else -(t.zone.valeur or 0),
                t.zone.nom,
            ),
        )


@dataclass(frozen=True)
class Projection:
    """Equirectangular at the mean latitude: shapes stay true at the scale of a région."""

    ouest: float
    nord: float
    cosinus: float
    echelle: float
    largeur: float
    hauteur: float

    @classmethod
    def fit(cls, anneaux: Sequence[Anneau]) -> "Projection":
        """The projection that fits these rings in the drawing."""
        points = [p for anneau in anneaux for p in anneau]
        if not points:
            return cls(0, 0, 1, 1, LARGEUR, LARGEUR / 2)
        lons, lats = [p[0] for p in points], [p[1] for p in points]
        cosinus = cos(radians((min(lats) + max(lats)) / 2))
        etendue_x = max((max(lons) - min(lons)) * cosinus, 1e-9)
        etendue_y = max(max(lats) - min(lats), 1e-9)
        echelle = min((LARGEUR - 2 * MARGE) / etendue_x, (HAUTEUR_MAX - 2 * MARGE) / etendue_y)
        largeur, hauteur = etendue_x * echelle + 2 * MARGE, etendue_y * echelle + 2 * MARGE
        return cls(min(lons), max(lats), cosinus, echelle, largeur, hauteur)

    def place(self, point: Point) -> Point:
        return (
            MARGE + (point[0] - self.ouest) * self.cosinus * self.echelle,
            MARGE + (self.nord - point[1]) * self.echelle,
        )


def widen(anneaux: Sequence[Anneau]) -> Anneau:
    """Two corners of the box around these rings, a fifth wider on each side: what lies behind shows around them."""
    points = [p for anneau in anneaux for p in anneau]
    if not points:
        return []
    (ouest, est), (sud, nord) = ((min(axe), max(axe)) for axe in zip(*points, strict=True))
    x, y = (est - ouest) / 5, (nord - sud) / 5
    return [(ouest - x, sud - y), (est + x, nord + y)]


def draw_path(contours: Sequence[Sequence[Point]]) -> str:
    """SVG path of projected rings, a tenth of a unit precise."""
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in anneau) + "Z" for anneau in contours if anneau)


def measure_ring(anneau: Sequence[Point]) -> tuple[float, float, float]:
    """Area (unsigned) and centroid of a projected ring (shoelace formula)."""
    aire = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(anneau, [*anneau[1:], anneau[0]], strict=True):
        produit = x1 * y2 - x2 * y1
        aire, cx, cy = aire + produit, cx + (x1 + x2) * produit, cy + (y1 + y2) * produit
    if abs(aire) < 1e-9:
        x, y = anneau[0]
        return 0.0, x, y
    return abs(aire) / 2, cx / (3 * aire), cy / (3 * aire)


def compute_bornes(valeurs: Sequence[float]) -> list[float]:
    """Upper bounds of at most five classes holding about as many areas each (quantiles), without empty class."""
    distinctes = sorted(set(valeurs))
    if len(distinctes) <= CLASSES:
        return [float(v) for v in distinctes]
    triees = sorted(valeurs)
    bornes = [triees[min(len(triees) - 1, round(len(triees) * k / CLASSES) - 1)] for k in range(1, CLASSES)]
    return [*dict.fromkeys(float(b) for b in bornes if b < triees[-1]), float(triees[-1])]


def rank(valeur: float, bornes: Sequence[float]) -> int:
    return next((i for i, borne in enumerate(bornes) if valeur <= borne), len(bornes) - 1)


def shade(rang: int, nombre: int) -> int:
    """Step of the five-step ramp: fewer classes spread over its whole length."""
    return 3 if nombre == 1 else 1 + round(rang * (CLASSES - 1) / (nombre - 1))


def label_of(nom: str, anneaux: Sequence[Sequence[Point]]) -> str:
    """CSS classes of an area's label by the room it has; empty when the name does not fit."""
    largeur = max((max(x for x, _ in a) - min(x for x, _ in a) for a in anneaux if a), default=0)
    besoin = len(nom) * 7.4
    return "" if largeur < besoin else "etiquette" if largeur > besoin * 1.7 else "etiquette menue"


def describe_classes(
    bornes: Sequence[float], valeurs: Sequence[float], write: Callable[[float], str]
) -> list[EntreeLegende]:
    """Legend of the ramp: the values that each class really holds."""
    entrees = []
    for i, _ in enumerate(bornes):
        dedans = [v for v in valeurs if rank(v, bornes) == i]
        if not dedans:
            continue
        bas, haut = write(min(dedans)), write(max(dedans))
        libelle = bas if bas == haut else f"de {bas} à {haut}"
        entrees.append(EntreeLegende(f"n-{shade(i, len(bornes))}", "", libelle))
    return entrees


def build_carte(
    zones: Sequence[Zone],
    *,
    titre: str,
    sous_titre: str = "",
    libelle_zone: str = "Commune",
    libelle_valeur: str = "Valeur",
    categories: Mapping[str, str] | None = None,
    bornes: Sequence[float] | None = None,
    write: Callable[[Any], str] = typographie.format_nombre,
    source: str = "",
    fond: Sequence[Anneau] = (),
) -> Carte:
    """A map of these areas, coloured by `valeur`, or by `categorie` if `categories` (key → word, six at most) is given.

    `bornes` are the upper bounds of the classes, ascending (five at most); by default quantiles. `write` turns a value
    into words. An area without value is drawn hatched and said « non communiqué » (small numbers are hidden so).
    `fond` are rings drawn behind and around, to say where one is; the map stays fitted to the areas.
    """
    contours = [anneau for zone in zones for anneau in zone.contours]
    projection = Projection.fit([*contours, *([widen(contours)] if fond else [])])
    valeurs = [float(z.valeur) for z in zones if z.valeur is not None]
    limites = list(bornes or compute_bornes(valeurs))
    cle = "carte-" + (slugify(titre)[:40] or "zones")
    ordre = list(categories or {})
    traces = []
    for zone in zones:
        anneaux = [[projection.place(p) for p in anneau] for anneau in zone.contours if anneau]
        if categories is not None and zone.categorie in categories:
            numero = ordre.index(zone.categorie) + 1
            classe, motif, texte = f"cat-{numero}", f"{cle}-motif-{numero}", categories[zone.categorie]
        elif categories is None and zone.valeur is not None:
            rang = rank(float(zone.valeur), limites)
            classe, motif, texte = f"n-{shade(rang, len(limites))}", "", write(zone.valeur)
        else:
            classe, motif, texte = SANS_CLASSE, f"{cle}-motif-0", SANS_VALEUR
        _, x, y = max((measure_ring(a) for a in anneaux), default=(0.0, 0.0, 0.0))
        etiquette = label_of(zone.nom, anneaux)
        traces.append(Trace(zone, draw_path(anneaux), classe, motif, texte, f"{x:.1f}", f"{y:.1f}", etiquette))
    if categories is None:
        legende = describe_classes(limites, valeurs, write)
    else:
        legende = [EntreeLegende(f"cat-{i}", f"{cle}-motif-{i}", mot) for i, mot in enumerate(categories.values(), 1)]
    if any(t.classe == SANS_CLASSE for t in traces):
        legende.append(EntreeLegende(SANS_CLASSE, f"{cle}-motif-0", SANS_VALEUR))
    dessous = draw_path([[projection.place(p) for p in anneau] for anneau in fond])
    vue = f"0 0 {projection.largeur:.0f} {projection.hauteur:.0f}"
    return Carte(
        cle,
        titre,
        sous_titre,
        libelle_zone,
        libelle_valeur,
        vue,
        traces,
        legende,
        source,
        categories is not None,
        dessous,
    )
