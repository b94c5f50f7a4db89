"""Sealing the journal in batches, and finding the first row that was touched afterwards.

The digest of a row is computed by PostgreSQL from its columns, so that sealing and verifying a million rows stay a
matter of seconds. The hash of a seal is keyed by the application's index key: whoever owns only the database can
alter rows and digests, but cannot make a seal that verifies.
"""

import base64
import hashlib
import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection

from maillon.socle.horloge import now

from .models import Ecriture, Entree, Genre, Lecture, LigneJournal, Sceau

LOT = 5000
TAILLE = 16
LIVRES: dict[Genre, type[LigneJournal]] = {Genre.ENTREE: Entree, Genre.ECRITURE: Ecriture, Genre.LECTURE: Lecture}
COMMUNES = ("id", "cpts_id", "le", "acteur", "compte_id")
PROPRES = {
    Genre.ENTREE: ("evenement", "objet_type", "objet_id", "details"),
    Genre.ECRITURE: ("table_nom", "ligne_id", "operation", "colonnes", "valeurs"),
    Genre.LECTURE: ("patient_id", "quoi", "pourquoi"),
}


@dataclass(frozen=True, slots=True)
class Anomalie:
    """What no longer agrees with a seal. `ligne_id` is the row, None when the seal itself is broken."""

    genre: Genre
    sceau: int
    nature: str
    ligne_id: int | None = None

    @property
    def phrase(self) -> str:
        book = Genre(self.genre).label
        if self.ligne_id is None:
            return f"Livre des {book}, sceau n° {self.sceau} : {self.nature}."
        return f"Livre des {book}, ligne {self.ligne_id} : {self.nature} (sceau n° {self.sceau})."


def _digests(
    genre: Genre, cpts_id: UUID, above: int, upto: int, limit: int | None
) -> list[tuple[int, datetime, bytes]]:
    """Key, date and digest of the rows of ]above, upto], by key."""
    columns = ", ".join(
        "(extract(epoch FROM le) * 1000000)::bigint" if name == "le" else name for name in COMMUNES + PROPRES[genre]
    )
    # Names of columns and of the table are constants of this module.
    query = (
        f"SELECT id, le, substring(sha256(convert_to(jsonb_build_array({columns})::text, 'UTF8')) FROM 1 FOR {TAILLE})"  # noqa: S608
        f" FROM {LIVRES[genre]._meta.db_table} WHERE cpts_id = %s AND id > %s AND id <= %s ORDER BY id LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [cpts_id, above, upto, limit])
        return [(key, le, bytes(digest)) for key, le, digest in cursor.fetchall()]


def _hash(sceau: Sceau) -> bytes:
    key = hmac.new(base64.b64decode(settings.MAILLON_CLE_INDEX), b"maillon|journal", hashlib.sha256).digest()
    head = f"{sceau.cpts_id}|{sceau.genre}|{sceau.numero}|{sceau.a_id}|{sceau.repere}|{len(sceau.lignes)}|"
    keys = struct.pack(f">{len(sceau.lignes)}q", *sceau.lignes)
    return hmac.new(
        key, bytes(sceau.precedent) + head.encode() + keys + bytes(sceau.empreintes), hashlib.sha256
    ).digest()


def _marker(genre: Genre) -> tuple[int, datetime]:
    """The highest key given so far, and the database's time."""
    table = LIVRES[genre]._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        sequence = cursor.fetchone()[0]
        cursor.execute(f"SELECT last_value, clock_timestamp() FROM {sequence}")  # noqa: S608
        value, moment = cursor.fetchone()
        return value, moment


def _is_settled(moment: datetime) -> bool:
    """Whether every transaction of the application that was open at `moment` has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND xact_start <= %s)",
            [moment],
        )
        return cursor.fetchone()[0]


def _append(last: Sceau | None, *, cpts_id: UUID, genre: Genre, rows: list[tuple[int, datetime, bytes]]) -> Sceau:
    full = last is not None and len(rows) == LOT
    repere, repere_le = (last.repere, last.repere_le) if full and last else _marker(genre)
    sceau = Sceau(
        cpts_id=cpts_id,
        genre=genre,
        numero=last.numero + 1 if last else 1,
        lignes=[key for key, _, _ in rows],
        empreintes=b"".join(digest for _, _, digest in rows),
        a_id=rows[-1][0] if full else last.repere if last else 0,
        repere=repere,
        repere_le=repere_le,
        derniere_le=max((le for _, le, _ in rows), default=None),
        precedent=last.empreinte if last else b"",
        scelle_le=now(),
    )
    sceau.empreinte = _hash(sceau)
    sceau.save(force_insert=True)
    return sceau


def seal(*, cpts_id: UUID, genre: Genre) -> int:
    """Seal what is final of one book of one community; returns the number of rows sealed.

    Rows written since the last run wait for the next one. Runs of two workers exclude each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sceau|{cpts_id}|{genre}"])
    last = Sceau.objects.filter(cpts_id=cpts_id, genre=genre).order_by("-numero").first()
    if last is None:
        last = _append(None, cpts_id=cpts_id, genre=genre, rows=[])
    sealed = 0
    while _is_settled(last.repere_le):
        rows = _digests(genre, cpts_id, last.a_id, last.repere, LOT)
        if not rows and not LIVRES[genre]._default_manager.filter(cpts_id=cpts_id, pk__gt=last.repere).exists():
            break
        last = _append(last, cpts_id=cpts_id, genre=genre, rows=rows)
        sealed += len(rows)
        if len(rows) < LOT:
            break
    return sealed


def seal_all(*, cpts_id: UUID) -> int:
    """Seal the three books of a community."""
    return sum(seal(cpts_id=cpts_id, genre=genre) for genre in Genre)


def verify(*, cpts_id: UUID, genre: Genre) -> Iterator[Anomalie]:
    """Every disagreement between the rows and their seals, in order; nothing when the book is intact."""
    previous: Sceau | None = None
    for sceau in Sceau.objects.filter(cpts_id=cpts_id, genre=genre).order_by("numero").iterator(chunk_size=20):
        yield from _verify_seal(sceau, previous)
        yield from _verify_rows(sceau, previous.a_id if previous else 0)
        previous = sceau


def _verify_seal(sceau: Sceau, previous: Sceau | None) -> Iterator[Anomalie]:
    genre = Genre(sceau.genre)
    if sceau.numero != (previous.numero + 1 if previous else 1):
        yield Anomalie(genre, sceau.numero, "un sceau manque avant celui-ci")
    elif bytes(sceau.precedent) != (bytes(previous.empreinte) if previous else b""):
        yield Anomalie(genre, sceau.numero, "la chaîne est rompue avant ce sceau")
    if not hmac.compare_digest(_hash(sceau), bytes(sceau.empreinte)):
        yield Anomalie(genre, sceau.numero, "le sceau a été modifié")


def _verify_rows(sceau: Sceau, above: int) -> Iterator[Anomalie]:
    genre = Genre(sceau.genre)
    found = {key: digest for key, _, digest in _digests(genre, sceau.cpts_id, above, sceau.a_id, None)}
    digests = bytes(sceau.empreintes)
    expected = {
        key: digests[place * TAILLE : (place + 1) * TAILLE]
        for place, key in enumerate([] if sceau.purge_le else sceau.lignes)
    }
    for key in sorted(expected.keys() | found.keys()):
        if key not in found:
            yield Anomalie(genre, sceau.numero, "supprimée", key)
        elif key not in expected:
            yield Anomalie(genre, sceau.numero, "ajoutée après coup", key)
        elif found[key] != expected[key]:
            yield Anomalie(genre, sceau.numero, "modifiée", key)
