"""Texts through a gateway: what is a mobile number, and what each answer of the gateway means."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from maillon.socle.courriels import sms
from maillon.socle.courriels.smtp import EnvoiIncertain, EnvoiRefuse


@pytest.mark.parametrize(
    ("typed", "international"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 7 12 34 56 78", "+33712345678"),
        ("0033612345678", "+33612345678"),
        ("0690 12 34 56", "+590690123456"),
        ("+262 692 12 34 56", "+262692123456"),
        ("0639 12 34 56", "+262639123456"),
        ("0694123456", "+594694123456"),
        ("0696123456", "+596696123456"),
        ("04 77 01 02 03", ""),
        ("06 12 34", ""),
        ("+44 7700 900123", ""),
        ("", ""),
    ],
)
def test_mobile_numbers(typed: str, international: str) -> None:
    assert sms.parse_mobile(typed) == international


class Passerelle(BaseHTTPRequestHandler):
    """Answers `statut`, or hangs up after reading; `recus` are what it was handed."""

    statut = 200
    recus: list[tuple[dict, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.recus.append((json.loads(body), self.headers.get("Authorization", "")))
        if self.statut:
            self.send_response(self.statut)
            self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def passerelle(settings) -> Iterator[type[Passerelle]]:
    class Une(Passerelle):
        recus: list[tuple[dict, str]] = []

    server = HTTPServer(("127.0.0.1", 0), Une)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.MAILLON_SMS_URL = f"http://127.0.0.1:{server.server_port}/envoi"
    settings.MAILLON_SMS_JETON = "secret"
    yield Une
    server.shutdown()
    server.server_close()


def test_one_object_is_posted_with_its_key(passerelle) -> None:
    sms.send("cle-1", "+33612345678", "Bonjour")
    assert passerelle.recus == [({"id": "cle-1", "to": "+33612345678", "text": "Bonjour"}, "Bearer secret")]


@pytest.mark.parametrize(("statut", "definitif"), [(400, True), (429, False), (503, False)])
def test_a_refusal_is_certain(passerelle, statut: int, definitif: bool) -> None:
    passerelle.statut = statut
    with pytest.raises(EnvoiRefuse) as refus:
        sms.send("cle-1", "+33612345678", "Bonjour")
    assert refus.value.definitif is definitif


def test_a_connection_that_breaks_after_the_text_is_uncertain(passerelle) -> None:
    passerelle.statut = 0
    with pytest.raises(EnvoiIncertain):
        sms.send("cle-1", "+33612345678", "Bonjour")


def test_nobody_there_is_certain(settings) -> None:
    settings.MAILLON_SMS_URL = "http://127.0.0.1:9/"
    with pytest.raises(EnvoiRefuse):
        sms.send("cle-1", "+33612345678", "Bonjour")
    settings.MAILLON_SMS_URL = ""
    with pytest.raises(EnvoiRefuse):
        sms.send("cle-1", "+33612345678", "Bonjour")


def test_the_console_says_how_long_and_nothing_else(settings, caplog) -> None:
    settings.MAILLON_SMS_URL = "console:"
    with caplog.at_level("INFO"):
        sms.send("cle-1", "+33612345678", "Bonjour")
    assert "7 characters" in caplog.text
    assert "Bonjour" not in caplog.text
    assert "612345678" not in caplog.text


def test_without_gateway_none_is_offered_in_service(settings) -> None:
    settings.MAILLON_SMS_URL, settings.MAILLON_SMS_CONSERVES = "", False
    assert not sms.is_offered()
    settings.MAILLON_SMS_URL = "https://sms.example.org"
    assert sms.is_offered()
