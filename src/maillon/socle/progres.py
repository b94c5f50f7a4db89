"""How far a transaction under way has come, seen from outside before it commits.

The one thing that a transaction shows of itself is its line in `pg_stat_activity`: the job writes its count in the
name of its session, and the page reads it there. Nothing to clean: the name goes with the transaction.
"""

from uuid import UUID

from django.db import connection

PAS = 50


def show_progres(cle: UUID, fait: int, total: int) -> None:
    """Say that `fait` rows of `total` are done, every PAS rows."""
    if fait % PAS == 0 or fait == total:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, true)", [f"travail {cle.hex} {fait}/{total}"])


def read_progres(cle: UUID) -> tuple[int, int] | None:
    """Rows done and total of the transaction at work under this key; None when none has begun."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE %s LIMIT 1",
            [f"travail {cle.hex} %"],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    fait, total = row[0].rsplit(" ", 1)[1].split("/")
    return int(fait), int(total)
