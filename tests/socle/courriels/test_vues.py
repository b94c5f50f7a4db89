"""The outbox page and the demonstration's inbox."""

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from fabriques.courriels import make_message
from fabriques.droits import enter, make_cpts, make_membre
from maillon.socle.contexte import use_cpts
from maillon.socle.courriels.declarations import get_alertes
from maillon.socle.courriels.models import Etat, Message
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.droits.enums import Role
from maillon.socle.horloge import now
from maillon.socle.journal.models import Entree

pytestmark = pytest.mark.django_db


@pytest.fixture
def cpts():
    return make_cpts(fictive=True)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COORDINATION, 200), (Role.SECRETARIAT, 200), (Role.PROFESSIONNEL, 404)]
)
def test_who_opens(client, cpts, role, status) -> None:
    enter(client, make_membre(cpts, role).compte)
    assert client.get(f"/c/{cpts.slug}/courriels/").status_code == status


def test_page_masks_addresses_and_texts(client, cpts) -> None:
    make_message(cpts, to="jeanne.canari@example.org", texte="http://localhost/l/canari/")
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    body = client.get(f"/c/{cpts.slug}/courriels/").content.decode()
    assert "j***@example.org" in body
    assert "canari" not in body
    assert "canari" not in client.get(f"/c/{cpts.slug}/courriels/", {"export": "csv"}).content.decode()


@pytest.mark.parametrize(
    ("etat", "sent_again"), [(Etat.ECHEC, True), (Etat.INCERTAIN, True), (Etat.ENVOYE, False), (Etat.EN_COURS, False)]
)
def test_send_again(client, cpts, etat, sent_again) -> None:
    message = make_message(cpts, etat=etat)
    before = ProcrastinateJob.objects.filter(task_name="courriels.envoyer").count()
    enter(client, make_membre(cpts, Role.COORDINATION).compte)
    page = client.get(f"/c/{cpts.slug}/courriels/").content.decode()
    address = f"/c/{cpts.slug}/courriels/{message.pk}/renvoyer/"
    assert (address in page) == sent_again
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    with use_cpts(cpts.pk):
        after = Message.objects.get(pk=message.pk)
        assert after.etat == (Etat.A_ENVOYER if sent_again else etat)
        assert Entree.objects.filter(evenement="courriels.renvoye", objet_id=message.pk).exists() == sent_again
    assert ProcrastinateJob.objects.filter(task_name="courriels.envoyer").count() - before == int(sent_again)


def test_message_of_another_community_is_unknown(client, cpts) -> None:
    message = make_message(cpts, etat=Etat.ECHEC)
    other = make_cpts()
    enter(client, make_membre(other, Role.COORDINATION).compte)
    assert client.post(f"/c/{other.slug}/courriels/{message.pk}/renvoyer/").status_code == 404


def test_alert_counts_what_did_not_arrive(cpts) -> None:
    with use_cpts(cpts.pk):
        assert get_alertes(cpts.pk, SYSTEME, now()) == []
    for etat in (Etat.ECHEC, Etat.ECHEC, Etat.INCERTAIN, Etat.ENVOYE):
        make_message(cpts, etat=etat)
    with use_cpts(cpts.pk):
        failed, uncertain = get_alertes(cpts.pk, SYSTEME, now())
    assert (failed.phrase, failed.nombre) == ("2 courriels ne sont pas partis", 2)
    assert (uncertain.phrase, uncertain.url[-14:]) == ("1 courriel n’est peut-être pas parti", "etat=incertain")


def test_demo_inbox_shows_clickable_links(cpts, settings) -> None:
    settings.DEMO = True
    client = Client(SERVER_NAME="localhost")
    message = make_message(cpts, texte="Bonjour <b>,\n\nhttp://localhost:8000/l/abc/")
    body = client.post("/demo/courriels/", {"a": "JEANNE"}).content.decode()
    assert f"/demo/courriels/{cpts.slug}/{message.pk}/" in body
    assert message.sujet not in client.post("/demo/courriels/", {"a": "quelquun@"}).content.decode()
    opened = client.get(f"/demo/courriels/{cpts.slug}/{message.pk}/").content.decode()
    assert '<a href="http://localhost:8000/l/abc/"' in opened
    assert "Bonjour &lt;b&gt;" in opened


def test_demo_inbox_is_closed_elsewhere(cpts, settings) -> None:
    client = Client(SERVER_NAME="localhost")
    message = make_message(cpts)
    real = make_cpts()
    settings.DEMO = False
    assert client.get("/demo/courriels/").status_code == 404
    assert client.get(f"/demo/courriels/{cpts.slug}/{message.pk}/").status_code == 404
    settings.DEMO = True
    hidden = make_message(real)
    assert client.get(f"/demo/courriels/{real.slug}/{hidden.pk}/").status_code == 404
    assert real.slug not in client.get("/demo/courriels/").content.decode()
    for elsewhere in (
        {"REMOTE_ADDR": "192.0.2.1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"SERVER_NAME": "testserver"},
    ):
        assert client.get("/demo/courriels/", **elsewhere).status_code == 404
        assert client.get(f"/demo/courriels/{cpts.slug}/{message.pk}/", **elsewhere).status_code == 404
