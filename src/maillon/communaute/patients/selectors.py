"""Reading patients. What identifies is read here only, and each reading leaves its trace in the same transaction."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from maillon.socle.contexte import get_contexte, use_acteur
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import today

from .identites import IdentiteLue, parse_recherche, unseal
from .models import CHAMPS_IDENTITE, Patient, RelationSoin
from .permissions import LIRE

__all__ = ["IdentiteLue", "has_relation", "match_patients", "read_identites", "search_patients"]


@contextmanager
def _as_actor(by: Acteur) -> Iterator[None]:
    """The trace of a search names the transaction's actor: make it the one who asks."""
    contexte = get_contexte()
    if (contexte.acteur, contexte.compte_id) == (by.etiquette, by.compte_id):
        yield
        return
    with use_acteur(acteur=by.etiquette, compte_id=by.compte_id):
        yield


def read_identites(patient_ids: Iterable[UUID], *, quoi: str, pourquoi: str, by: Acteur) -> dict[UUID, IdentiteLue]:
    """The identities of these patients that `by` may read, by patient; the others are absent.

    `quoi` (≤ 40 characters) and `pourquoi` (≤ 80) are codes kept in the trace: "identite", "appel du patient".
    One trace a patient is written in this transaction. Constant queries whatever the number of patients.
    Raises ValeurIllisible when a column was altered; ProgrammingError (refused by the database) outside a community.
    """
    visible = list(patient_ids)
    if by.genre is not Genre.SYSTEME:  # for whom the function of the database leaves out who opposed or was erased
        visible = list(Patient.objects.visible_to(by).filter(pk__in=visible).values_list("pk", flat=True))
    if not visible:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM maillon_lire_identites(%s, %s, %s, %s, %s)",
            [visible, quoi, pourquoi, by.etiquette, by.compte_id],
        )
        columns = [column.name for column in cursor.description]
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    cpts_id = get_contexte().cpts_id
    assert cpts_id is not None
    return {
        row["patient_id"]: unseal(
            {name: row[name] for name in CHAMPS_IDENTITE},
            cpts_id=cpts_id,
            row_id=row["identite_id"],
            patient_id=row["patient_id"],
        )
        for row in rows
    }


def search_patients(
    texte: str, *, pourquoi: str, by: Acteur, limite: int = 50, parmi: QuerySet[Any] | None = None
) -> list[UUID]:
    """The patients found by a typed text, the most recent first; each hit leaves a trace.

    Words match whole, or by their first three letters when only three are typed or when nothing matches whole;
    a birth date is typed jj/mm/aaaa, a telephone number in full. All that is typed must match. A professional finds
    only patients with whom a care relation is in force. An empty or unusable text finds nothing.

    `parmi` is one column of keys of patients: for whoever reads them all, the search is made among these alone, so that
    the limit leaves none of them out and no other patient has a trace.
    """
    cpts_id = get_contexte().cpts_id
    if cpts_id is None or by.cpts_id not in (cpts_id, None):
        return []
    soignant = None if by.can(LIRE) else by.rpps or ""
    if soignant == "":
        return []
    recherche = parse_recherche(texte, cpts_id=cpts_id)
    exact, wide = recherche.exact(cpts_id), recherche.wide(cpts_id)
    found = _search(exact, pourquoi=pourquoi, by=by, limite=limite, soignant=soignant, parmi=parmi)
    if not found and wide != exact:
        found = _search(wide, pourquoi=pourquoi, by=by, limite=limite, soignant=soignant, parmi=parmi)
    return found


def _search(
    empreintes: list[bytes],
    *,
    pourquoi: str,
    by: Acteur,
    limite: int,
    soignant: str | None,
    parmi: QuerySet[Any] | None,
) -> list[UUID]:
    if not empreintes:
        return []
    liste, parametres = "NULL", ()
    if parmi is not None:
        sql, parametres = parmi.order_by().query.sql_with_params()
        liste = f"ARRAY({sql})"
    with _as_actor(by), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM maillon_chercher_patients(%s, %s, %s, %s, %s, {liste})",  # noqa: S608 (compiled by Django)
            [empreintes, pourquoi, limite, soignant, today(), *parametres],
        )
        return [patient_id for (patient_id,) in cursor.fetchall()]


def match_patients(cherches: Mapping[int, Sequence[bytes]], *, pourquoi: str, by: Acteur) -> dict[int, list[UUID]]:
    """For each row of a list, the patients of the community who bear all its fingerprints; each hit leaves a trace.

    One query for all the rows. Raises ProgrammingError (refused by the database) outside a community.
    """
    pairs = [(rang, empreinte) for rang, empreintes in cherches.items() for empreinte in empreintes]
    if not pairs or not by.can(LIRE):
        return {}
    found: dict[int, list[UUID]] = {}
    with _as_actor(by), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM maillon_chercher_doublons(%s, %s, %s)",
            [[rang for rang, _ in pairs], [empreinte for _, empreinte in pairs], pourquoi],
        )
        for rang, patient_id in cursor.fetchall():
            found.setdefault(rang, []).append(patient_id)
    return found


def has_relation(patient: Patient, rpps: str) -> bool:
    """Whether this professional takes part in the care of this patient today."""
    return RelationSoin.objects.in_force().filter(patient=patient, rpps=rpps).exists()
