"""Whether an error says that the database is away: refused, restarting, its connection lost. What it answers while it
is there (a deadlock, a statement that took too long) is something else."""

from collections.abc import Iterator
from traceback import walk_tb

import psycopg
from django.db import Error, connection, transaction

# Seconds after which whoever asked may ask again.
REESSAYER_S = 5
# Shut down by its operator or by a crash, starting, too many connections; class 08 is the connection itself.
_ABSENTE = ("57P01", "57P02", "57P03", "53300")


def is_base_absente(error: BaseException) -> bool:
    """Whether this error, in the thread where it arose, is that of a database that cannot be reached."""
    return any(_is_away(one) for one in _causes(error) if isinstance(one, psycopg.OperationalError))


def _is_away(error: psycopg.OperationalError) -> bool:
    if error.sqlstate is not None:
        return error.sqlstate in _ABSENTE or error.sqlstate.startswith("08")
    # Said by the driver: either there is no connection left, or it would not send the statement.
    return connection.connection is None or connection.connection.closed


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from. What was raised while another was being dealt with is an error of its
    own, unless the database raised both."""
    while error is not None:
        yield error
        same = isinstance(error, Error | psycopg.Error) and not error.__suppress_context__
        error = error.__cause__ or (error.__context__ if same else None)


def was_committing(error: BaseException) -> bool:
    """Whether it arose while a transaction was being committed: nobody knows then whether it was."""
    return any(frame.f_code is transaction.Atomic.__exit__.__code__ for frame, _ in walk_tb(error.__traceback__))
