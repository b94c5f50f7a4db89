"""What people type that makes no sense: refused in words, beside what is wrong, and nothing breaks."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import enter
from fabriques.soins import make_creneau, make_pro, make_rendez_vous
from maillon.missions.soins_non_programmes import services
from maillon.missions.soins_non_programmes.models import Plage
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts

pytestmark = pytest.mark.django_db
# Monday 23 November 2026, 10:00 in Paris.
LUNDI = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _lundi():
    with horloge.at(LUNDI):
        yield


@pytest.fixture
def pro(soins):
    with use_cpts(soins.cpts.pk):
        return make_pro(soins, generaliste=True)


@pytest.fixture
def medecin(client, pro) -> Client:
    return enter(client, pro.membre.compte)


def at(nom: str, soins, *args) -> str:
    return reverse(f"soins_{nom}", args=[soins.cpts.slug, *args])


def saisie(pro, **champs):
    values = {
        "lieu": pro.lieu.pk, "modalite": "cabinet", "frequence": "1", "jours": ["1"], "rang": "1",
        "jour": "2026-11-24", "de": "14:00", "a": "15:00", "duree": "20", "audiences": ["CPTS"],
        "reservable": "on", "feries": "communaute", **champs,
    }  # fmt: skip
    return {nom: valeur for nom, valeur in values.items() if valeur is not None}


@pytest.mark.parametrize("jour", ["9999-12-31", "9999-12-27", "0001-01-01", "1899-12-31", "2026-02-30", "x", ""])
def test_a_week_that_no_calendar_has_is_this_week(soins, medecin, jour) -> None:
    page = medecin.get(at("mes_creneaux", soins), {"jour": jour})
    assert page.status_code == 200
    assert "Du 23 novembre" in page.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("jour", ["9999-12-31", "0001-01-01", "x"])
@pytest.mark.parametrize("geste", ["jour_retirer", "jour_rouvrir"])
def test_a_day_that_no_calendar_has_is_not_found(soins, pro, medecin, geste, jour) -> None:
    url = at(geste, soins, pro.professionnel.pk, jour) + "?moment=2026-11-23T09:00:00%2B00:00"
    assert medecin.post(url).status_code == 404


@pytest.mark.parametrize("moment", ["2026-11-23", "2026-11-23T10:00", "x", ""])
def test_an_undo_without_its_moment_is_not_found(soins, pro, medecin, moment) -> None:
    url = at("jour_rouvrir", soins, pro.professionnel.pk, "2026-11-24") + f"?moment={moment}"
    assert medecin.post(url).status_code == 404


def test_the_way_back_carries_no_line_break(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, pro)
    back = medecin.post(at("creneau_retirer", soins, creneau.pk), {"jour": "2026-11-23\r\nX-Autre: 1"})
    assert back.status_code == 302
    assert "X-Autre" not in back.headers


@pytest.mark.parametrize(
    ("champs", "champ", "mot"),
    [
        ({"a": "14:05"}, "a", "Aucun créneau ne tient dans ces heures"),
        ({"frequence": "une_fois", "a": "14:05"}, "a", "Aucun créneau ne tient dans ces heures"),
        ({"jour": "2026-11-25", "jusque": "2026-11-26"}, "jusque", "Aucun de ces jours ne tombe entre ces dates"),
        ({"frequence": "une_fois", "jour": "2020-01-01"}, "jour", "Ce jour est passé"),
        ({"frequence": "une_fois", "jour": "2062-11-24"}, "jour", "Vérifiez l’année"),
        ({"frequence": "une_fois", "jour": "9999-12-31"}, "jour", "Vérifiez l’année"),
        ({"jour": "9999-12-31"}, "jour", "Vérifiez l’année"),
    ],
)
def test_an_opening_without_any_slot_is_refused_beside_its_field(soins, pro, medecin, champs, champ, mot) -> None:
    adresse = at("plage_nouvelle", soins, pro.professionnel.pk)
    page = medecin.post(adresse, saisie(pro, **champs))
    assert page.status_code == 422
    assert mot in page.context["form"].errors[champ][0]
    with use_cpts(soins.cpts.pk):
        assert not Plage.objects.exists()
    assert medecin.post(adresse, {**saisie(pro, **champs), "apercu": "1"}).status_code == 200


def test_an_opening_that_starts_later_than_its_slots_are_made_says_so(soins, pro, medecin) -> None:
    adresse = at("plage_nouvelle", soins, pro.professionnel.pk)
    page = medecin.post(adresse, saisie(pro, jour="2027-03-02"), follow=True)
    assert "six semaines à l’avance" in page.content.decode()
    with use_cpts(soins.cpts.pk):
        assert Plage.objects.count() == 1


@pytest.mark.parametrize("champ", ["profession", "commune", "quand", "modalite", "tri"])
@pytest.mark.parametrize("valeur", ["\x00", "zz", "é" * 4000])
def test_a_choice_that_does_not_exist_is_forgotten(soins, pharmacien, champ, valeur) -> None:
    assert pharmacien.get(at("recherche", soins), {champ: valeur}).status_code == 200
    assert pharmacien.get(at("demander", soins)).status_code == 200
    assert valeur not in str(pharmacien.session.get("soins_recherche", {}))


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("profession", "\x00"), ("profession", "zz"), ("nom", "\x00"), ("nom", "a" * 200), ("telephone", "06 abc 12"),
        ("naissance", "01/01/0001"), ("naissance", "31/02/1950"), ("naissance", "01/01/2090"), ("usuel", "\x00"),
        ("commune", "\x00"), ("delai", "zz"), ("courriel", "x@"),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_refused_beside_its_field(soins, pharmacien, champ, valeur) -> None:
    saisi = {
        "telephone": "06 12 34 56 78", "nom": "Garcia", "prenom": "Louise", "naissance": "12/03/1950",
        "commune": "42218", "profession": "60", "delai": "2h", "modalite": "cabinet", "usuel": "", "courriel": "",
    }  # fmt: skip
    page = pharmacien.post(at("demander", soins), {**saisi, champ: valeur})
    assert page.status_code == 422
    assert champ in page.context["form"].errors


def test_a_day_said_once_forgets_the_last_day_that_is_no_longer_asked(soins, pro, medecin) -> None:
    adresse = at("plage_nouvelle", soins, pro.professionnel.pk)
    page = medecin.post(adresse, saisie(pro, frequence="une_fois", jusque="2026-01-01"))
    assert page.status_code == 302


def test_who_left_a_slot_kept_finds_it_where_they_seek(soins, pro, pharmacien) -> None:
    with use_cpts(soins.cpts.pk):
        creneau = make_creneau(soins, pro)
    held = pharmacien.post(at("retenir", soins), {"creneau": creneau.pk, "cle": "k" * 24})
    page = pharmacien.get(at("recherche", soins)).content.decode()
    assert "Vous retenez 1" in page
    assert held.url in page
    with use_cpts(soins.cpts.pk):
        make_creneau(soins, pro, dans=3)
    other = pharmacien.get(at("recherche", soins), headers={"HX-Request": "true"}).content.decode()
    assert held.url not in other


def test_a_withdrawal_counts_who_is_to_be_told_and_not_who_is_still_choosing(soins, pro, medecin) -> None:
    with use_cpts(soins.cpts.pk):
        make_rendez_vous(soins, make_creneau(soins, pro, dans=5))
        services.hold(creneau_id=make_creneau(soins, pro, dans=6).pk, by=soins.acteur, cle_depot="k", origine="guichet")
    page = medecin.post(at("jour_retirer", soins, pro.professionnel.pk, "2026-11-23"), follow=True)
    texte = page.content.decode().replace("\u00a0", " ")
    assert "Un rendez-vous y était donné : la personne est à prévenir." in texte
    assert "1 créneau en cours de réservation" in texte
