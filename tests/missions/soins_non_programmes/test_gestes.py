"""What pages must not do: keep a person without appointment, count a visit that nobody saw, say what was not sent."""

from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.soins import IDENTITE, make_creneau, make_pro, make_rendez_vous
from maillon.communaute.patients.models import Patient
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.enums import EtatCreneau, EtatRendezVous
from maillon.missions.soins_non_programmes.models import ActionRefusee, Creneau, RendezVous
from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now

pytestmark = pytest.mark.django_db


def adresse(soins, nom: str, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def count_patients(soins) -> int:
    with use_cpts(soins.cpts.pk):
        return Patient.objects.count()


def begin(creneau) -> None:
    """Its hour has come."""
    debut = now() - timedelta(minutes=5)
    type(creneau).objects.filter(pk=creneau.pk).update(debut=debut, fin=debut + timedelta(minutes=20))


def test_a_refused_appointment_leaves_no_person_behind(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins), dans=3)
    held = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "a" * 24})
    with mock.patch.object(services, "confirm", side_effect=ActionRefusee("trop tard")):
        assert pharmacien.post(held.url, IDENTITE).status_code == 409
    with use_cpts(soins.cpts.pk):
        assert not Patient.objects.exists()


def test_who_gave_an_appointment_does_not_say_that_the_person_came(soins, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins), dans=1)
    held = pharmacien.post(adresse(soins, "retenir"), {"creneau": creneau.pk, "cle": "a" * 24})
    done = pharmacien.post(held.url, IDENTITE)
    with use_cpts(soins.cpts.pk):
        begin(creneau)
        key = RendezVous.objects.get().pk
    assert "est-elle venue" not in pharmacien.get(done.url).content.decode()
    assert pharmacien.post(adresse(soins, "constater", key), {"geste": "honore"}).status_code == 404
    guichet = enter(Client(), soins.membre.compte)
    assert "est-elle venue" in guichet.get(done.url).content.decode()
    guichet.post(adresse(soins, "constater", key), {"geste": "honore"})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get().etat == EtatRendezVous.HONORE


@pytest.mark.parametrize(("motif", "etat"), [("professionnel", EtatCreneau.RETIRE), ("patient", EtatCreneau.LIBRE)])
def test_a_professional_who_cannot_is_not_offered_again(soins, motif, etat) -> None:
    guichet = enter(Client(), soins.membre.compte)
    with use_cpts(soins.cpts.pk):
        given = make_rendez_vous(soins, make_creneau(soins, make_pro(soins)))
    guichet.post(adresse(soins, "annuler", given.pk), {"motif": motif})
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.get().etat == etat
    guichet.post(adresse(soins, "retablir", given.pk))
    with use_cpts(soins.cpts.pk):
        assert Creneau.objects.get().etat == EtatCreneau.RESERVE


def test_one_more_person_is_added_once(soins) -> None:
    guichet = enter(Client(), soins.membre.compte)
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins))
    url = adresse(soins, "en_plus", creneau.pk)
    cle = guichet.get(url).context["cle"]
    for _ in range(2):
        guichet.post(url, {**IDENTITE, "motif": "accord du Dr Durand", "cle": cle})
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.count() == 1
        assert Patient.objects.count() == 1


def test_the_person_s_link_cancels_nothing_once_the_hour_has_come(soins, client) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, make_pro(soins), dans=1)
        given = make_rendez_vous(soins, creneau, telephone="06 12 34 56 78")
        path = services.url_lien(given).partition("/l/")[2]
        begin(creneau)
    assert client.post(f"/l/{path}").status_code == 422
    with use_cpts(soins.cpts.pk):
        assert RendezVous.objects.get().etat == EtatRendezVous.CONFIRME
