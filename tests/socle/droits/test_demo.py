"""One-click sign-in exists in the demonstration only, on the machine that runs it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from fabriques.droits import SECRET, make_compte, make_cpts, make_membre
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings) -> Cpts:
    settings.DEMO = True
    cpts = make_cpts("CPTS du Gier", fictive=True)
    make_membre(cpts, Role.COORDINATION, compte=make_compte(totp=True, fictif=True, nom="Bonnefoy"))
    return cpts


def test_list_and_entry(demo: Cpts) -> None:
    client = Client(SERVER_NAME="localhost")
    with CaptureQueriesContext(connection) as before:
        page = client.get("/demo/").content.decode()
    for text in ("CPTS du Gier", "Bonnefoy", SECRET, "le chamois traverse la neige"):
        assert text in page
    for _ in range(5):
        make_membre(demo, Role.PROFESSIONNEL, compte=make_compte(totp=True, fictif=True))
    with CaptureQueriesContext(connection) as after:
        client.get("/demo/")
    assert len(after) == len(before)
    compte = page.split('name="compte" value="')[1].split('"')[0]
    assert client.post("/demo/entrer/", {"compte": compte}).url == "/"
    assert client.get(f"/c/{demo.slug}/communaute/acces/").status_code == 200, "the second factor counts"


@pytest.mark.parametrize("host", ["maillon.example.org", "localhost.example.org"])
def test_closed_to_other_hosts(demo: Cpts, settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    assert Client(SERVER_NAME=host).get("/demo/").status_code == 404
    assert Client(SERVER_NAME=host).post("/demo/entrer/", {"compte": "x"}).status_code == 404


def test_closed_to_other_machines(demo: Cpts) -> None:
    assert Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.1").get("/demo/").status_code == 404
    assert Client(SERVER_NAME="localhost", HTTP_X_FORWARDED_FOR="192.0.2.1").get("/demo/").status_code == 404


def test_closed_outside_the_demonstration() -> None:
    client = Client(SERVER_NAME="localhost")
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/entrer/", {"compte": "x"}).status_code == 404


def test_true_people_cannot_be_entered(demo: Cpts) -> None:
    client = Client(SERVER_NAME="localhost")
    for compte in (make_compte(totp=True), make_compte(fictif=True)):
        assert client.post("/demo/entrer/", {"compte": str(compte.pk)}).status_code == 404
    assert client.post("/demo/entrer/", {"compte": "pas un identifiant"}).status_code == 404
