"""A slot kept, then given or left: by its pages."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.demandes_soin import file
from fabriques.droits import enter
from fabriques.soins import make_creneau, make_pro
from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle.contexte import use_cpts

pytestmark = pytest.mark.django_db


def adresse(soins, nom: str, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def test_one_who_clicks_again_finds_the_slot_that_is_kept_for_them(soins, pharmacien) -> None:
    """From a second tab, or after the page before: the same hold, not « somebody was quicker »."""
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
    held = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "a" * 24})
    again = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "b" * 24})
    assert (again.status_code, again.url) == (302, held.url)
    other = enter(Client(), soins.membre.compte).post(
        adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "c" * 24}
    )
    assert other.status_code == 409
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.count() == 1


def test_one_who_leaves_the_slot_goes_on_seeking_for_the_same_request(soins) -> None:
    with use_cpts(soins.cpts.pk):
        demande = file(soins)
        creneau = make_creneau(soins, make_pro(soins))
    client = enter(Client(), soins.membre.compte)
    held = client.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "q" * 24, "demande": demande.pk})
    with use_cpts(soins.cpts.pk):
        laisser = adresse(soins, "liberer", RendezVous.objects.get().pk)
    page = client.get(held.url).content.decode()
    assert f'action="{laisser}?demande={demande.pk}"' in page
    assert client.post(f"{laisser}?demande={demande.pk}").url == f"{adresse(soins, 'recherche')}?demande={demande.pk}"


def test_a_hold_that_ended_says_so(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
    held = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "i" * 24})
    pharmacien.post(held.url.replace("confirmer", "liberer"))
    assert pharmacien.get(held.url).url == adresse(soins, "recherche")
    late = pharmacien.post(adresse(soins, "retenir"), {"creneau": uuid4(), "cle": "j" * 24})
    assert late.status_code == 404
