"""Who calls: the service whose certificate the operator has allowed, as the reverse proxy verified it.

The proxy speaks TLS and checks the chain, the dates and the revocation list. It says so by headers that count only when
it is one of the operator's addresses and knows the secret; the name is read from the certificate itself, never from a
text that somebody else wrote. Without configuration nobody comes in.
"""

import hmac
import logging
from functools import lru_cache
from ipaddress import ip_address, ip_network
from urllib.parse import unquote_to_bytes

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from maillon.socle.base_absente import REESSAYER_S, is_base_absente
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.permissions import Machine

from .fhir.codes import TYPE_MIME
from .fhir.refus import RequeteRefusee, render_outcome

logger = logging.getLogger(__name__)

SAS = Acteur(genre=Genre.MACHINE, nom="Plateforme du SAS")
FERMEE = "Accès refusé : le certificat de l’appelant n’est pas connu de ce service."


def answer(body: str, *, status: int = 200) -> HttpResponse:
    """A FHIR resource as JSON, whatever the caller says that it accepts."""
    return HttpResponse(body, content_type=TYPE_MIME, status=status)


def refuse(message: str, *, status: int, code: str) -> HttpResponse:
    return answer(render_outcome(message, code=code), status=status)


def identifie(request: HttpRequest) -> Acteur | HttpResponse:
    """The actor of a call from the SAS; a refusal that does not say what was wrong, which the log does."""
    reason = _find_reason(request)
    if not reason:
        return SAS
    logger.warning("FHIR call refused: %s", reason)
    return refuse(FERMEE, status=403, code="forbidden")


def _find_reason(request: HttpRequest) -> str:
    """Why this caller stays out; empty for one who comes in."""
    if len(settings.MAILLON_SAS_SECRET) < 32 or not settings.MAILLON_SAS_CN or not settings.MAILLON_SAS_OU:
        return "not configured"
    if not _is_proxy(request.META.get("REMOTE_ADDR", "")):
        return "not one of the proxies"
    given = request.headers.get("X-Maillon-Proxy", "")
    if not hmac.compare_digest(given.encode(), settings.MAILLON_SAS_SECRET.encode()):
        return "the proxy does not know the secret"
    if request.headers.get("X-SSL-Client-Verify") != "SUCCESS":
        return "no verified certificate"
    names = _read_names(request.headers.get("X-SSL-Client-Cert", ""))
    if names is None:
        return "unreadable certificate"
    common, units = names
    if common not in settings.MAILLON_SAS_CN or not units & set(settings.MAILLON_SAS_OU):
        return "name not allowed"
    return ""


def _is_proxy(address: str) -> bool:
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(allowed, strict=False) for allowed in settings.MAILLON_SAS_PROXYS)


@lru_cache(maxsize=64)
def _read_names(escaped: str) -> tuple[str, frozenset[str]] | None:
    """Common name and organisational units of a certificate (PEM, escaped for a header); None when it has not exactly
    one common name, or is no certificate."""
    try:
        subject = x509.load_pem_x509_certificate(unquote_to_bytes(escaped)).subject
    except ValueError:
        return None
    common = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    units = subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return (str(common[0].value), frozenset(str(unit.value) for unit in units)) if len(common) == 1 else None


def echoue(request: HttpRequest, error: Exception) -> HttpResponse:
    """An error of a view, once its transaction is undone."""
    if isinstance(error, RequeteRefusee):
        return refuse(str(error), status=error.status, code=error.code)
    if isinstance(error, Http404):
        return refuse("Cette ressource n’existe pas ici.", status=404, code="not-found")
    if is_base_absente(error):
        logger.warning("FHIR call unanswered: the database is away (%s)", type(error).__name__)
        answered = refuse("Le service redémarre. Recommencez dans quelques secondes.", status=503, code="transient")
        answered["Retry-After"] = str(REESSAYER_S)
        return answered
    logger.error("FHIR call failed: %s", type(error).__name__, exc_info=error)
    return refuse("Le service n’a pas pu répondre. Recommencez dans une minute.", status=500, code="exception")


PLATEFORME_SAS = Machine(identifie, echoue)
