"""Reads a database address, the only form in which Maillon takes its database."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# A server that vanishes says nothing: a connection is given up after five seconds, and one that was open after fifteen,
# instead of the minutes of the system. The address may say otherwise; a Unix socket ignores the last four.
PATIENCE = {
    "connect_timeout": "5",
    "tcp_user_timeout": "15000",
    "keepalives_idle": "30",
    "keepalives_interval": "5",
    "keepalives_count": "3",
}


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
        "OPTIONS": PATIENCE | query,
    }
