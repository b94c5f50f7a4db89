"""Charts drawn on the server as inline SVG: lines or bars, a target, the same data as a table.

Two drawings are sent, one for wide pages and one for telephones, and the style sheet shows one: text stays readable at
both sizes, without script. They print and follow the dark theme.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Literal

from django.utils.text import slugify

from . import typographie

Valeur = float | int | None
GRADUATIONS = 4
SERIES_MAX = 4


@dataclass(frozen=True)
class Serie:
    libelle: str
    valeurs: Sequence[Valeur]


@dataclass(frozen=True)
class Texte:
    x: str
    y: str
    texte: str
    ancre: str = "middle"


@dataclass(frozen=True)
class Marque:
    """A bar or a point of a line, with the words of its tooltip."""

    x: str
    y: str
    titre: str
    serie: int
    largeur: str = ""
    hauteur: str = ""


@dataclass(frozen=True)
class Dessin:
    """One drawing at one width; every coordinate is text, so that no locale turns a point into a comma."""

    classe: str
    vue: str
    gauche: str
    droite: str
    bas: str
    lignes: Sequence[str]
    textes_y: Sequence[Texte]
    textes_x: Sequence[Texte]
    courbes: Sequence[tuple[int, str]]
    marques: Sequence[Marque]
    cible_y: str = ""
    cible_texte: Texte | None = None


@dataclass(frozen=True)
class Graphique:
    """What `ui/graphique.html` shows."""

    cle: str
    titre: str
    sous_titre: str
    genre: str
    axe_x: str
    axe_y: str
    etiquettes: Sequence[str]
    series: Sequence[Serie]
    dessins: Sequence[Dessin]
    lignes: Sequence[tuple[str, list[str]]]
    cible: str = ""
    source: str = ""


def compute_graduations(bas: float, haut: float, nombre: int = GRADUATIONS) -> list[float]:
    """Round values (1, 2, 2.5 or 5 times a power of ten) that cover [bas, haut]."""
    if haut <= bas:
        haut = bas + 1
    brut = (haut - bas) / nombre
    puissance = 10.0 ** floor(log10(brut))
    pas = next(m * puissance for m in (1, 2, 2.5, 5, 10) if brut <= m * puissance * 1.0000001)
    debut = floor(bas / pas) * pas
    valeurs = [debut]
    while valeurs[-1] < haut - pas * 1e-6:
        valeurs.append(round(valeurs[-1] + pas, 10))
    return valeurs


def thin_out(nombre: int, place: int) -> int:
    """Show one label of the x axis in this many."""
    return max(1, -(-nombre // place))


@dataclass(frozen=True)
class Repere:
    """Room of a drawing and its scales."""

    classe: str
    largeur: float
    hauteur: float
    gauche: float
    droite: float
    haut: float
    bas: float
    etiquettes_max: int
    minimum: float
    maximum: float
    nombre: int

    def y(self, valeur: float) -> float:
        etendue = self.maximum - self.minimum or 1
        return self.bas - (valeur - self.minimum) / etendue * (self.bas - self.haut)

    @property
    def pas(self) -> float:
        return (self.droite - self.gauche) / max(self.nombre, 1)

    def x(self, rang: int) -> float:
        return self.gauche + self.pas * (rang + 0.5)


def draw_courbes(repere: Repere, series: Sequence[Serie]) -> list[tuple[int, str]]:
    """One path a series; a missing value breaks the line instead of falling to zero."""
    courbes = []
    for numero, serie in enumerate(series, 1):
        morceaux, leve = [], True
        for rang, valeur in enumerate(serie.valeurs):
            if valeur is None:
                leve = True
                continue
            morceaux.append(f"{'M' if leve else 'L'}{repere.x(rang):.1f} {repere.y(float(valeur)):.1f}")
            leve = False
        courbes.append((numero, "".join(morceaux)))
    return courbes


def draw_marques(
    repere: Repere, genre: str, series: Sequence[Serie], etiquettes: Sequence[str], write: Callable[[Any], str]
) -> list[Marque]:
    """Bars side by side, or the points of lines."""
    marques = []
    epaisseur = min(repere.pas * 0.72 / max(len(series), 1), 46)
    for numero, serie in enumerate(series, 1):
        for rang, valeur in enumerate(serie.valeurs):
            if valeur is None:
                continue
            titre = f"{etiquettes[rang]} : {write(valeur)}" + (f" ({serie.libelle})" if len(series) > 1 else "")
            x, y = repere.x(rang), repere.y(float(valeur))
            if genre == "courbe":
                marques.append(Marque(f"{x:.1f}", f"{y:.1f}", titre, numero))
                continue
            zero = repere.y(max(repere.minimum, 0.0))
            debut = x - epaisseur * len(series) / 2 + epaisseur * (numero - 1)
            marques.append(
                Marque(
                    f"{debut + 1:.1f}",
                    f"{min(y, zero):.1f}",
                    titre,
                    numero,
                    f"{epaisseur - 2:.1f}",
                    f"{abs(zero - y):.1f}",
                )
            )
    return marques


def draw(
    repere: Repere,
    genre: str,
    series: Sequence[Serie],
    etiquettes: Sequence[str],
    graduations: Sequence[float],
    cible: float | None,
    cible_libelle: str,
    write: Callable[[Any], str],
) -> Dessin:
    saut = thin_out(len(etiquettes), repere.etiquettes_max)
    hauteurs = [repere.y(g) for g in graduations]
    cible_y = repere.y(cible) if cible is not None else 0.0
    return Dessin(
        classe=repere.classe,
        vue=f"0 0 {repere.largeur:.0f} {repere.hauteur:.0f}",
        gauche=f"{repere.gauche:.0f}",
        droite=f"{repere.droite:.0f}",
        bas=f"{repere.bas:.0f}",
        lignes=[f"{y:.1f}" for y in hauteurs[1:]],
        textes_y=[
            Texte(f"{repere.gauche - 8:.0f}", f"{y + 5:.1f}", write(g), "end")
            for y, g in zip(hauteurs, graduations, strict=True)
        ],
        textes_x=[
            Texte(f"{repere.x(i):.1f}", f"{repere.bas + 22:.0f}", mot)
            for i, mot in enumerate(etiquettes)
            if i % saut == 0
        ],
        courbes=draw_courbes(repere, series) if genre == "courbe" else [],
        marques=draw_marques(repere, genre, series, etiquettes, write),
        cible_y=f"{cible_y:.1f}" if cible is not None else "",
        cible_texte=Texte(f"{repere.droite:.0f}", f"{cible_y - 8:.1f}", f"{cible_libelle} : {write(cible)}", "end")
        if cible is not None
        else None,
    )


def build_graphique(
    *,
    titre: str,
    etiquettes: Sequence[str],
    series: Sequence[Serie],
    genre: Literal["courbe", "barres"] = "courbe",
    sous_titre: str = "",
    axe_x: str = "",
    axe_y: str = "",
    cible: float | None = None,
    cible_libelle: str = "Cible",
    depuis_zero: bool = True,
    write: Callable[[Any], str] = typographie.format_nombre,
    source: str = "",
) -> Graphique:
    """A chart whose `titre` says the finding (« Les demandes attendent deux fois moins longtemps »).

    `etiquettes` name the points of the x axis; each series has as many values, None where one is missing. Bars always
    start from zero. Raises ValueError for more than four series or lengths that differ.
    """
    if len(series) > SERIES_MAX or any(len(s.valeurs) != len(etiquettes) for s in series):
        raise ValueError("Un graphique prend quatre séries au plus, aussi longues que ses étiquettes.")
    connues = [float(v) for s in series for v in s.valeurs if v is not None]
    bornes = [*connues, *([float(cible)] if cible is not None else [])] or [0.0]
    bas = min(0.0, *bornes) if depuis_zero or genre == "barres" else min(bornes)
    graduations = compute_graduations(bas, max(bornes))
    marge = max(len(write(g)) for g in graduations) * 8.0 + 16
    echelle = (graduations[0], graduations[-1], len(etiquettes))
    reperes = (
        Repere("large", 760, 330, marge, 752, 22, 286, 14, *echelle),
        Repere("etroit", 360, 300, marge, 356, 22, 256, 5, *echelle),
    )
    return Graphique(
        cle="graphique-" + (slugify(titre)[:40] or "1"),
        titre=titre,
        sous_titre=sous_titre,
        genre=genre,
        axe_x=axe_x,
        axe_y=axe_y,
        etiquettes=etiquettes,
        series=series,
        dessins=[draw(r, genre, series, etiquettes, graduations, cible, cible_libelle, write) for r in reperes],
        lignes=[(mot, [write(s.valeurs[i]) for s in series]) for i, mot in enumerate(etiquettes)],
        cible=f"{cible_libelle} : {write(cible)}" if cible is not None else "",
        source=source,
    )
