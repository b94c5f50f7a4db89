"""Asking an address that a person gave, without letting it reach what only this machine may reach.

The name is resolved once, every address found must be public, and the connection goes to that very address: a name
that changes its mind between the check and the connection changes nothing. Redirections are followed by the same rules.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from .erreurs import AgendaIllisible

TAILLE_MAX = 2 * 1024 * 1024
DELAI_CONNEXION = 5.0
DELAI_TOTAL = 15.0
REDIRECTIONS_MAX = 3
BLOC = 64 * 1024
LENT = "Le serveur est trop lent. Maillon réessaiera."
PORTS = frozenset({443, 8443})
# Addresses that carry another one: NAT64, 6to4, Teredo.
PASSERELLES = tuple(
    ipaddress.ip_network(reseau) for reseau in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


@dataclass(frozen=True, slots=True)
class Reponse:
    statut: int
    entetes: Mapping[str, str]
    corps: bytes


@dataclass(frozen=True, slots=True)
class Cible:
    """Where to connect: the name for TLS and the `Host` header, the address already checked."""

    url: SplitResult
    hote: str
    port: int
    adresse: str

    @property
    def chemin(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")

    @property
    def origine(self) -> tuple[str, str, int]:
        return self.url.scheme, self.hote, self.port


def fetch(
    url: str, *, methode: str = "GET", corps: bytes = b"", entetes: Mapping[str, str] | None = None, local: bool = False
) -> Reponse:
    """The answer of this address, 2 Mo at most, within fifteen seconds, three redirections at most.

    `local` allows HTTP and this machine, for tests. Raises AgendaIllisible. `Authorization` is not sent to another
    origin than the first.
    """
    limite = time.monotonic() + DELAI_TOTAL
    envoyes = {"User-Agent": "Maillon", "Accept-Encoding": "identity", **(entetes or {})}
    premiere = cible = find_cible(url, local=local)
    for _ in range(REDIRECTIONS_MAX + 1):
        if cible.origine != premiere.origine:
            envoyes.pop("Authorization", None)
        reponse = _ask(cible, methode, corps, envoyes, limite)
        if reponse.statut not in (301, 302, 303, 307, 308):
            return reponse
        suite = urljoin(cible.url.geturl(), reponse.entetes.get("location", ""))
        cible = find_cible(suite, local=local)
    raise AgendaIllisible("Cette adresse renvoie sans fin vers une autre. Vérifiez-la auprès de votre logiciel.")


def find_cible(url: str, *, local: bool = False) -> Cible:
    """The public address behind a URL. Raises AgendaIllisible for anything else."""
    parties = split_url(url, local=local)
    hote = parties.hostname or ""
    port = parties.port or (443 if parties.scheme == "https" else 80)
    try:
        trouvees = socket.getaddrinfo(hote, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AgendaIllisible(f"Le serveur «\u00a0{hote}\u00a0» est introuvable. Vérifiez l’adresse.") from None
    adresses = [str(trouvee[4][0]) for trouvee in trouvees]
    if not adresses or not (local or all(is_public(adresse) for adresse in adresses)):
        raise AgendaIllisible(f"«\u00a0{hote}\u00a0» n’est pas un serveur public\u00a0: Maillon ne s’y connecte pas.")
    return Cible(parties, hote, port, adresses[0])


def split_url(url: str, *, local: bool = False) -> SplitResult:
    """A URL that may be asked: `https` (or `webcal`, the same), no password in it. Raises AgendaIllisible."""
    refus = AgendaIllisible(
        "Donnez une adresse qui commence par https:// ou webcal://, telle que votre agenda la montre."
    )
    if len(url) > 2000 or any(ord(signe) <= 32 or ord(signe) > 126 for signe in url):
        raise refus
    try:
        parties = urlsplit(url)
        port = parties.port
    except ValueError:
        raise refus from None
    if parties.scheme in ("webcal", "webcals"):
        parties = parties._replace(scheme="https")
    if parties.scheme not in ("https", *(["http"] if local else [])) or not parties.hostname or "@" in parties.netloc:
        raise refus
    if not local and (port or 443) not in PORTS:
        raise AgendaIllisible(
            "Cette adresse demande un port inhabituel\u00a0: Maillon ne lit que les ports 443 et 8443."
        )
    return parties


def is_public(adresse: str) -> bool:
    """Whether an address is on the public Internet, and is not another one in disguise."""
    ip = ipaddress.ip_address(adresse.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if any(ip in reseau for reseau in PASSERELLES) or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _ask(cible: Cible, methode: str, corps: bytes, entetes: Mapping[str, str], limite: float) -> Reponse:
    """One exchange. A server that sends a byte a minute is cut at the deadline."""
    reste = limite - time.monotonic()
    if reste <= 0:
        raise AgendaIllisible(LENT)
    coupee = threading.Event()
    with _connect(cible, min(reste, DELAI_CONNEXION)) as prise:
        minuteur = threading.Timer(reste, _cut, [prise, coupee])
        minuteur.daemon = True
        minuteur.start()
        try:
            reponse = _exchange(prise, cible, methode, corps, entetes)
        except AgendaIllisible:
            raise
        except (OSError, http.client.HTTPException, ValueError):
            if coupee.is_set():
                raise AgendaIllisible(LENT) from None
            raise AgendaIllisible(
                f"«\u00a0{cible.hote}\u00a0» n’a pas répondu comme il faut. Maillon réessaiera."
            ) from None
        finally:
            minuteur.cancel()
    if coupee.is_set():  # what was read stops in the middle
        raise AgendaIllisible(LENT)
    return reponse


def _connect(cible: Cible, delai: float) -> socket.socket:
    """A socket to the address already checked; its certificate is that of the name of the URL."""
    try:
        prise = socket.create_connection((cible.adresse, cible.port), timeout=delai)
        prise.settimeout(DELAI_CONNEXION)
        if cible.url.scheme == "https":
            return ssl.create_default_context().wrap_socket(prise, server_hostname=cible.hote)
        return prise
    except ssl.SSLError:
        raise AgendaIllisible(
            f"Le certificat de «\u00a0{cible.hote}\u00a0» n’est pas valable\u00a0: la lecture est refusée."
        ) from None
    except OSError:
        raise AgendaIllisible(f"«\u00a0{cible.hote}\u00a0» ne répond pas. Maillon réessaiera.") from None


def _exchange(prise: socket.socket, cible: Cible, methode: str, corps: bytes, entetes: Mapping[str, str]) -> Reponse:
    connexion = http.client.HTTPConnection(cible.hote, cible.port)
    connexion.default_port = 443 if cible.url.scheme == "https" else 80  # what `Host` leaves out
    connexion.auto_open = 0  # never to another address than the one checked
    connexion.sock = prise
    connexion.request(methode, cible.chemin, body=corps or None, headers=dict(entetes))
    reponse = connexion.getresponse()
    recus = {nom.lower(): valeur for nom, valeur in reponse.getheaders()}
    if recus.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise AgendaIllisible("Le serveur envoie un contenu compressé, que Maillon ne lit pas.")
    return Reponse(reponse.status, recus, _read(reponse))


def _cut(prise: socket.socket, coupee: threading.Event) -> None:
    coupee.set()
    with suppress(OSError):
        prise.shutdown(socket.SHUT_RDWR)


def _read(reponse: http.client.HTTPResponse) -> bytes:
    morceaux, taille = [], 0
    while morceau := reponse.read1(BLOC):
        taille += len(morceau)
        if taille > TAILLE_MAX:
            raise AgendaIllisible("Cet agenda pèse plus de 2 Mo. Choisissez-en un plus petit, ou réduisez sa période.")
        morceaux.append(morceau)
    return b"".join(morceaux)
