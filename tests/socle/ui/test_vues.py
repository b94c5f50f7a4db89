"""The named views of lists: kept for one person, without what was typed, found as tabs, opened first when asked."""

import re
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet, make_guichet
from maillon.socle.droits.enums import Role
from maillon.socle.ui.exemples import LignesInventees, ListeDemandesInventees
from maillon.socle.ui.listes import Filtre
from maillon.socle.ui.listes.vues import write_adresse

pytestmark = pytest.mark.django_db


@pytest.fixture
def guichet() -> Guichet:
    return make_guichet()


@pytest.fixture
def desk(guichet: Guichet) -> Client:
    return enter(Client(), guichet.membre.compte)


@pytest.fixture
def liste(guichet: Guichet) -> str:
    return reverse("medecin_traitant_liste", args=[guichet.cpts.slug])


def read_jeton(answer) -> str:
    found = re.search(r'name="jeton" value="([^"]+)"', answer.content.decode())
    assert found
    return unescape(found[1])


def read_tabs(answer) -> dict[str, bool]:
    """Each tab of the views, and whether it is the one shown."""
    nav = re.search(r'<nav[^>]*aria-label="Mes vues de cette liste">(.*?)</nav>', answer.content.decode(), re.S)
    links = re.findall(r"<a ([^>]*)>([^<]*)</a>", nav[1]) if nav else []
    return {texte: "aria-current" in attributs for attributs, texte in links}


def gesture(client: Client, jeton: str, **sent: str):
    return client.post(reverse("vues"), {"jeton": jeton, **sent})


def keep(client: Client, liste: str, nom: str, suite: str = "?etat=deposee&tri=commune", **sent: str) -> str:
    jeton = read_jeton(client.get(liste + suite))
    gesture(client, jeton, geste="garder", nom=nom, **sent)
    return jeton


def test_a_view_is_kept_found_as_a_tab_renamed_and_deleted(desk: Client, liste: str):
    assert read_tabs(desk.get(liste)) == {}
    jeton = keep(desk, liste, "  Arrivées   à qualifier ")
    assert read_tabs(desk.get(liste)) == {"Tout": True, "Arrivées à qualifier": False}
    assert read_tabs(desk.get(f"{liste}?etat=deposee&tri=commune")) == {"Tout": False, "Arrivées à qualifier": True}
    assert read_tabs(desk.get(reverse("medecin_traitant_terminees", args=[liste.split("/")[2]]))) == {}
    gesture(desk, jeton, geste="renommer", ancien="Arrivées à qualifier", nom="Arrivées")
    assert "Arrivées" in read_tabs(desk.get(liste))
    deleted = gesture(desk, jeton, geste="supprimer", ancien="Arrivées")
    page = desk.get(deleted["Location"]).content.decode()
    assert read_tabs(desk.get(liste)) == {}
    remise = re.search(r'action="(/vues/[?]remettre=[^"]+)"', page)
    assert remise
    desk.post(unescape(remise[1]))
    assert "Arrivées" in read_tabs(desk.get(liste))


def test_the_chosen_view_opens_with_the_list_and_everything_stays_one_touch_away(desk: Client, liste: str):
    jeton = keep(desk, liste, "Arrivées", defaut="oui")
    assert desk.get(liste)["Location"] == f"{liste}?etat=deposee&tri=commune"
    everything = desk.get(f"{liste}?vue=tout")
    assert read_tabs(everything) == {"Tout": True, "Arrivées": False}
    assert "vue=tout" in desk.get(f"{liste}?etat=deposee").content.decode(), "« Tout afficher » does not come back here"
    assert desk.get(liste, headers={"HX-Target": "liste"}).status_code == 200
    assert desk.get(f"{liste}?export=csv").status_code == 200
    gesture(desk, jeton, geste="ne_plus_ouvrir", ancien="Arrivées")
    assert desk.get(liste).status_code == 200
    gesture(desk, jeton, geste="ouvrir", ancien="Arrivées")
    assert desk.get(liste).status_code == 302


def test_a_view_belongs_to_one_person(desk: Client, liste: str, guichet: Guichet):
    jeton = keep(desk, liste, "La mienne", defaut="oui")
    other = enter(Client(), make_membre(guichet.cpts, Role.COORDINATION).compte)
    assert read_tabs(other.get(liste)) == {}
    gesture(other, jeton, geste="supprimer", ancien="La mienne")
    assert "La mienne" in read_tabs(desk.get(f"{liste}?vue=tout"))
    assert gesture(desk, jeton + "x", geste="garder", nom="Forgée").status_code == 400


def test_what_was_typed_is_never_kept(desk: Client, liste: str, guichet: Guichet):
    page = desk.post(f"{liste}?etat=deposee", {"q": "Canari", "etat": "deposee"})
    gesture(desk, read_jeton(page), geste="garder", nom="Sans le nom")
    guichet.membre.compte.refresh_from_db()
    assert "Canari" not in str(guichet.membre.compte.vues)
    assert "etat=deposee" in str(guichet.membre.compte.vues)

    class Libre(ListeDemandesInventees):
        filtres = (*ListeDemandesInventees.filtres, Filtre("mot", "Mot", "reference", "texte"))

    found = Libre(LignesInventees.build(3), QueryDict("q=Canari&mot=Canari&etat=close&page=2&etat2=x"))
    options = {filtre.cle: filtre.options() for filtre in Libre.filtres}
    assert write_adresse(found, options) == "etat=close"
    forged = Libre(LignesInventees.build(3), QueryDict("etat=Canari"))
    assert write_adresse(forged, options) == ""


def test_refusals_say_why(desk: Client, liste: str):
    jeton = keep(desk, liste, "Une")

    def refused(**sent: str) -> str:
        return desk.get(gesture(desk, jeton, **sent)["Location"]).content.decode()

    assert "Donnez un nom" in refused(geste="garder", nom="  ")
    assert "40 caractères" in refused(geste="garder", nom="x" * 41)
    assert "n’existe plus" in refused(geste="renommer", ancien="Partie", nom="Autre")
    for numero in range(11):
        gesture(desk, jeton, geste="garder", nom=f"Vue {numero}")
    assert "déjà une vue" in refused(geste="renommer", ancien="Une", nom="Vue 3")
    assert "supprimez-en une" in refused(geste="garder", nom="De trop")


def test_views_cost_no_query(desk: Client, liste: str):
    desk.get(f"{liste}?vue=tout")
    with CaptureQueriesContext(connection) as before:
        desk.get(f"{liste}?vue=tout")
    for numero in range(3):
        keep(desk, liste, f"Vue {numero}")
    desk.get(f"{liste}?vue=tout")
    with CaptureQueriesContext(connection) as after:
        desk.get(f"{liste}?vue=tout")
    assert len(after) == len(before)
