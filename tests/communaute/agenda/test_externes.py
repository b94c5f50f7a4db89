"""Calendars kept elsewhere: addresses that are refused, bombs, a real CalDAV server."""

import http.server
import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import radicale
from radicale import config as radicale_config

from maillon.communaute.agenda.externes import caldav as module_caldav
from maillon.communaute.agenda.externes import reseau
from maillon.communaute.agenda.externes.caldav import query_caldav
from maillon.communaute.agenda.externes.erreurs import AgendaIllisible
from maillon.communaute.agenda.externes.expansion import Refus, read_occupations
from maillon.communaute.agenda.externes.lecture import expand, fetch_ical, read_agenda

DEBUT, FIN = datetime(2026, 10, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)
PERIODE = {"debut": DEBUT, "fin": FIN, "fuseau": "Europe/Paris"}


def ics(*evenements: str, avant: str = "") -> str:
    corps = "".join(f"BEGIN:VEVENT\r\nUID:{i}\r\n{e}\r\nEND:VEVENT\r\n" for i, e in enumerate(evenements))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:essai\r\n{avant}{corps}END:VCALENDAR\r\n"


UNE_HEURE = "DTSTART:20261110T140000Z\r\nDTEND:20261110T150000Z\r\nSUMMARY:Madame Unetelle"


def read(*textes: str) -> list[tuple[str, str]]:
    trouves = read_occupations(textes, DEBUT, FIN, "Europe/Paris")
    return [(f"{de:%m-%d %H:%M}", f"{a:%m-%d %H:%M}") for de, a in trouves]


@pytest.mark.parametrize(
    ("evenement", "attendu"),
    [
        (UNE_HEURE, [("11-10 14:00", "11-10 15:00")]),
        (f"{UNE_HEURE}\r\nTRANSP:TRANSPARENT", []),
        (f"{UNE_HEURE}\r\nSTATUS:CANCELLED", []),
        # Without zone it is the community's hour: summer time until 25 October, then winter time.
        ("DTSTART:20261024T090000\r\nDTEND:20261024T100000\r\nRRULE:FREQ=DAILY;COUNT=2",
         [("10-24 07:00", "10-24 08:00"), ("10-25 08:00", "10-25 09:00")]),
        ("DTSTART;VALUE=DATE:20261110", [("11-09 23:00", "11-10 23:00")]),
        (f"{UNE_HEURE}\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEXDATE:20261117T140000Z",
         [("11-10 14:00", "11-10 15:00"), ("11-24 14:00", "11-24 15:00")]),
        ("DTSTART:20260901T000000Z\r\nDTEND:20261002T000000Z", [("10-01 00:00", "10-02 00:00")]),
        ("DTSTART:20200101T000000Z\r\nDTEND:20200102T000000Z", []),
    ],
)  # fmt: skip
def test_a_calendar_gives_intervals_and_nothing_else(evenement, attendu):
    assert read(ics(evenement)) == attendu


def test_what_touches_is_one_interval_over_several_texts():
    suite = "DTSTART:20261110T150000Z\r\nDTEND:20261110T160000Z"
    dedans = "DTSTART:20261110T141000Z\r\nDTEND:20261110T142000Z"
    assert read(ics(UNE_HEURE, dedans), ics(suite)) == [("11-10 14:00", "11-10 16:00")]


@pytest.mark.parametrize(
    "texte",
    [
        "bonjour",
        "",
        "BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        ics(f"{UNE_HEURE}\r\nRRULE:FREQ=SECONDLY"),
        ics(f"{UNE_HEURE}\r\nRRULE:FREQ=HOURLY"),
        ics(f"{UNE_HEURE}\r\nRRULE:FREQ=DAILY;BYHOUR=8,9,10;BYMINUTE={','.join(map(str, range(60)))}"),
        ics(*[f"{UNE_HEURE}\r\nRRULE:FREQ=DAILY".replace("2026", "1900")] * 60),
        ics() + "BEGIN:VEVENT\r\n" * 6000,
    ],
)
def test_what_is_no_calendar_or_asks_too_much_is_refused_at_once(texte):
    with pytest.raises(Refus):
        read(texte)


def test_a_rule_that_never_falls_is_stopped_by_the_system():
    """Thirty February each day: the library would look for it until the year 9999, eight thousand years away."""
    bombe = ics("DTSTART:20201110T140000Z\r\nDTEND:20201110T150000Z\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(AgendaIllisible, match="trop d’événements"):
        expand([bombe], **PERIODE)
    assert len(expand([ics(UNE_HEURE)], **PERIODE)) == 1


@pytest.mark.parametrize(
    "adresse",
    ["127.0.0.1", "10.0.0.8", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
     "224.0.0.1", "::1", "fe80::1%eth0",
     "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "::"],
)  # fmt: skip
def test_no_address_of_an_inner_network_is_asked(adresse, monkeypatch):
    assert not reseau.is_public(adresse)
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (adresse, 443))]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: pytest.fail("asked"))
    with pytest.raises(AgendaIllisible, match="n’est pas un serveur public"):
        reseau.fetch("https://agenda.example.org/a.ics")


@pytest.mark.parametrize(
    "url",
    ["http://agenda.example.org/a.ics", "file:///etc/passwd", "ftp://a.fr/", "https://", "https://moi:secret@a.fr/",
     "https://a.fr:22/", "https://a.fr:99999/", "https://a.fr/\r\nHost: b", "https://a.fr/é", "//a.fr/"],
)  # fmt: skip
def test_no_other_kind_of_address_is_asked(url):
    with pytest.raises(AgendaIllisible):
        reseau.split_url(url)


def test_the_address_checked_is_the_one_connected_to(monkeypatch):
    """The second look-up of a rebinding name would give this machine: there is no second look-up."""
    reponses = iter(["93.184.215.14", "127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (next(reponses), 443))])
    demandes = []

    def refuse(adresse, **options):
        demandes.append(adresse)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(AgendaIllisible, match="ne répond pas"):
        reseau.fetch("webcal://agenda.example.org/a.ics")
    assert demandes == [("93.184.215.14", 443)]


class Guichet(http.server.BaseHTTPRequestHandler):
    """A server that misbehaves as its path says."""

    vus: list[tuple[str, str | None]] = []

    def do_GET(self) -> None:
        self.vus.append((self.path, self.headers.get("Authorization")))
        if self.path == "/boucle":
            self.send_response(302)
            self.send_header("Location", "/boucle")
            self.end_headers()
        elif self.path == "/ailleurs":
            self.send_response(302)
            self.send_header("Location", f"http://localhost:{self.server.server_port}/a.ics")
            self.end_headers()
        elif self.path == "/dedans":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path == "/gros":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (reseau.TAILLE_MAX + 1))
        elif self.path == "/comprime":
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
        elif self.path == "/lent":
            self.send_response(200)
            self.end_headers()
            self.server.patience.wait()  # type: ignore[attr-defined]
        elif self.path == "/a.ics":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(ics(UNE_HEURE).encode())
        else:
            self.send_error(404)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def run(serveur):
    fil = threading.Thread(target=serveur.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    fil.start()
    try:
        yield f"http://127.0.0.1:{serveur.server_port}"
    finally:
        serveur.shutdown()
        serveur.server_close()


@pytest.fixture
def guichet():
    serveur = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
    serveur.patience = threading.Event()  # type: ignore[attr-defined]
    Guichet.vus = []
    with run(serveur) as base:
        yield base
        serveur.patience.set()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("chemin", "phrase"),
    [
        ("/boucle", "renvoie sans fin"),
        ("/dedans", "https://"),
        ("/gros", "plus de 2 Mo"),
        ("/comprime", "compressé"),
        ("/absent", "n’ouvre plus d’agenda"),
    ],
)
def test_a_server_that_misbehaves_is_left_with_a_sentence(guichet, chemin, phrase):
    with pytest.raises(AgendaIllisible, match=phrase):
        fetch_ical(guichet + chemin, local=True)


def test_a_server_that_never_ends_is_cut(guichet, monkeypatch):
    monkeypatch.setattr(reseau, "DELAI_TOTAL", 0.3)
    with pytest.raises(AgendaIllisible, match="trop lent"):
        fetch_ical(guichet + "/lent", local=True)


def test_a_password_does_not_follow_a_redirection_elsewhere(guichet):
    reseau.fetch(guichet + "/ailleurs", entetes={"Authorization": "Basic secret"}, local=True)
    assert Guichet.vus == [("/ailleurs", "Basic secret"), ("/a.ics", None)]


class Discret(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def caldav(tmp_path):
    """Radicale, with one calendar of Alix: a course each week, and a whole day off."""
    (tmp_path / "gens").write_text("alix:sesame\n")
    collection = tmp_path / "donnees" / "collection-root" / "alix" / "cabinet"
    collection.mkdir(parents=True)
    (collection / ".Radicale.props").write_text('{"tag": "VCALENDAR"}')
    cours = "DTSTART;TZID=Europe/Paris:20261006T140000\r\nDURATION:PT2H\r\nRRULE:FREQ=WEEKLY;COUNT=5"
    (collection / "cours.ics").write_bytes(ics(cours).encode())
    (collection / "conge.ics").write_bytes(ics("DTSTART;VALUE=DATE:20261224").encode())
    (collection / "vieux.ics").write_bytes(ics("DTSTART:20200101T100000Z\r\nDTEND:20200101T110000Z").encode())
    configuration = radicale_config.load()
    configuration.update(
        {
            "auth": {"type": "htpasswd", "htpasswd_filename": str(tmp_path / "gens"), "htpasswd_encryption": "plain",
                     "delay": "0"},
            "storage": {"filesystem_folder": str(tmp_path / "donnees")},
            "logging": {"level": "error"},
        }, "essai", privileged=True,
    )  # fmt: skip
    with run(make_server("127.0.0.1", 0, radicale.Application(configuration), handler_class=Discret)) as base:
        yield base


def test_a_real_caldav_server_gives_its_busy_times(caldav):
    secrets = (f"{caldav}/alix/cabinet/", "alix", "sesame")
    trouves = read_agenda("caldav", secrets, **PERIODE, local=True)
    # 14 h in Paris is noon in UTC until summer time ends on 25 October, then 13 h.
    assert [f"{de:%m-%d %H}" for de, _ in trouves] == [
        "10-06 12",
        "10-13 12",
        "10-20 12",
        "10-27 13",
        "11-03 13",
        "12-23 23",
    ]
    assert {a - de for de, a in trouves} == {timedelta(hours=2), timedelta(days=1)}


@pytest.mark.parametrize(
    ("chemin", "secret", "phrase"),
    [("/alix/cabinet/", "faux", "refuse ce nom"), ("/alix/absent/", "sesame", "pas celle d’un agenda")],
)
def test_a_caldav_refusal_is_a_sentence(caldav, chemin, secret, phrase):
    with pytest.raises(AgendaIllisible, match=phrase):
        query_caldav(caldav + chemin, "alix", secret, DEBUT, FIN, local=True)


def test_an_answer_with_entities_is_refused(monkeypatch):
    corps = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    monkeypatch.setattr(module_caldav, "fetch", lambda *a, **k: reseau.Reponse(207, {}, corps))
    with pytest.raises(AgendaIllisible):
        query_caldav("https://a.fr/", "alix", "sesame", DEBUT, FIN)
