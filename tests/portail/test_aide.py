"""The guide inside Maillon: every page of a community has the page of the guide that explains it."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from maillon.portail.aide import SOMMAIRE, find_sujet, list_sources, read_page

pytestmark = pytest.mark.django_db


def list_noms(resolver, espace: str = "", debut: str = ""):
    for motif in resolver.url_patterns:
        chemin = debut + str(motif.pattern)
        if hasattr(motif, "url_patterns"):
            yield from list_noms(motif, espace + (f"{motif.namespace}:" if motif.namespace else ""), chemin)
        elif motif.name:
            yield espace + motif.name, chemin


def test_each_page_of_a_community_is_explained() -> None:
    noms = [nom for nom, chemin in list_noms(get_resolver()) if chemin.startswith(("c/", "territoire/"))]
    assert len(noms) > 300
    assert [nom for nom in noms if find_sujet(nom) == SOMMAIRE] == []


def test_the_closest_page_wins() -> None:
    assert find_sujet("pilotage:contrat") == "contrat"
    assert find_sujet("pilotage:saisie_termes") == "saisir-un-contrat"
    assert find_sujet("cycle:territoire_vie") == "cpam-et-ars"
    assert find_sujet("inconnue") == SOMMAIRE


def test_every_page_reads_and_its_links_open(client: Client) -> None:
    for sujet in list_sources():
        reponse = client.get(reverse("aide_page", args=[sujet]))
        assert reponse.status_code == 200
        page = read_page(sujet)
        assert page.titre != sujet
        texte = reponse.content.decode()
        assert "<!--" not in texte
        assert 'href="../' not in texte
        for image in {morceau.split('"')[0] for morceau in texte.split('src="')[1:] if morceau.startswith("/aide/")}:
            assert client.get(image).headers["Content-Type"] == "image/png"


def test_help_leads_to_the_page_that_explains(client: Client) -> None:
    reponse = client.get(reverse("aide_pour", args=["budget:operations"]))
    assert reponse.headers["Location"] == reverse("aide_page", args=["budget"])
    assert client.get(reverse("aide_page", args=["absente"])).status_code == 404
    assert client.get("/aide/images/..%2Fguichet.png").status_code == 404
