"""Keys: UUIDv7 made in Python, because encryption needs the key before the row exists."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A time-ordered UUIDv7."""
    return uuid7()
