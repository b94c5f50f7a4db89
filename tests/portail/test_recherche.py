"""The search of the top bar finds what the person may see, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.adhesions import AdhesionFabrique
from fabriques.droits import enter, make_membre
from fabriques.medecin_traitant import Guichet, file_demande, make_guichet
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.enums import Role
from maillon.socle.journal.models import Lecture

pytestmark = pytest.mark.django_db


@pytest.fixture
def guichet() -> Guichet:
    found = make_guichet()
    with use_cpts(found.cpts.pk):
        AdhesionFabrique(cpts=found.cpts, professionnel__nom="Lefèvre", professionnel__prenom="Zoé")
    return found


def search(client: Client, guichet: Guichet, texte: str) -> str:
    page = client.get(reverse("recherche", args=[guichet.cpts.slug]), {"q": texte})
    assert page.status_code == 200
    return page.content.decode()


def test_the_desk_finds_a_request_by_reference_or_name_with_its_trace(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = file_demande(guichet).demande
    client = enter(Client(), guichet.membre.compte)
    page = reverse("medecin_traitant_fiche", args=[guichet.cpts.slug, demande.pk])
    assert page in search(client, guichet, demande.reference.lower())
    with use_cpts(guichet.cpts.pk):
        lecture = Lecture.objects.filter(patient_id=demande.patient_id, pourquoi="recherche")
        assert lecture.exists()


def test_a_member_finds_members_and_pages_never_requests(guichet: Guichet) -> None:
    with use_cpts(guichet.cpts.pk):
        demande = file_demande(guichet).demande
    client = enter(Client(), make_membre(guichet.cpts, Role.PARTENAIRE).compte)
    assert "Rien ne correspond" in search(client, guichet, demande.reference)
    assert "Lefèvre Zoé" in search(client, guichet, "lefevre")
    page = search(client, guichet, "déposées").partition('id="contenu"')[2]
    assert reverse("medecin_traitant_mes_demandes", args=[guichet.cpts.slug]) in page
    assert "Rien ne correspond" not in search(client, guichet, "")
