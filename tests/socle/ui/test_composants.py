"""Components, the frame and the shipped files."""

import hashlib
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import Http404
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory

from maillon.socle.declarations import EntreeMenu
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.ui import annonces, contexte, views
from maillon.socle.ui.composants import Chiffre, ProgressionAnnee
from maillon.socle.ui.templatetags.ui import known_icones, url_annulation

RACINE = Path(__file__).resolve().parents[3]
UI = RACINE / "src/maillon/socle/ui"
PAGES = ("galerie", "galerie_formulaire", "galerie_compte", "galerie_publique")


def write(texte: str, **valeurs) -> str:
    return Template("{% load ui %}" + texte).render(Context(valeurs))


def test_shipped_files_are_those_of_the_manifest():
    manifeste = json.loads((UI / "static/ui/tiers/manifeste.json").read_text())
    document = (RACINE / "docs/tiers.md").read_text()
    for ligne in manifeste:
        assert hashlib.sha256((RACINE / ligne["fichier"]).read_bytes()).hexdigest() == ligne["sha256"], ligne["fichier"]
        assert ligne["sha256"] in document
    livres = {str(f.relative_to(RACINE)) for f in (UI / "static/ui/tiers").rglob("*.*") if f.name != "manifeste.json"}
    assert livres == {li["fichier"] for li in manifeste if li["fichier"].startswith("src/")}


def test_shipped_files_ask_for_no_source_map():
    for fichier in (UI / "static").rglob("*.[cj]s*"):
        assert b"sourceMappingURL" not in fichier.read_bytes(), fichier


def test_every_icon_named_in_templates_is_shipped():
    noms = set()
    for gabarit in (RACINE / "src").rglob("*.html"):
        noms |= set(re.findall(r'{% icone "([^"]+)"', gabarit.read_text(encoding="utf-8")))
    assert noms
    assert noms - known_icones() == set()


def test_an_unknown_icon_is_refused():
    with pytest.raises(TemplateSyntaxError, match="licorne"):
        write('{% icone "licorne" %}')


def test_templates_have_no_inline_style_nor_script():
    for gabarit in (UI / "templates").rglob("*.html"):
        texte = gabarit.read_text(encoding="utf-8")
        assert not re.search(r'\sstyle="|\son[a-z]+="|<style|<script(?![^>]*\ssrc=)|https?://(?!www\.w3)', texte), (
            gabarit
        )


@pytest.mark.parametrize("nom", PAGES)
def test_the_gallery_renders(nom):
    page = getattr(views, nom)(RequestFactory().get(f"/{nom}/")).content.decode()
    assert page.count("<h1>") == 1
    assert 'href="#contenu"' in page
    assert '<html lang="fr">' in page


def test_the_gallery_is_closed_in_production(monkeypatch):
    monkeypatch.setattr(settings, "MODE", "production")
    with pytest.raises(Http404):
        views.galerie(RequestFactory().get("/galerie/"))


@pytest.mark.parametrize("code", ["400", "403", "404", "429", "500"])
def test_error_pages_stand_alone(code):
    page = render_to_string(f"{code}.html")
    assert f"Erreur {code}" in page
    assert "appelez le 15" in page


class Formulaire(forms.Form):
    nom = forms.CharField(label="Nom", help_text="Tel qu’écrit sur la carte Vitale.")
    avis = forms.ChoiceField(label="Avis", choices=[("o", "Oui"), ("n", "Non")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)


def test_an_error_stands_beside_its_field_and_in_the_summary():
    page = render_to_string("ui/formulaire.html", {"form": Formulaire({})})
    assert '<a href="#id_nom">Nom</a>' in page
    assert '<a href="#id_avis">' in page or '<a href="#id_avis_0">' in page
    assert 'id="id_nom_error"' in page
    champ = re.search(r'<input type="text" name="nom"[^>]*>', page).group(0)
    assert 'aria-invalid="true"' in champ
    assert "id_nom_helptext" in champ
    assert "id_nom_error" in champ


def test_optional_fields_say_so():
    page = render_to_string("ui/formulaire.html", {"form": Formulaire()})
    assert page.count("(facultatif)") == 1
    assert "resume-erreurs" not in page


def test_a_state_is_a_colour_an_icon_and_a_word():
    html = write('{% pastille "attente" "À qualifier" %}')
    assert "ton-attente" in html
    assert "<use" in html
    assert "À qualifier" in html


def test_text_is_escaped_everywhere():
    html = write('{% pastille "bien" mot %}', mot="<script>")
    assert "<script>" not in html


def test_a_year_sums_up_in_one_sentence_and_fills_its_bar():
    annee = ProgressionAnnee("Accès", 61000, 18500, 28000, 0)
    assert sum(Decimal(s.largeur) for s in annee.segments) == 1000
    assert "61\u00a0000\u00a0€ constaté" in annee.resume
    assert [s.largeur for s in ProgressionAnnee("Vide").segments] == ["0.0"] * 4


def test_a_figure_writes_its_value_and_bounds_its_gauge():
    assert Chiffre("Reste", Decimal("107500"), "€").texte == "107\u00a0500"
    assert Chiffre("Part", 3, realise=1.7).jauge == "100.0"
    assert Chiffre("Absent", None).texte == "—"


def test_undo_travels_with_its_message():
    assert url_annulation(Message(25, "Close.", extra_tags=annonces.MARQUE + "/c/x/annuler/")) == "/c/x/annuler/"
    assert url_annulation(Message(25, "Close.")) == ""


@pytest.fixture
def entrees_oubliees() -> Iterator[None]:
    """What other entries than the real ones left is forgotten."""
    contexte.list_entrees.cache_clear()
    yield
    contexte.list_entrees.cache_clear()


@pytest.mark.usefixtures("entrees_oubliees")
def test_the_frame_shows_only_what_the_person_may_open(monkeypatch):
    def entree(libelle, permission=None, **autres):
        defaut = {"icone": "home", "rubrique": "Pilotage", "ordre": 1, "telephone": True, "de_cpts": False}
        return EntreeMenu(libelle, "galerie", permission=permission, **(defaut | autres))

    entrees = [
        entree("Ouverte"),
        entree("Fermée", SimpleNamespace(roles=frozenset({"x"}))),
        entree("Communauté", de_cpts=True),
    ]
    monkeypatch.setattr(contexte, "collect", lambda genre: entrees)
    monkeypatch.setattr(contexte, "find_url", lambda nom, *slugs: "/galerie/" if nom == "galerie" else "")
    requete = RequestFactory().get("/galerie/liste/")
    requete.acteur = Acteur(genre=Genre.PUBLIC)
    cadre = contexte.build_cadre(requete)
    assert [lien.libelle for r in cadre.rubriques for lien in r.liens] == ["Ouverte"]
    assert cadre.bas[0].actif


def test_the_current_entry_is_the_longest_beginning():
    courante = contexte.mark_current(["/c/x/", "/c/x/demandes/", "/"], "/c/x/demandes/12/")
    assert courante == {"/c/x/": False, "/c/x/demandes/": True, "/": False}
