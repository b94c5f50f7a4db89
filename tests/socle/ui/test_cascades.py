"""A waterfall: each movement starts where the row above ends."""

from maillon.socle.ui.cascades import BAISSE, HAUSSE, NIVEAU, RESTE, Marche, build_cascade

MARCHES = [
    Marche("Constaté", 100, niveau=True),
    Marche("Actes", -40),
    Marche("Départ", 20),
    Marche("Part non expliquée", -5, reste=True),
    Marche("Constaté", 75, niveau=True),
]


def test_movements_hang_from_each_other():
    for dessin in build_cascade(MARCHES, titre="De 100 à 75").dessins:
        barres = [(float(m.x), float(m.x) + float(m.largeur)) for m in dessin.marques]
        debut, actes, depart, reste, fin = barres
        assert debut[1] == actes[1]  # a fall ends where the level ends
        assert abs(actes[0] - depart[0]) < 0.2  # a rise begins where the fall stops
        assert abs(depart[1] - reste[1]) < 0.2
        assert abs(fin[1] - reste[0]) < 0.2
        assert debut[0] == fin[0]  # levels stand on zero


def test_each_kind_has_its_mark_and_its_words():
    cascade = build_cascade(MARCHES, titre="De 100 à 75")
    assert [m.serie for m in cascade.dessins[0].marques] == [NIVEAU, BAISSE, HAUSSE, RESTE, NIVEAU]
    assert [m.titre for m in cascade.dessins[0].marques][:3] == ["Constaté : 100", "Actes : −40", "Départ : +20"]
    assert [s.libelle for s in cascade.series] == ["Stock", "Baisse", "Hausse", "Non expliqué"]
    assert not cascade.lignes  # the page shows the table


def test_a_fall_under_zero_and_nothing_at_all_are_drawn():
    sous_zero = build_cascade([Marche("Constaté", 3, niveau=True), Marche("Actes", -5)], titre="Trop").dessins[0]
    assert all(float(m.x) >= 300 for m in sous_zero.marques)
    assert build_cascade([], titre="Rien").dessins[0].marques == []
