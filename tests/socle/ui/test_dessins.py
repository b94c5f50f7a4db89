"""Maps and charts: every figure drawn is also said in words and in a table."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string

from maillon.socle.ui.cartes import SANS_VALEUR, Zone, build_carte, compute_bornes, measure_ring
from maillon.socle.ui.chronologies import Bande, Cible, SerieDatee, build_chronologie, find_mois, spread
from maillon.socle.ui.exemples import build_zones
from maillon.socle.ui.graphiques import Serie, build_graphique, compute_graduations

CARRE = [(4.0, 45.0), (4.1, 45.0), (4.1, 45.1), (4.0, 45.1)]


def draw_carte(**options) -> str:
    return render_to_string("ui/carte.html", {"carte": build_carte(build_zones(), titre="Habitants", **options)})


def parse_svg(html: str, classe: str) -> ElementTree.Element:
    return ElementTree.fromstring(re.search(rf'<svg class="{classe}".*?</svg>', html, re.S).group(0))  # noqa: S314


def test_each_area_is_a_link_with_its_words_and_a_line_of_the_table():
    html = draw_carte()
    plan = parse_svg(html, "plan")
    assert plan.get("aria-label") == "Habitants"
    liens = plan.findall("a")
    assert len(liens) == len(build_zones())
    for lien in liens:
        assert lien.get("href")
        assert lien.get("aria-label") == lien.find("title").text
    assert html.count('<th scope="row">') == len(build_zones())


def test_an_area_without_address_is_an_image_with_a_name():
    html = render_to_string("ui/carte.html", {"carte": build_carte([Zone("1", "Villars", [CARRE], 3)], titre="Une")})
    assert '<g role="img" aria-label="Villars : 3">' in html


def test_an_area_without_value_is_hatched_and_said():
    html = draw_carte()
    assert f"Vauxmoire : {SANS_VALEUR}" in html
    assert "motif-0" in html


def test_categories_have_a_pattern_besides_their_colour():
    carte = build_carte(build_zones(), titre="États", categories={"signee": "Signée", "encours": "En cours"})
    motifs = {t.classe: t.motif for t in carte.traces}
    assert len(set(motifs.values())) == len(motifs) == 3


def test_no_style_attribute_nor_external_address():
    html = draw_carte()
    assert "style=" not in html
    assert "http" not in html


def test_coordinates_never_take_a_french_comma():
    for chemin in re.findall(r' d="([^"]+)"', draw_carte()):
        assert re.fullmatch(r"[MLHVZ0-9. -]+", chemin)


def test_a_degree_of_longitude_is_narrower_than_one_of_latitude():
    vue = build_carte([Zone("1", "Carré", [CARRE], 1)], titre="Carré").vue.split()
    assert float(vue[2]) < float(vue[3])


def test_holes_are_kept_by_the_even_odd_rule():
    trou = [(4.04, 45.04), (4.06, 45.04), (4.06, 45.06), (4.04, 45.06)]
    trace = build_carte([Zone("1", "Anneau", [CARRE, trou], 1)], titre="Trou").traces[0]
    assert trace.chemin.count("Z") == 2


def test_classes_cover_every_value_without_an_empty_one():
    valeurs = [1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 900]
    bornes = compute_bornes(valeurs)
    assert bornes == sorted(set(bornes))
    assert bornes[-1] == 900
    assert 1 <= len(bornes) <= 5


def test_no_area_makes_an_empty_map():
    assert build_carte([], titre="Rien").traces == []


def test_the_centroid_of_a_square_is_its_centre():
    assert measure_ring([(0, 0), (2, 0), (2, 2), (0, 2)]) == (4, 1, 1)


@pytest.mark.parametrize(
    ("bas", "haut", "attendu"),
    [(0, 100, [0, 25, 50, 75, 100]), (0, 41, [0, 20, 40, 60]), (0, 0, [0, 0.25, 0.5, 0.75, 1])],
)
def test_graduations_are_round(bas, haut, attendu):
    assert compute_graduations(bas, haut) == attendu


def build_delais(**options):
    defaut = {"titre": "Les délais baissent", "etiquettes": ["a", "b", "c"], "series": [Serie("Délai", (4, None, 2))]}
    return build_graphique(**(defaut | options))


def test_a_missing_value_breaks_the_line():
    assert build_delais().dessins[0].courbes[0][1].count("M") == 2


def test_a_chart_has_its_table_and_its_target_in_words():
    html = render_to_string("ui/graphique.html", {"g": build_delais(cible=3, cible_libelle="Engagement")})
    assert "Engagement : 3" in html
    assert html.count('<th scope="row">') == 3
    assert "style=" not in html


def test_bars_stand_on_zero():
    g = build_delais(genre="barres", series=[Serie("Délai", (50, 60, 70))], depuis_zero=False)
    assert g.dessins[0].textes_y[0].texte == "0"


def test_series_of_another_length_are_refused():
    with pytest.raises(ValueError, match="quatre séries"):
        build_delais(series=[Serie("Délai", (1, 2))])


# Charts over dates ---------------------------------------------------------------------------------------------------


def build_depistage(**options):
    defaut = {
        "titre": "Un point seul se voit",
        "series": [SerieDatee("Constaté", [(date(2026, 7, 1), 69.9)])],
        "debut": date(2026, 1, 1),
        "fin": date(2026, 12, 31),
    }
    return build_chronologie(**(defaut | options))


def test_a_single_value_is_marked_at_its_day():
    """1 July is day 181 of the 364 of the axis: half way."""
    trace = build_depistage().traces[0]
    (marque,) = trace.marques
    milieu = (float(trace.gauche) + float(trace.droite)) / 2
    assert abs(float(marque.x) - milieu) < 2
    assert trace.courbes == []


def test_every_target_is_drawn_with_its_words_and_none_covers_another():
    cibles = [Cible(v, f"{v} : {e} €") for v, e in ((69.7, 1000), (69.8, 2500), (75, 3500))]
    g = build_depistage(cibles=cibles)
    hauteurs = [float(texte.y) for _, texte in g.traces[0].cibles]
    assert len({y for y, _ in g.traces[0].cibles}) == 3
    assert all(b - a > 18.8 for a, b in pairwise(hauteurs))
    assert "75 : 3500 €" in render_to_string("ui/chronologie.html", {"g": g})


def test_labels_stay_in_the_room():
    assert spread([98, 99, 100], haut=0, bas=100) == [62, 81, 100]
    assert spread([-5, 0], haut=0, bas=100) == [0, 19]
    assert spread([], haut=0, bas=100) == []


def test_the_range_ahead_is_a_closed_path_and_two_cells_of_the_table():
    bande = Bande("Intervalle", [(date(2026, 7, 1), 69.9, 69.9), (date(2026, 12, 31), 69, 74)])
    g = build_depistage(bande=bande, jour=date(2026, 11, 24))
    assert g.traces[0].bande.endswith("Z")
    assert g.traces[0].bande.count("L") == 3
    assert g.lignes == [("01/07/2026", ["69,9", "69,9 à 69,9"]), ("31/12/2026", ["—", "69 à 74"])]
    html = render_to_string("ui/chronologie.html", {"g": g})
    assert "aujourd’hui" in html
    assert "style=" not in html


def test_months_are_thinned_to_their_room():
    assert find_mois(date(2026, 1, 15), date(2026, 5, 1), 9) == [date(2026, m, 1) for m in (2, 3, 4, 5)]
    assert [m.month for m in find_mois(date(2024, 1, 1), date(2026, 12, 31), 9)] == [1, 7] * 3
    assert len(find_mois(date(1900, 1, 1), date(2026, 12, 31), 4)) == 26


def test_a_day_outside_the_axis_is_refused():
    with pytest.raises(ValueError, match="sur l’axe"):
        build_depistage(fin=date(2026, 6, 1))
