"""A heat map says its figures in words, hides what may not be shown, and refuses rows that do not fit."""

import pytest
from django.template.loader import render_to_string

from maillon.socle.ui.chaleurs import CaseChaleur, build_chaleur

CLASSES = ((0.5, "peu"), (1.0, "assez"), (float("inf"), "trop"))


def build(*cases: CaseChaleur, colonnes: tuple[str, ...] = ("Médecin",)):
    return build_chaleur(
        titre="Il manque des places",
        coin="Heure",
        colonnes=colonnes,
        lignes=[("17 h", cases)],
        classes=CLASSES,
        rien="personne",
        cachee="non montré",
    )


@pytest.mark.parametrize(
    ("valeur", "classe"),
    [(0.0, "c-2"), (0.5, "c-2"), (0.51, "c-3"), (1.0, "c-3"), (1.01, "c-5"), (float("inf"), "c-5")],
)
def test_a_bound_belongs_to_the_class_below(valeur: float, classe: str) -> None:
    assert build(CaseChaleur(valeur, "x")).lignes[0][1][0].classe == classe


def test_every_figure_and_every_class_is_written() -> None:
    chaleur = build(CaseChaleur(1.5, "15,0", "10 pl."), colonnes=("Médecin",))
    page = render_to_string("ui/chaleur.html", {"c": chaleur})
    for mot in ("Il manque des places", "Médecin", "17 h", "15,0", "10 pl.", "peu", "assez", "trop", "personne"):
        assert mot in page
    assert "non montré" not in page
    assert "style=" not in page


def test_what_is_hidden_has_its_words_and_no_class_of_value() -> None:
    chaleur = build(CaseChaleur(None, "·", cachee=True), CaseChaleur(None, "–"), colonnes=("A", "B"))
    assert [case.classe for case in chaleur.lignes[0][1]] == ["c-cachee", ""]
    assert ("c-cachee", "non montré") in chaleur.legende


def test_rows_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="une case par colonne"):
        build(CaseChaleur(1, "x"), colonnes=("A", "B"))
