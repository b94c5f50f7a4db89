"""One conversation with the platform of the SAS: a request, its deadline, and what is known of it afterwards."""

import http.client
import json
import ssl
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from .fhir.codes import TYPE_MIME
from .fhir.ecriture import dump

REPONSE_MAX = 65_536
LOCAUX = ("localhost", "127.0.0.1", "::1")


class EnvoiSansReponse(Exception):
    """The request may have arrived: nobody knows."""


class EnvoiImpossible(Exception):
    """The request did not leave: it may be tried again without fear."""


@dataclass(frozen=True, slots=True)
class Reponse:
    """The status, and the sentence of the OperationOutcome when there is one."""

    status: int
    texte: str


@lru_cache(maxsize=4)
def _make_contexte(certificat: str, cle: str, autorite: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=autorite or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificat:
        context.load_cert_chain(certificat, cle or None)
    return context


def _connect() -> tuple[http.client.HTTPConnection, str]:
    url = urlsplit(settings.MAILLON_SAS_URL)
    host, delai = url.hostname or "", settings.MAILLON_SAS_DELAI_S
    if url.scheme == "https":
        contexte = _make_contexte(
            settings.MAILLON_SAS_CERTIFICAT, settings.MAILLON_SAS_CLE, settings.MAILLON_SAS_AUTORITE
        )
        return http.client.HTTPSConnection(host, url.port, timeout=delai, context=contexte), url.path
    if url.scheme == "http" and host in LOCAUX:
        return http.client.HTTPConnection(host, url.port, timeout=delai), url.path
    raise EnvoiImpossible("MAILLON_SAS_URL doit commencer par https://")


def send_appointment(resource: dict[str, Any], *, identifiant: str, connu: bool) -> Reponse:
    """POST a booking, or PUT one that the platform knows or may know.

    Raises EnvoiImpossible before anything left, EnvoiSansReponse afterwards.
    """
    connection, path = _connect()
    try:
        connection.connect()
    except (OSError, ValueError, http.client.HTTPException) as error:
        connection.close()
        raise EnvoiImpossible(f"connexion impossible ({type(error).__name__})") from error
    method, target = ("PUT", f"{path}/Appointment?Identifier={quote(identifiant)}") if connu else (
        "POST", f"{path}/Appointment")  # fmt: skip
    body = dump(resource).encode()
    # Each step has its deadline; this one ends a conversation that a server would feed byte by byte.
    guard = threading.Timer(2 * settings.MAILLON_SAS_DELAI_S, _hang_up, [connection])
    guard.daemon = True
    guard.start()
    try:
        connection.request(method, target, body, {"Content-Type": TYPE_MIME, "Accept": "application/json+fhir"})
        answer = connection.getresponse()
        return Reponse(answer.status, _read_outcome(answer.read(REPONSE_MAX)))
    except (OSError, http.client.HTTPException) as error:
        why = "le délai est passé" if isinstance(error, TimeoutError) else "la conversation a été coupée"
        raise EnvoiSansReponse(f"pas de réponse\u00a0: {why}") from error
    finally:
        guard.cancel()
        connection.close()


def _hang_up(connection: http.client.HTTPConnection) -> None:
    if connection.sock is not None:
        try:
            connection.sock.shutdown(2)
        except OSError:
            return


def _read_outcome(body: bytes) -> str:
    """What an OperationOutcome says, in 200 characters."""
    try:
        issue = json.loads(body)["issue"][0]
        text = issue.get("diagnostics") or issue.get("details", {}).get("text") or issue.get("code", "")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return ""
    return "".join(c for c in str(text) if c.isprintable())[:200]
