"""Keys: UUIDv7 made in Python, because encryption needs the key before the row exists."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A time-ordered UUIDv7."""
    return uuid7()


def reference_of(key: object, prefix: str = "") -> str:
    """`P1A2B3C4D`: how an object is named where its identity must not be. Empty without a key.

    The end of a UUIDv7 is random; its beginning is a date.
    """
    if key is None:
        return ""
    return prefix + str(key)[-8:].upper()
