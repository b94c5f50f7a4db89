"""Tables under a chart: what a cell shows, and that no cell writes the page."""

from maillon.socle.ui.sections import Tableau


def test_a_row_is_shown_with_its_figures_and_never_as_markup():
    tableau = Tableau(("Médecin", "Demandes", "Part"), [("<b>D’Arc</b> & fils", 1234, 12.34), ("Vide", None, -3)])
    assert tableau.corps == (
        '<tr><th scope="row">&lt;b&gt;D’Arc&lt;/b&gt; &amp; fils</th>'
        '<td class="nombre">1\u00a0234</td><td class="nombre">12,3</td></tr>'
        '<tr><th scope="row">Vide</th><td class="nombre">—</td><td class="nombre">−3</td></tr>'
    )
