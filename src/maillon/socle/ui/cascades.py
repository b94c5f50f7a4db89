"""A waterfall drawn as rows: where a stock starts, what moves it, where it ends. Shown by `ui/graphique.html`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from . import typographie
from .graphiques import Dessin, Graphique, Marque, Serie, Texte

NIVEAU, BAISSE, HAUSSE, RESTE = 1, 2, 3, 4
SERIES = ("Stock", "Baisse", "Hausse", "Non expliqué")
TRAIT = 2.0  # a movement is seen, however small


@dataclass(frozen=True)
class Marche:
    """One row: a level, or a movement from the row above. `reste` is what nobody explains."""

    libelle: str
    valeur: float
    niveau: bool = False
    reste: bool = False

    @property
    def serie(self) -> int:
        if self.niveau:
            return NIVEAU
        return RESTE if self.reste else BAISSE if self.valeur <= 0 else HAUSSE


@dataclass(frozen=True)
class _Place:
    """Room of a drawing: labels stand beside the bars, or above them."""

    classe: str
    largeur: float
    rang: float
    gauche: float
    droite: float
    barre: float
    au_dessus: bool


PLACES = (
    _Place("large", 760, 40, 300, 690, 22, au_dessus=False),
    _Place("etroit", 360, 56, 2, 300, 20, au_dessus=True),
)


def build_cascade(
    marches: Sequence[Marche],
    *,
    titre: str,
    sous_titre: str = "",
    write: Callable[[Any], str] = typographie.format_nombre,
) -> Graphique:
    """The drawing of these rows, from zero; `titre` says the finding. Its table stands beside it, on the page.

    Levels start again from zero; a movement starts where the row above ends.
    """
    bornes: list[tuple[float, float]] = []
    cours = 0.0
    for marche in marches:
        debut, cours = (0.0, marche.valeur) if marche.niveau else (cours, cours + marche.valeur)
        bornes.append((debut, cours))
    derniere = max((marche.serie for marche in marches), default=NIVEAU)
    return Graphique(
        cle="cascade-" + (slugify(titre)[:40] or "1"),
        titre=titre,
        sous_titre=sous_titre,
        genre="barres",
        axe_x="",
        axe_y="",
        etiquettes=[marche.libelle for marche in marches],
        series=[Serie(nom, []) for nom in SERIES[:derniere]],
        dessins=[_draw(place, marches, bornes, write) for place in PLACES],
        lignes=[],
    )


def _draw(
    place: _Place, marches: Sequence[Marche], bornes: Sequence[tuple[float, float]], write: Callable[[Any], str]
) -> Dessin:
    bas = min((min(b) for b in bornes), default=0.0)
    etendue = max((max(b) for b in bornes), default=1.0) - min(bas, 0.0) or 1.0
    echelle = (place.droite - place.gauche) / etendue

    def x(valeur: float) -> float:
        return place.gauche + (valeur - min(bas, 0.0)) * echelle

    marques, noms, valeurs = [], [], []
    for rang, (marche, (debut, fin)) in enumerate(zip(marches, bornes, strict=True)):
        haut = rang * place.rang + (22 if place.au_dessus else 8)
        gauche, droite = sorted((x(debut), x(fin)))
        ecrit = write(marche.valeur) if marche.niveau or marche.valeur <= 0 else f"+{write(marche.valeur)}"
        largeur = max(droite - gauche, TRAIT)
        marques.append(
            Marque(
                f"{gauche:.1f}",
                f"{haut:.1f}",
                f"{marche.libelle} : {ecrit}",
                marche.serie,
                f"{largeur:.1f}",
                f"{place.barre:.1f}",
            )
        )
        nom_x, nom_y, ancre = (2.0, haut - 6, "start") if place.au_dessus else (place.gauche - 12, haut + 16, "end")
        noms.append(Texte(f"{nom_x:.1f}", f"{nom_y:.1f}", marche.libelle, ancre))
        valeurs.append(Texte(f"{gauche + largeur + 8:.1f}", f"{haut + 16:.1f}", ecrit, "start"))
    hauteur = len(marches) * place.rang + 8
    return Dessin(
        classe=place.classe,
        vue=f"0 0 {place.largeur:.0f} {hauteur:.0f}",
        gauche="0",
        droite="0",
        bas=f"{hauteur:.0f}",
        lignes=[],
        textes_y=noms,
        textes_x=valeurs,
        courbes=[],
        marques=marques,
    )
