"""The embedded PostgreSQL: started by the first, shared, stopped by the last, and nothing left after a kill -9."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

import maillon
from maillon.site import secrets_locaux, verrous
from maillon.site.grappe import EXECUTION, PROPRIETAIRE, Grappe
from maillon.site.pannes import Empechement


@pytest.fixture(scope="module")
def grappe():
    # Not pytest's own directory: as root, the server's user could not traverse it.
    with tempfile.TemporaryDirectory(prefix="maillon-essai-") as dossier:
        Path(dossier).chmod(0o711)
        yield Grappe(Path(dossier), essais=True)


def _wait_stopped(grappe):
    """The guardian holds its lock until PostgreSQL has stopped."""
    os.close(verrous.take(grappe.gardien))
    assert grappe._postmaster() is None


def _query(grappe, requete, role=EXECUTION):
    with psycopg.connect(grappe.url(role)) as connexion:
        return connexion.execute(requete).fetchone()


def test_last_one_out_stops_the_server(grappe):
    premier = grappe.join()
    second = Grappe(grappe.racine, essais=True).join()
    premier.leave()
    assert _query(grappe, "SELECT current_user") == (EXECUTION,)
    second.leave()
    assert grappe._postmaster() is None
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(grappe.url())


def test_roles_are_without_privilege(grappe):
    with grappe.join():
        for role, createdb in ((EXECUTION, False), (PROPRIETAIRE, True)):  # tests' cluster: the owner clones
            ligne = _query(
                grappe,
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user",
                role,
            )
            assert ligne == (False, False, False, createdb)
        assert _query(grappe, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()") == (
            PROPRIETAIRE,
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _query(grappe, "CREATE TABLE t ()")


def test_files_are_private_and_no_network_address_is_listened_to(grappe):
    with grappe.join():
        assert _query(grappe, "SHOW listen_addresses") == ("",)
        assert _query(grappe, "SHOW data_checksums") == ("on",)
        for path, mode in ((grappe.pgdata, 0o700), (grappe.prise, 0o700), (grappe.racine / "secrets.json", 0o600)):
            assert stat.S_IMODE(path.stat().st_mode) == mode
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(grappe.url().replace(grappe.secrets["execution"], "faux"))


def _occupant(grappe):
    code = (
        "import sys, time; from pathlib import Path; from maillon.site.grappe import Grappe\n"
        "occupation = Grappe(Path(sys.argv[1]), essais=True).join(); print('dedans', flush=True); sys.stdin.read()"
    )
    processus = subprocess.Popen(
        [sys.executable, "-c", code, str(grappe.racine)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(maillon.__file__).parents[1])},
    )
    assert processus.stdout.readline() == "dedans\n"
    return processus


def test_nothing_is_left_when_the_only_occupant_is_killed(grappe):
    with _occupant(grappe) as occupant:
        occupant.kill()
    _wait_stopped(grappe)


def test_a_killed_guardian_takes_the_server_along_and_the_next_one_starts_afresh(grappe):
    with _occupant(grappe) as occupant:
        os.kill(int(grappe.gardien.read_text()), signal.SIGKILL)
        os.close(verrous.take(grappe.gardien))
        with grappe.join():
            assert _query(grappe, "SELECT 1") == (1,)
        occupant.kill()
    _wait_stopped(grappe)


def test_a_killed_server_is_started_again_under_its_occupants(grappe):
    with grappe.join():
        avant = grappe._postmaster()
        os.kill(avant, signal.SIGKILL)
        for _ in range(3000):
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(grappe.url(), connect_timeout=2):
                break
        assert grappe._postmaster() not in (avant, None)


def test_a_stale_pid_file_of_another_process_is_ignored(grappe):
    temoin = grappe.pgdata / "postmaster.pid"
    temoin.write_text(f"{os.getpid()}\n{grappe.pgdata}\n0\n5432\n{grappe.prise}\n\n0 0\nready\n")
    with grappe.join():
        assert _query(grappe, "SELECT 1") == (1,)


def test_lost_secrets_are_not_replaced_beside_an_existing_database(tmp_path):
    (tmp_path / "pgdata").mkdir()
    with pytest.raises(Empechement, match=r"secrets\.json a disparu"):
        secrets_locaux.load_secrets(tmp_path)


def test_secrets_are_generated_once_and_read_by_their_owner_alone(tmp_path):
    premiers = secrets_locaux.load_secrets(tmp_path)
    assert secrets_locaux.load_secrets(tmp_path) == premiers
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_a_long_path_gets_a_short_socket(tmp_path):
    profond = tmp_path / ("d" * 100)
    assert len(str(Grappe(profond).prise)) < 60
    assert Grappe(profond).prise == Grappe(profond).prise
    assert Grappe(tmp_path / "autre" / ("d" * 100)).prise != Grappe(profond).prise


def test_a_socket_directory_prepared_by_someone_else_is_refused(tmp_path):
    (tmp_path / "vrai").mkdir()
    (tmp_path / "lien").symlink_to(tmp_path / "vrai")
    with pytest.raises(Empechement, match="appartient à un autre compte"):
        Grappe(tmp_path).make_private(tmp_path / "lien")
