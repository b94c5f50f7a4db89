"""The mailbox of an MSSanté account, read for its reports of delivery: nothing in it is marked nor deleted."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from .adresses import check_hote

# A report carries headers and a few lines; anything larger is somebody's mail and is left unread.
TAILLE_MAX = 256 * 1024
LOT = 200


class BoiteInjoignable(Exception):
    """Why the mailbox could not be read, in French."""


@dataclass(frozen=True, slots=True)
class Acces:
    """Where a mailbox is and who opens it; `apres` is the last message read under `uidvalidity`."""

    hote: str
    port: int
    identifiant: str
    mot_de_passe: str
    uidvalidity: int = 0
    apres: int = 0


@dataclass(frozen=True, slots=True)
class Releve:
    """What was read: the mails that may be reports, and how far."""

    mails: tuple[bytes, ...]
    uidvalidity: int
    dernier: int


def read_mailbox(acces: Acces) -> Releve:
    """The new mails of the inbox, at most LOT, by TLS with a verified certificate. Raises BoiteInjoignable."""
    try:
        with _open(acces) as client:
            return _read(client, acces)
    except ssl.SSLError as error:
        raise BoiteInjoignable("la connexion chiffrée au serveur de réception a échoué") from error
    except imaplib.IMAP4.error as error:
        raise BoiteInjoignable("le serveur de réception refuse l’identifiant, le mot de passe ou la boîte") from error
    except (OSError, ValueError) as error:
        raise BoiteInjoignable("le serveur de réception est injoignable") from error


@contextmanager
def _open(acces: Acces) -> Iterator[imaplib.IMAP4_SSL]:
    hote = check_hote(acces.hote)
    contexte, delai = ssl.create_default_context(), settings.MAILLON_SMTP_DELAI_S
    with imaplib.IMAP4_SSL(hote, acces.port, ssl_context=contexte, timeout=delai) as client:
        client.login(acces.identifiant, acces.mot_de_passe)
        yield client


def _read(client: imaplib.IMAP4_SSL, acces: Acces) -> Releve:
    state, _ = client.select("INBOX", readonly=True)
    if state != "OK":
        raise imaplib.IMAP4.error("INBOX")
    validity = _number(client.response("UIDVALIDITY")[1])
    after = acces.apres if validity == acces.uidvalidity else 0
    _, found = client.uid("SEARCH", "UID", f"{after + 1}:*")
    uids = sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > after)[:LOT]
    mails = [mail for uid in uids if (mail := _fetch(client, uid)) is not None]
    return Releve(tuple(mails), validity, uids[-1] if uids else after)


def _fetch(client: imaplib.IMAP4_SSL, uid: int) -> bytes | None:
    """One mail, unless it is too large to be a report."""
    _, sizes = client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in sizes if isinstance(part, bytes)))
    if size is None or int(size[1]) > TAILLE_MAX:
        return None
    _, parts = client.uid("FETCH", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _number(values: list[bytes | None]) -> int:
    return int(values[0]) if values and values[0] else 0
