"""Lists, over rows in memory: what is declared is obeyed, the rest is ignored, exports equal the screen."""

import csv
import io
from datetime import date

import openpyxl
import pypdf
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, QueryDict
from django.test import RequestFactory

from maillon.socle.ui.exemples import LignesInventees, ListeDemandesInventees
from maillon.socle.ui.listes import Colonne, Filtre, Liste, afficher_liste
from maillon.socle.ui.listes.exports import neutralise


def build(parametres: str = "", nombre: int = 300) -> ListeDemandesInventees:
    return ListeDemandesInventees(LignesInventees.build(nombre), QueryDict(parametres))


def ask(parametres: str = "", nombre: int = 300, **entetes: str):
    requete = RequestFactory().get(f"/galerie/liste/{nombre}/?{parametres}", headers=entetes)
    return afficher_liste(requete, ListeDemandesInventees, LignesInventees.build(nombre), gabarit="ui/liste.html")


def test_typed_words_are_all_required_each_in_one_of_the_fields():
    liste = build("q=talaudi%C3%A8re+00")
    assert liste.total > 0
    assert {li.objet.commune for li in liste.lignes} == {"La Talaudière"}
    assert all("00" in li.objet.reference for li in liste.lignes)


def test_filters_add_up():
    liste = build("etat=close&commune=Villars")
    assert {(li.objet.etat, li.objet.commune) for li in liste.lignes} == {("close", "Villars")}
    assert liste.criteres == ["État : Close", "Commune : Villars"]


@pytest.mark.parametrize("parametres", ["etat=inconnu", "depuis=hier", "depuis=2026-13-45", "autre=1", "page=zzz"])
def test_a_value_that_means_nothing_filters_nothing(parametres):
    assert build(parametres).total == 300


def test_only_declared_columns_sort():
    assert build("tri=commune").tri[0].cle == "commune"
    assert build("tri=suivie_par").tri[0].cle == "attente"  # shown, not sortable: the default holds
    assert build("tri=pk__password").tri[0].cle == "attente"


def test_a_second_click_turns_the_sort():
    montantes = [li.objet.attente for li in build("tri=attente").lignes]
    assert montantes == sorted(montantes)
    descendantes = [li.objet.attente for li in build("tri=-attente").lignes]
    assert descendantes == sorted(descendantes, reverse=True)


def test_columns_are_chosen_and_the_main_one_stays():
    liste = build("col=montant&col=inconnue")
    assert [c.cle for c in liste.colonnes_visibles] == ["reference", "montant"]
    assert "montant" not in [c.cle for c in build("col=inconnue").colonnes_visibles]


@pytest.mark.parametrize(("nombre", "pages"), [(0, 1), (1, 1), (30, 1), (3000, 60)])
def test_pages(nombre, pages):
    assert build(nombre=nombre).page.paginator.num_pages == pages


def test_addresses_keep_the_state_and_drop_the_page():
    liste = build("q=00&etat=&page=3&export=csv")
    assert liste.address(tri="commune") == "?q=00&tri=commune"


@pytest.mark.parametrize("parametres", ["", "q=sorb&tri=commune", "etat=close&col=montant&col=commune"])
def test_exports_hold_what_the_screen_shows(parametres):
    liste = build(parametres, nombre=40)
    ecran = [[c.texte for c in li.cellules] for li in liste.lignes]
    entetes = [c.libelle for c in liste.colonnes_visibles]

    brut = ask(f"{parametres}&export=csv", nombre=40).content.decode("utf-8-sig")
    texte = list(csv.reader(io.StringIO(brut), delimiter=";"))
    assert texte[0] == entetes
    assert [li[0] for li in texte[1:]] == [li[0] for li in ecran]
    assert len(texte) == len(ecran) + 1

    feuille = openpyxl.load_workbook(io.BytesIO(ask(f"{parametres}&export=xlsx", nombre=40).content)).active
    lignes = list(feuille.iter_rows(values_only=True))
    assert list(lignes[0]) == entetes
    assert [li[0] for li in lignes[1:]] == [li[0] for li in ecran]

    document = pypdf.PdfReader(io.BytesIO(ask(f"{parametres}&export=pdf", nombre=40).content))
    pages = "\n".join(p.extract_text() for p in document.pages)
    assert [li[0] for li in ecran if li[0] not in pages] == []


def test_an_export_takes_every_page():
    assert len(ask("export=csv", nombre=120).content.decode().splitlines()) == 121


@pytest.mark.parametrize("debut", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_disarmed(debut):
    assert neutralise(f"{debut}cmd|' /C calc'!A0") == f"'{debut}cmd|' /C calc'!A0"


def test_ordinary_text_is_left_alone():
    assert neutralise("Saint-Étienne") == "Saint-Étienne"


class Piege:
    ordered = True

    def __init__(self, nom):
        self.pk, self.nom, self.commune = 1, nom, None

    def order_by(self, *champs):
        return self

    def __getitem__(self, tranche):
        return [self]


class ListePiege(Liste):
    titre = "Pièges #[*typst*]"
    colonnes = (Colonne("nom", "=Nom", principale=True), Colonne("ville", "Ville", "commune.nom"))
    export_nom = "pieges"


@pytest.mark.parametrize("format_export", ["csv", "xlsx", "pdf"])
def test_hostile_cells_travel_as_text(format_export):
    nom = '=HYPERLINK("http://x") #panic() <b>'
    reponse = afficher_liste(RequestFactory().get(f"/?export={format_export}"), ListePiege, Piege(nom))
    if format_export == "csv":
        assert list(csv.reader(io.StringIO(reponse.content.decode("utf-8-sig")), delimiter=";"))[1] == [f"'{nom}", ""]
    elif format_export == "xlsx":
        cellule = openpyxl.load_workbook(io.BytesIO(reponse.content)).active["A2"]
        assert (cellule.value, cellule.data_type) == (f"'{nom}", "s")
    else:
        assert "#panic()" in pypdf.PdfReader(io.BytesIO(reponse.content)).pages[0].extract_text()


def test_dates_and_numbers_stay_typed_in_the_workbook():
    contenu = ask("export=xlsx&col=deposee_le&col=montant", nombre=1).content
    ligne = list(openpyxl.load_workbook(io.BytesIO(contenu)).active.iter_rows(values_only=True))[1]
    assert isinstance(ligne[1].date(), date)
    assert isinstance(ligne[2], int | float)


@pytest.mark.parametrize("parametres", ["export=exe", "export="])
def test_an_unknown_export_does_not_exist(parametres):
    with pytest.raises(Http404):
        ask(parametres)


def test_the_trace_of_an_export_sees_the_rows_that_leave():
    vus = []

    class Suivie(ListeDemandesInventees):
        def on_export(self, objets, format_export):
            vus.append((len(objets), format_export))

    afficher_liste(RequestFactory().get("/?export=csv&etat=close"), Suivie, LignesInventees.build(50))
    assert vus == [(len(ask("export=csv&etat=close", nombre=50).content.decode().splitlines()) - 1, "csv")]


def test_htmx_receives_the_results_alone():
    page, fragment = ask().content.decode(), ask(HX_Target="liste").content.decode()
    assert 'id="liste-filtres"' in page
    assert 'id="liste-filtres"' not in fragment
    assert 'id="liste"' in fragment
    assert "HX-Target" in ask()["Vary"]


def test_the_sorted_column_says_so_and_others_offer_themselves():
    page = ask("tri=-commune").content.decode()
    assert page.count("aria-sort=") == 1
    assert 'aria-sort="descending"' in page


def test_no_result_differs_from_no_row():
    assert "Rien ne correspond" in ask("q=introuvable").content.decode()
    assert "Aucune demande n’attend" in ask(nombre=0).content.decode()


def test_a_declaration_that_contradicts_itself_is_refused():
    with pytest.raises(ImproperlyConfigured):
        type("Double", (Liste,), {"colonnes": (Colonne("a", "A"), Colonne("a", "B"))})
    with pytest.raises(ImproperlyConfigured):
        type("Reserve", (Liste,), {"colonnes": (Colonne("a", "A"),), "filtres": (Filtre("page", "Page"),)})
    with pytest.raises(ImproperlyConfigured):
        type("Perdue", (Liste,), {"colonnes": (Colonne("a", "A"),), "tri_defaut": "-b"})
