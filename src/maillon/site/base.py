"""Reads a database address, the only form in which Maillon takes its database."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def parse_database_url(url: str) -> dict[str, Any]:
    """`postgresql://role:password@host:port/base?option=…` as a Django database setting.

    A Unix socket is given as `postgresql://role:password@/base?host=/directory`.
    Raises ImproperlyConfigured, in French, for another scheme or a missing database name.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "L’adresse de la base doit ressembler à postgresql://role:motdepasse@hote:5432/base "
            "(PostgreSQL 15 ou plus récent)."
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "OPTIONS": query,
    }
