"""A private search never enters an address: it travels by POST, whatever one does next with the list."""

import csv
import io
import re
from html import unescape

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from maillon.socle.ui.exemples import LignesInventees, ListeDemandesInventees
from maillon.socle.ui.listes import Filtre, Liste, afficher_liste

CHEMIN = "/c/essai/demandes/"
MOT = "talaudière"


class ListePrivee(ListeDemandesInventees):
    recherche_privee = True
    par_page = 10


def answer(requete) -> HttpResponse:
    return afficher_liste(requete, ListePrivee, LignesInventees.build(300), gabarit="ui/liste.html")


def get(adresse: str = "", **entetes: str) -> HttpResponse:
    return answer(RequestFactory().get(CHEMIN + adresse, headers=entetes))


def post(adresse: str = "", donnees: dict | None = None, **entetes: str) -> HttpResponse:
    envoi = {"q": MOT, **(donnees or {})}
    return answer(RequestFactory().post(CHEMIN + adresse, envoi, headers=entetes))


def read_addresses(page: str) -> list[str]:
    """Everything in a page that would become an address."""
    return [unescape(a) for a in re.findall(r'(?:href|action|hx-get|hx-post|hx-[a-z]+-url)="([^"]*)"', page)]


def read_references(page: str) -> list[str]:
    return re.findall(r"DMT-\d+-\d+", page)


def test_a_search_in_an_address_is_not_obeyed():
    page = get(f"?q={MOT}").content.decode()
    assert "300\xa0demandes" in page
    assert MOT not in page


def test_what_is_typed_by_post_is_searched_and_stays_out_of_addresses():
    page = post(donnees={"etat": "close", "tri": "commune"}).content.decode()
    assert f'name="q" value="{MOT}"' in page
    assert f"« {MOT} », État : Close" in page
    addresses = read_addresses(page)
    assert len(addresses) > 8
    assert not any("q=" in address or "talaud" in address for address in addresses)


def test_sort_pages_and_exports_carry_the_search_beside_the_address():
    page = post(donnees={"etat": "close"}).content.decode()
    buttons = re.findall(r'<button[^>]*form="liste-privee"[^>]*>', page)
    leads = [unescape(re.search(r'formaction="([^"]*)"', button)[1]) for button in buttons]
    assert "?etat=close&tri=-commune" not in leads
    assert {"?etat=close&tri=commune", "?etat=close&page=2", "?etat=close&export=csv"} <= set(leads)
    assert f'<input type="hidden" name="q" value="{MOT}">' in page
    assert "csrfmiddlewaretoken" in page


@pytest.mark.parametrize("adresse", ["?tri=-commune&", "?etat=close&", "?col=commune&etat=close&tri=attente&"])
def test_the_export_holds_what_the_screen_shows(adresse):
    ecran = []
    for numero in range(1, 6):
        numeros = read_references(post(f"{adresse}page={numero}", HX_Target="liste").content.decode())
        ecran += [n for n in numeros if n not in ecran]
    brut = post(f"{adresse}export=csv").content.decode("utf-8-sig")
    lignes = list(csv.reader(io.StringIO(brut), delimiter=";"))[1:]
    assert [ligne[0] for ligne in lignes] == ecran
    assert 0 < len(ecran) < 100


@pytest.mark.parametrize(
    ("adresse", "donnees", "entete", "attendue"),
    [
        ("", {"etat": "close", "commune": "", "tri": ""}, "HX-Replace-Url", "?etat=close"),
        ("?etat=close&tri=commune", {}, "HX-Replace-Url", "?etat=close&tri=commune"),
        ("?etat=close&page=2", {}, "HX-Push-Url", "?etat=close&page=2"),
        ("", {"etat": ""}, "HX-Replace-Url", ""),
        ("", {"inconnu": MOT}, "HX-Replace-Url", ""),
    ],
)
def test_the_address_bar_keeps_the_rest(adresse, donnees, entete, attendue):
    assert post(adresse, donnees, HX_Target="liste")[entete] == CHEMIN + attendue


def test_usual_columns_are_not_said_in_the_address():
    usuelles = [c.cle for c in ListePrivee.colonnes if not c.facultative and not c.principale]
    assert post(donnees={"col": usuelles}, HX_Target="liste")["HX-Replace-Url"] == CHEMIN
    choisies = post(donnees={"col": ["commune"]}, HX_Target="liste")
    assert choisies["HX-Replace-Url"] == f"{CHEMIN}?col=commune"


def test_without_script_filters_alone_come_back_to_an_address():
    reponse = post(donnees={"q": " ", "etat": "close", "csrfmiddlewaretoken": "x"})
    assert (reponse.status_code, reponse["Location"]) == (303, f"{CHEMIN}?etat=close")


def test_an_ordinary_list_is_asked_by_address():
    page = afficher_liste(
        RequestFactory().get(CHEMIN + "?q=00"),
        ListeDemandesInventees,
        LignesInventees.build(300),
        gabarit="ui/liste.html",
    ).content.decode()
    assert "liste-privee" not in page
    assert any("q=00" in address for address in read_addresses(page))


def test_a_free_text_filter_would_leak():
    with pytest.raises(ImproperlyConfigured):
        type("Bavarde", (Liste,), {"recherche_privee": True, "filtres": (Filtre("nom", "Nom", genre="texte"),)})
