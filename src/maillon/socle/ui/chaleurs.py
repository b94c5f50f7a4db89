"""A heat map: a table whose cells are shaded by class. Drawing and data are one, so both are read by everybody.

The figure is written in every cell; shades are of one hue, from light to dark; the highest class has a dashed frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import slugify

# Shades of the ramp whose text is readable in both themes; the highest one is the last.
TEINTES = (1, 2, 3, 5)


@dataclass(frozen=True)
class CaseChaleur:
    """One cell: `valeur` chooses the shade (None: none), `texte` is read, `note` is the smaller second line; `cachee`
    is what may not be shown."""

    valeur: float | None
    texte: str
    note: str = ""
    cachee: bool = False
    classe: str = ""


@dataclass(frozen=True)
class Chaleur:
    """What `ui/chaleur.html` shows."""

    cle: str
    titre: str
    sous_titre: str
    coin: str
    colonnes: Sequence[str]
    lignes: Sequence[tuple[str, Sequence[CaseChaleur]]]
    legende: Sequence[tuple[str, str]]
    source: str = ""


def build_chaleur(
    *,
    titre: str,
    coin: str,
    colonnes: Sequence[str],
    lignes: Sequence[tuple[str, Sequence[CaseChaleur]]],
    classes: Sequence[tuple[float, str]],
    sous_titre: str = "",
    rien: str = "",
    cachee: str = "",
    source: str = "",
) -> Chaleur:
    """A heat map whose `titre` says the finding. `classes` are upper bounds (included) and their words, the lowest
    first; the last one takes what is higher too. `rien` and `cachee` are the words of cells without value, and of
    those that may not be shown.

    Raises ValueError for more than four classes, or rows that have not one cell a column.
    """
    if not 0 < len(classes) <= len(TEINTES) or any(len(cases) != len(colonnes) for _, cases in lignes):
        raise ValueError("Une carte de chaleur prend quatre classes au plus, et une case par colonne.")
    teintes = TEINTES[-len(classes) :]
    bornes = [borne for borne, _ in classes[:-1]]

    def shade(case: CaseChaleur) -> CaseChaleur:
        if case.cachee or case.valeur is None:
            classe = "c-cachee" if case.cachee else ""
        else:
            classe = f"c-{teintes[sum(1 for borne in bornes if case.valeur > borne)]}"
        return CaseChaleur(case.valeur, case.texte, case.note, case.cachee, classe)

    peintes = [(nom, [shade(case) for case in cases]) for nom, cases in lignes]
    legende = [(f"c-{teinte}", mot) for teinte, (_, mot) in zip(teintes, classes, strict=True)]
    if rien:
        legende.insert(0, ("", rien))
    if cachee and any(case.cachee for _, cases in peintes for case in cases):
        legende.append(("c-cachee", cachee))
    return Chaleur(
        cle="chaleur-" + (slugify(titre)[:40] or "1"),
        titre=titre,
        sous_titre=sous_titre,
        coin=coin,
        colonnes=colonnes,
        lignes=peintes,
        legende=legende,
        source=source,
    )
