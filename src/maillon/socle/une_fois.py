"""A row written once, whoever writes it first."""

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault


def insert_once(row: Model) -> bool:
    """Insert this row unless a unique constraint says that it is there already; whether it was inserted. One statement,
    whose refusal ends no transaction."""
    kept = [
        field
        for field in row._meta.local_concrete_fields
        if not field.generated and not isinstance(getattr(row, field.attname), DatabaseDefault)
    ]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in kept]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in kept)
    marks = ", ".join(["%s"] * len(kept))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(row._meta.db_table)} ({columns}) VALUES ({marks}) ON CONFLICT DO NOTHING",  # noqa: S608
            values,
        )
        inserted = cursor.rowcount == 1
    if inserted:
        row._state.adding, row._state.db = False, connection.alias
    return inserted
