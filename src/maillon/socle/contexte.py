"""Who acts in which community: the transaction's settings that row level security reads.

`use_cpts` is the only door to a tenant's rows. Outside of it every policy compares with NULL and no row is seen.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection, transaction
from psycopg.pq import TransactionStatus


@dataclass(frozen=True, slots=True)
class Contexte:
    cpts_id: UUID | None = None
    compte_id: UUID | None = None
    acteur: str = ""
    cpts_lues: frozenset[UUID] = frozenset()
    cpts_regulees: frozenset[UUID] = frozenset()


_courant: ContextVar[Contexte | None] = ContextVar("maillon_contexte", default=None)


def get_contexte() -> Contexte:
    """The tenant and actor of the transaction under way; empty outside of one."""
    return _courant.get() or Contexte()


def _apply(contexte: Contexte) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('maillon.cpts_id', %s, true), set_config('maillon.compte_id', %s, true),"
            " set_config('maillon.acteur', %s, true), set_config('maillon.cpts_lues', %s, true),"
            " set_config('maillon.cpts_regulees', %s, true)",
            [
                str(contexte.cpts_id or ""),
                str(contexte.compte_id or ""),
                contexte.acteur,
                ",".join(sorted(str(cpts_id) for cpts_id in contexte.cpts_lues)),
                ",".join(sorted(str(cpts_id) for cpts_id in contexte.cpts_regulees)),
            ],
        )


@contextmanager
def use_contexte(contexte: Contexte) -> Iterator[None]:
    """One transaction whose settings name the tenant and the actor; nested uses restore the outer one.

    The settings are local to the transaction: a connection given back to the pool never keeps a tenant.
    """
    nested = connection.in_atomic_block
    previous = get_contexte()
    with transaction.atomic():
        token = _courant.set(contexte)
        if nested or contexte != Contexte():  # a transaction that begins names nobody yet
            _apply(contexte)
        try:
            yield
        finally:
            _courant.reset(token)
        if nested:  # on error, the savepoint's rollback restores the settings together with the rows
            _apply(previous)


def switch_contexte(contexte: Contexte) -> None:
    """Change who acts inside the transaction that `use_contexte` opened, until it ends."""
    _courant.set(contexte)
    _apply(contexte)


@contextmanager
def use_acteur(*, acteur: str, compte_id: UUID | None) -> Iterator[None]:
    """Somebody else acts for a moment, in the same community and transaction, without a savepoint: a statement that
    fails inside ends the transaction, or the savepoint of whoever goes on."""
    previous = get_contexte()
    if not connection.in_atomic_block:
        with use_contexte(replace(previous, acteur=acteur, compte_id=compte_id)):
            yield
        return
    switch_contexte(replace(previous, acteur=acteur, compte_id=compte_id))
    try:
        yield
    finally:
        _courant.set(previous)
        if connection.connection.info.transaction_status is TransactionStatus.INTRANS:
            _apply(previous)


@contextmanager
def use_cpts(cpts_id: UUID, *, acteur: str = "systeme", compte_id: UUID | None = None) -> Iterator[None]:
    """Work inside one community, as a job, a command or a test does."""
    with use_contexte(Contexte(cpts_id=cpts_id, compte_id=compte_id, acteur=acteur)):
        yield


@contextmanager
def read_cpts(cpts_ids: Iterable[UUID], *, acteur: str, compte_id: UUID | None = None) -> Iterator[None]:
    """Read the published figures (`Releve`) of several communities, as CPAM and ARS agents do."""
    with use_contexte(Contexte(cpts_lues=frozenset(cpts_ids), acteur=acteur, compte_id=compte_id)):
        yield


@contextmanager
def act_in(cpts_id: UUID) -> Iterator[None]:
    """Inside one community of those that the actor under way reads or regulates: an agent of the CPAM or the ARS gives
    an opinion there, or opens a document that was sent to them; a regulator gives a slot. The journal keeps the agent
    as author.

    Raises PermissionError for a community outside the actor's territory.
    """
    contexte = get_contexte()
    if cpts_id not in contexte.cpts_lues | contexte.cpts_regulees:
        raise PermissionError(f"{contexte.acteur} ne lit pas la communauté {cpts_id}")
    with use_contexte(replace(contexte, cpts_id=cpts_id)):
        yield
