"""Sessions end: idle, too old, signed out elsewhere, role lost, account closed, password changed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fabriques.droits import PHRASE, enter, make_compte, make_cpts, make_membre
from maillon.socle import horloge
from maillon.socle.comptes import services
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.droits.services import deactivate_membre, end_role

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return client.get("/compte/").status_code == 200


def test_idle_session_is_closed_and_says_so(client: Client) -> None:
    enter(client, make_compte())
    start = horloge.now()
    with horloge.at(start + timedelta(minutes=14)):
        assert is_in(client)
    with horloge.at(start + timedelta(minutes=28)):
        assert is_in(client), "activity keeps it open"
    with horloge.at(start + timedelta(minutes=44)):
        answer = client.get("/compte/", follow=True)
        assert answer.redirect_chain == [("/compte/login/?next=/compte/", 302)]
        assert "après 15 minutes sans activité" in answer.content.decode()


def test_absolute_limit(client: Client) -> None:
    enter(client, make_compte())
    start = horloge.now()
    for minutes in range(10, 12 * 60, 10):
        with horloge.at(start + timedelta(minutes=minutes)):
            assert is_in(client)
    with horloge.at(start + timedelta(hours=12, seconds=5)):
        assert not is_in(client)


def test_session_without_our_stamp_is_refused(client: Client) -> None:
    enter(client, make_compte())
    session = client.session
    del session["maillon_ouverte_le"]
    session.save()
    assert not is_in(client)


def test_fragment_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get("/compte/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL="http://testserver/c/x/?page=2")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/compte/login/?next=/c/x/%3Fpage%3D2")


def end_by_logout(compte, other: Client) -> None:
    other.post(reverse("account_logout"))


def end_by_button(compte, other: Client) -> None:
    other.post(reverse("compte_fermer_sessions"))


def end_by_password(compte, other: Client) -> None:
    new = "une phrase tout autre 42"
    data = {"oldpassword": PHRASE, "password1": new, "password2": new}
    assert other.post(reverse("account_change_password"), data).status_code == 302


def end_by_closing(compte, other: Client) -> None:
    services.deactivate_compte(compte=compte)


@pytest.mark.parametrize("end", [end_by_logout, end_by_button, end_by_password, end_by_closing])
def test_every_session_ends(end) -> None:
    compte = make_compte(phrase=PHRASE)
    here, there = enter(Client(), compte), enter(Client(), compte)
    assert is_in(here)
    assert is_in(there)
    end(compte, there)
    assert not is_in(here)
    assert not is_in(there)


def test_losing_a_role_ends_sessions(client: Client) -> None:
    cpts = make_cpts()
    make_membre(cpts, Role.COORDINATION)
    membre = make_membre(cpts, Role.COORDINATION, Role.BUREAU)
    enter(client, membre.compte)
    with use_cpts(cpts.pk):
        end_role(mandat=membre.mandats.get(role=Role.BUREAU), on=horloge.today(), by=SYSTEME)
    assert not is_in(client)


def test_closing_access_acts_at_once(client: Client) -> None:
    cpts = make_cpts()
    make_membre(cpts, Role.COORDINATION)
    membre = make_membre(cpts, Role.COORDINATION)
    page = f"/c/{cpts.slug}/communaute/acces/"
    assert enter(client, membre.compte).get(page).status_code == 200
    with use_cpts(cpts.pk):
        deactivate_membre(membre=membre, by=SYSTEME)
    assert client.get(page).status_code == 302
    assert enter(client, membre.compte).get(page).status_code == 404, "signing in again does not help"
