"""The books of the journal: what the runtime role cannot do, and what a seal finds afterwards."""

import json
from datetime import timedelta

import psycopg
import pytest
from click.testing import CliRunner
from django.db import ProgrammingError, connection, transaction

from fabriques.droits import make_cpts
from maillon.socle import horloge
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.identifiants import new_id
from maillon.socle.journal import commands, conservation, sceaux
from maillon.socle.journal.models import Ecriture, Entree, Genre, Lecture, Sceau
from maillon.socle.journal.sceaux import seal, seal_all, verify
from maillon.socle.journal.services import record


def write_events(cpts, count: int) -> list[int]:
    return [record("essai.fait", cpts, by=SYSTEME, cpts_id=cpts.pk, rang=rang).pk for rang in range(count)]


def anomalies(cpts, genre: Genre = Genre.ENTREE) -> list[tuple[str, int | None]]:
    return [(found.nature, found.ligne_id) for found in verify(cpts_id=cpts.pk, genre=genre)]


@pytest.fixture
def cpts():
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        yield cpts


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Entree, Ecriture, Lecture, Sceau])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET cpts_id = cpts_id", "DELETE FROM {}", "TRUNCATE {}"],
    ids=["update", "delete", "truncate"],
)
def test_runtime_role_only_appends(cpts, model, statement) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # the control: reading is allowed
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_rows_are_sealed_one_run_later(cpts) -> None:
    """The first run sets a mark; what was written before the mark is sealed by the next one, once."""
    write_events(cpts, 3)
    assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 3
    assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 0
    write_events(cpts, 2)
    assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 0
    assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 2
    seals = Sceau.objects.filter(genre=Genre.ENTREE).order_by("numero")
    assert [len(sceau.lignes) for sceau in seals] == [0, 3, 0, 2]
    assert anomalies(cpts) == []


@pytest.mark.django_db
def test_quiet_book_gets_no_more_seals(cpts) -> None:
    for _ in range(3):
        seal_all(cpts_id=cpts.pk)
    assert Sceau.objects.filter(genre=Genre.LECTURE).count() == 1


@pytest.mark.django_db
def test_large_book_is_sealed_in_batches(cpts, monkeypatch) -> None:
    monkeypatch.setattr(sceaux, "LOT", 4)
    write_events(cpts, 10)
    assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 10
    assert [len(s.lignes) for s in Sceau.objects.order_by("numero")] == [0, 4, 4, 2]
    assert anomalies(cpts) == []


@pytest.mark.django_db
def test_communities_have_separate_chains(cpts) -> None:
    write_events(cpts, 2)
    other = make_cpts()
    with use_cpts(other.pk):
        write_events(other, 3)
        assert seal(cpts_id=other.pk, genre=Genre.ENTREE) == 3
    assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 2
    assert anomalies(cpts) == []


@pytest.fixture
def scelle(clone_base):
    """A community with nine sealed events, in a database with real commits, and the owner's hand."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        keys = write_events(cpts, 9)
    with use_cpts(cpts.pk):
        assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 9
    with psycopg.connect(clone_base.url_proprietaire, autocommit=True) as owner:
        yield cpts, keys, owner


def find(cpts) -> list[tuple[str, int | None]]:
    with use_cpts(cpts.pk):
        return anomalies(cpts)


@pytest.mark.parametrize(
    "change",
    [
        "acteur = 'autre'",
        "le = le + interval '1 microsecond'",
        "details = '{\"rang\": 99}'",
        "objet_id = gen_random_uuid()",
    ],
)
def test_altered_row_is_located(scelle, change) -> None:
    cpts, keys, owner = scelle
    assert find(cpts) == []  # the control
    owner.execute(f"UPDATE journal_entree SET {change} WHERE id = %s", [keys[4]])
    assert find(cpts) == [("modifiée", keys[4])]


def test_deleted_row_is_located(scelle) -> None:
    cpts, keys, owner = scelle
    owner.execute("DELETE FROM journal_entree WHERE id = %s", [keys[0]])
    assert find(cpts) == [("supprimée", keys[0])]


def test_row_added_afterwards_is_located(scelle) -> None:
    cpts, keys, owner = scelle
    owner.execute("DELETE FROM journal_entree WHERE id = %s", [keys[2]])
    owner.execute(
        "INSERT INTO journal_entree (id, cpts_id, le, acteur, evenement, objet_type, objet_id, details)"
        " OVERRIDING SYSTEM VALUE VALUES (%s, %s, now(), '', 'faux', '', %s, '{}')",
        [keys[2], cpts.pk, new_id()],
    )
    assert find(cpts) == [("modifiée", keys[2])]
    owner.execute("UPDATE journal_entree SET id = -1 WHERE id = %s", [keys[3]])
    assert ("supprimée", keys[3]) in find(cpts)


def test_seal_made_again_without_the_key_is_located(scelle) -> None:
    """The owner of the database alters the row and its digest too: the seal's own hash gives it away."""
    cpts, keys, owner = scelle
    owner.execute("UPDATE journal_entree SET acteur = 'autre' WHERE id = %s", [keys[4]])
    with use_cpts(cpts.pk):
        forged = b"".join(digest for _, _, digest in sceaux._digests(Genre.ENTREE, cpts.pk, 0, keys[-1], None))
    owner.execute("UPDATE journal_sceau SET empreintes = %s WHERE numero = 2", [forged])
    assert find(cpts) == [("le sceau a été modifié", None)]


def test_missing_seal_is_located(scelle) -> None:
    cpts, _, owner = scelle
    owner.execute("DELETE FROM journal_sceau WHERE numero = 1")
    assert find(cpts)[0] == ("un sceau manque avant celui-ci", None)


def test_open_transaction_delays_the_seal(clone_base) -> None:
    """A slow transaction took a low key and has not committed: nothing is sealed above it."""
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        seal(cpts_id=cpts.pk, genre=Genre.ENTREE)
    with psycopg.connect(clone_base.url) as slow:
        slow.execute("SELECT nextval(pg_get_serial_sequence('journal_entree', 'id'))")
        with use_cpts(cpts.pk):
            write_events(cpts, 2)
        for _ in range(2):
            with use_cpts(cpts.pk):
                assert seal(cpts_id=cpts.pk, genre=Genre.ENTREE) == 0
    sealed = 0
    for _ in range(2):
        with use_cpts(cpts.pk):
            sealed += seal(cpts_id=cpts.pk, genre=Genre.ENTREE)
    assert sealed == 2


def test_command_names_the_first_altered_row(scelle) -> None:
    cpts, keys, owner = scelle
    good = CliRunner().invoke(commands.verifier, ["--json"])
    assert good.exit_code == 0, good.output
    assert json.loads(good.stdout)["intact"] is True
    for key in (keys[5], keys[3]):
        owner.execute("UPDATE journal_entree SET evenement = 'autre' WHERE id = %s", [key])
    bad = CliRunner().invoke(commands.verifier, ["--json"])
    assert bad.exit_code == 1
    [report] = [book for book in json.loads(bad.stdout)["livres"] if book["anomalie"]]
    assert (report["cpts"], report["livre"], report["anomalie"]["ligne"]) == (cpts.slug, "entree", keys[3])
    text = CliRunner().invoke(commands.verifier, [])
    assert f"ligne {keys[3]} : modifiée" in text.stdout


def test_purge_keeps_the_chain(scelle, settings) -> None:
    cpts, _, _ = scelle
    settings.MAILLON_CONSERVATION_JOURNAL_MOIS = 12
    assert conservation.purge(dry_run=True)["entree"] == 0
    with horloge.at(horloge.now() + timedelta(days=400)):
        assert conservation.purge(dry_run=True)["entree"] == 9
        assert conservation.purge()["entree"] == 9
        assert conservation.purge()["entree"] == 0
    with use_cpts(cpts.pk):
        assert not Entree.objects.exists()
        assert anomalies(cpts) == []
