"""Reads the address of the mail server, the only form in which Maillon takes it."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtps": 465, "starttls": 587}


@dataclass(frozen=True, slots=True)
class ServeurSmtp:
    """`mode` is one of smtp (clear), starttls (TLS after greeting, required), smtps (TLS from the first byte)."""

    mode: str
    hote: str
    port: int
    utilisateur: str = ""
    mot_de_passe: str = ""


def parse_smtp_url(url: str) -> ServeurSmtp | None:
    """`smtps://user:password@host:port` (or `starttls://`, `smtp://`); None when empty.

    Characters that an address reserves (`@ : /`) are percent-encoded in the password.
    Raises ImproperlyConfigured, in French, for another scheme, a missing host or an impossible port.
    """
    if not url:
        return None
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in PORTS or not parts.hostname or port == -1:
        raise ImproperlyConfigured(
            "MAILLON_SMTP_URL doit ressembler à smtps://utilisateur:motdepasse@serveur:465 "
            "(ou starttls://…:587, ou smtp://…:25 pour un relais local)."
        )
    return ServeurSmtp(
        mode=parts.scheme,
        hote=parts.hostname,
        port=port or PORTS[parts.scheme],
        utilisateur=unquote(parts.username or ""),
        mot_de_passe=unquote(parts.password or ""),
    )
