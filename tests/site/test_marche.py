"""Starting and refusing to start."""

import gc
import signal
import socket
import sys

import pytest

from maillon.site import ecoute, environnement, gunicorn_conf, marche, roles
from maillon.site.journaux import without_tokens
from maillon.site.pannes import Empechement


def test_a_taken_port_is_said_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as occupee:
        port = occupee.getsockname()[1]
        with pytest.raises(Empechement, match=rf"Le port {port} est déjà pris(.|\n)*--port {port + 1}"):
            ecoute.open_sockets("localhost", port)


def test_demo_listens_on_this_machine_only(monkeypatch):
    monkeypatch.setenv("MAILLON_MODE", "demo")
    with pytest.raises(Empechement, match="n’écoute que sur cette machine"):
        ecoute.check_loopback("0.0.0.0")  # noqa: S104
    ecoute.check_loopback("localhost")


def test_start_is_refused_to_a_role_that_owns_tables(clone_base, monkeypatch):
    roles.check_database(production=False)
    monkeypatch.setenv("DATABASE_URL", clone_base.url_proprietaire)
    with pytest.raises(Empechement, match="possède des tables"):
        roles.check_database(production=False)


def test_production_refuses_a_server_that_may_lose_data(clone_base):
    with pytest.raises(Empechement, match="fsync = off"):
        roles.check_database(production=True)


def test_unreachable_database_is_said_in_french(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://maillon@/maillon?host=/nulle/part")
    with pytest.raises(Empechement, match=r"ne répond pas(.|\n)*Vérifiez"):
        roles.check_database(production=False)


def test_production_invents_no_database(monkeypatch):
    monkeypatch.setenv("MAILLON_MODE", "production")
    monkeypatch.delenv("DATABASE_URL")
    with pytest.raises(Empechement, match="DATABASE_URL"):
        environnement.prepare()


def test_a_dead_child_stops_everything_and_is_named(tmp_path):
    with marche.waited_signals():
        ensemble = marche.Marche(tmp_path / "journaux")
        ensemble.start("Le premier", "un.log", [sys.executable, "-c", "import sys; sys.stdin.read(); input()"])
        with pytest.raises(Empechement, match=r"Le premier s’est arrêté(.|\n)*EOFError"):
            ensemble.wait()
        ensemble.stop()


def test_a_signal_stops_the_children(tmp_path):
    with marche.waited_signals():
        ensemble = marche.Marche(tmp_path / "journaux")
        ensemble.start("Le premier", "un.log", [sys.executable, "-c", "import signal; signal.pause()"])
        signal.raise_signal(signal.SIGTERM)  # to this thread: those of other tests do not block it
        assert ensemble.wait() == signal.SIGTERM
        ensemble.stop()
    assert ensemble.enfants[0].processus.returncode == -signal.SIGTERM


def test_an_absent_room_brings_nothing_but_a_broken_one_is_an_error(tmp_path, monkeypatch):
    assert marche.find_hook("maillon.nulle.part:load") is None
    (tmp_path / "salle_cassee.py").write_text("import module_absent")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModuleNotFoundError):
        marche.find_hook("salle_cassee:load")


@pytest.mark.parametrize(
    ("chemin", "ecrit"),
    [
        ("/l/" + "Ab3_-" * 8 + "/", "/l/…/"),
        ("/l/" + "Ab3_-" * 8, "/l/…"),
        ("/c/grand-saint-etienne/demandes/", "/c/grand-saint-etienne/demandes/"),
        ("/demande/0190b1f0-7c5e-7abc-8def-0123456789ab/", "/demande/0190b1f0-7c5e-7abc-8def-0123456789ab/"),
    ],
)
def test_access_log_holds_no_token(chemin, ecrit):
    assert without_tokens(chemin) == ecrit


def test_a_web_process_is_ready_before_its_first_request():
    """Every page is loaded, and what lives as long as the process is out of the collector's way."""
    try:
        gunicorn_conf.post_worker_init(None)
        assert "maillon.site.urls" in sys.modules
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
