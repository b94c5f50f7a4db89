"""Lists on the database: what a page costs does not depend on how many rows there are."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory

from maillon.socle.ui.listes import Colonne, Filtre, Liste, afficher_liste

pytestmark = pytest.mark.django_db


class ListePermissions(Liste):
    titre = "Permissions"
    colonnes = (
        Colonne("codename", "Code", tri=True, principale=True),
        Colonne("modele", "Modèle", "content_type.model", tri="content_type__model"),
    )
    filtres = (Filtre("modele", "Modèle", "content_type__model", "texte"),)
    recherche = ("codename", "content_type__app_label")
    tri_defaut = "codename"
    par_page = 10


def ask(parametres: str = "", **limite):
    lignes = Permission.objects.select_related("content_type").filter(**limite)
    return afficher_liste(RequestFactory().get(f"/?{parametres}"), ListePermissions, lignes, gabarit="ui/liste.html")


@pytest.mark.parametrize("parametres", ["", "q=add&modele=permission&tri=-modele", "page=2"])
def test_a_page_asks_twice_whatever_the_rows(django_assert_num_queries, parametres):
    with django_assert_num_queries(2):
        ask(parametres)
    with django_assert_num_queries(2):
        ask(parametres, codename="add_permission")


def test_an_empty_page_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        ask("q=introuvable")


def test_filters_sorts_and_searches_are_done_by_the_database():
    page = ask("q=auth+add&modele=perm").content.decode()
    assert "add_permission" in page
    assert "add_group" not in page
    assert ContentType.objects.exists()
