"""While the database is away, every address answers 503 and says what became of what was sent; errors stay errors."""

import json
import logging
import socket
from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from bases import Base
from fabriques.installation import connected_to
from fabriques.sas import configure, make_sas
from maillon.site import urls
from maillon.site.base import PATIENCE, parse_database_url
from maillon.site.journaux import PanneEnBref
from maillon.socle.base_absente import REESSAYER_S
from maillon.socle.droits.permissions import acces_public

HTMX = {"HX-Request": "true"}


def _end_connection() -> None:
    """From elsewhere, as a shutdown does."""
    with psycopg.connect(**{nom: valeur for nom, valeur in connection.get_connection_params().items()
                            if nom in ("host", "port", "user", "password", "dbname")}) as autre:  # fmt: skip
        pid = connection.connection.info.backend_pid
        autre.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@acces_public
def lost(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        _end_connection()
        cursor.execute("SELECT 1")
    return HttpResponse()


@acces_public
def lost_at_commit(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        _end_connection()
    return HttpResponse()


@acces_public
def too_long(request: HttpRequest) -> HttpResponse:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")
    return HttpResponse()


@acces_public
def refused_by_the_driver(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {','.join(['%s'] * 70_000)}", [1] * 70_000)
    return HttpResponse()


@acces_public
def wrong(request: HttpRequest) -> HttpResponse:
    raise KeyError("a fault of the program")


@acces_public
def wrong_while_away(request: HttpRequest) -> HttpResponse:
    try:
        return lost(request)
    except OperationalError:
        return HttpResponse({}["a fault of the program"])


handler500 = "maillon.site.views.panne"  # as at the root of the service
urlpatterns = [
    path("lost/", lost),
    path("lost-at-commit/", lost_at_commit),
    path("too-long/", too_long),
    path("refused/", refused_by_the_driver),
    path("wrong/", wrong),
    path("wrong-while-away/", wrong_while_away),
    path("", include("maillon.site.urls")),
]


@pytest.fixture
def visitor(clone_base: Base, settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.fixture
def away(visitor: Client) -> Iterator[Client]:
    """Nobody listens where the database should be."""
    url = "postgresql://maillon@/maillon?host=/nulle/part"
    with connected_to(Base("absente", url, url)):
        yield visitor


def test_a_server_that_says_nothing_is_given_up(visitor: Client, monkeypatch) -> None:
    """A machine that vanished, or a port that answers nothing: connecting would wait for ever."""
    monkeypatch.setitem(PATIENCE, "connect_timeout", "2")  # the least that the driver takes
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"postgresql://maillon@127.0.0.1:{mute.getsockname()[1]}/maillon"
        with connected_to(Base("muette", url, url)):
            assert visitor.get("/sante/").status_code == 503


def test_every_address_is_patient_within_bounds_unless_it_says_otherwise() -> None:
    assert parse_database_url("postgresql://maillon@base/maillon")["OPTIONS"]["connect_timeout"] == "5"
    asked = parse_database_url("postgresql://maillon@base/maillon?connect_timeout=9&sslmode=require")["OPTIONS"]
    assert (asked["connect_timeout"], asked["sslmode"], asked["tcp_user_timeout"]) == ("9", "require", "15000")


@pytest.mark.parametrize("adresse", ["/lost/", "/p/quelque-part/soins/", "/compte/login/?a=1"])
def test_a_page_says_that_it_waits_and_asks_again(away: Client, adresse: str) -> None:
    away.cookies["maillon"] = "a-session-that-cannot-be-read"
    answer = away.get(adresse)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, str(REESSAYER_S))
    assert answer["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in answer
    assert "<h1>Maillon redémarre</h1>" in page
    assert f'http-equiv="refresh" content="{REESSAYER_S}"' in page


def test_what_was_sent_is_said_lost_and_is_not_sent_again_by_itself(visitor: Client) -> None:
    answer = visitor.post("/lost/", {"nom": "Martin"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "n’a pas été enregistré" in page
    assert "refresh" not in page
    assert "Martin" not in page


def test_what_was_being_committed_is_said_uncertain(visitor: Client) -> None:
    answer = visitor.post("/lost-at-commit/")
    assert answer.status_code == 503
    assert "Maillon ne sait pas si c’est fait" in answer.content.decode()
    assert "ne sait pas" in visitor.post("/lost-at-commit/", headers=HTMX).content.decode()


@pytest.mark.parametrize(("method", "said"), [("get", "n’a pas été mise à jour"), ("post", "n’a pas été enregistré")])
def test_a_fragment_is_a_message(visitor: Client, method: str, said: str) -> None:
    answer = getattr(visitor, method)("/lost/", headers=HTMX)
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/plain; charset=utf-8")
    assert answer["Retry-After"]
    assert said in answer.content.decode()


@pytest.mark.parametrize("adresse", ["too-long", "refused", "wrong", "wrong-while-away"])
def test_other_errors_stay_errors(visitor: Client, adresse: str) -> None:
    answer = visitor.get(f"/{adresse}/")
    assert answer.status_code == 500
    assert "Une panne de notre côté" in answer.content.decode()


def test_the_service_answers_as_soon_as_the_database_does(visitor: Client) -> None:
    assert visitor.get("/lost/").status_code == 503
    assert visitor.get("/sante/").json() == {"etat": "ok"}


def test_the_service_has_this_answer() -> None:
    assert urls.handler500 == handler500


def test_health_says_that_the_database_is_away(away: Client) -> None:
    answer = away.get("/sante/")
    assert (answer.status_code, answer.json()) == (503, {"etat": "base injoignable"})


def test_the_platform_is_answered_in_fhir(away: Client, settings) -> None:
    configure(settings)
    platform = make_sas()
    platform.raise_request_exception = False
    answer = platform.get("/fhir/metadata")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/fhir+json")
    outcome = json.loads(answer.content)
    assert (outcome["resourceType"], outcome["issue"][0]["code"]) == ("OperationOutcome", "transient")
    assert answer["Retry-After"]


def test_one_line_without_a_trace_in_the_log(visitor: Client, caplog) -> None:
    handler = logging.StreamHandler(stream := StringIO())
    handler.addFilter(PanneEnBref())
    logging.getLogger("django.request").addHandler(handler)
    try:
        visitor.get("/lost/")
        visitor.get("/wrong/")
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    lines = stream.getvalue().splitlines()
    assert lines[0] == "Service Unavailable: /lost/ (database away: OperationalError)"
    assert lines[1] == "Internal Server Error: /wrong/"
    assert any("KeyError" in line for line in lines[2:])
