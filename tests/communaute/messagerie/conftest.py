"""Real servers of an MSSanté operator on this machine: SMTP (aiosmtpd) and IMAP (pymap), by TLS with a certificate made
on the fly."""

import asyncio
import imaplib
import socket
import ssl
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pymap.service import services

IDENTIFIANT, SECRET = "cpts", "secret"


@pytest.fixture(autouse=True)
def _disque(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "fichiers")


@dataclass(frozen=True)
class Certificat:
    """A certificate for this machine that vouches for itself: `fichier` holds it with its key."""

    fichier: Path

    @property
    def contexte(self) -> ssl.SSLContext:
        contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexte.load_cert_chain(self.fichier)
        return contexte


@pytest.fixture(scope="session")
def certificat(tmp_path_factory: pytest.TempPathFactory) -> Certificat:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    fichier = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    fichier.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return Certificat(fichier)


@dataclass
class Operateur:
    """What the operator's SMTP server received, and how it behaves: accepte, refuse, coupe_apres."""

    port: int = 0
    humeur: str = "accepte"
    recus: list[bytes] = field(default_factory=list)
    enveloppes: list[str] = field(default_factory=list)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, responses: list[str]
    ) -> list[str]:
        session.host_name = host
        return [*responses[:-1], "250-DSN", responses[-1]]

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.humeur == "refuse":
            return "550 5.1.1 inconnu"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.recus.append(bytes(envelope.content or b""))
        if self.humeur == "coupe_apres":
            server.transport.abort()
        return "250 pris"


class SmtpAvecAccuses(SMTP):
    """aiosmtpd, and the parameters of RFC 3461, which it does not know: kept on the handler."""

    def _take(self, arg: str, *names: str) -> str:
        words = (arg or "").split()
        taken = [word for word in words if word.startswith(names)]
        self.event_handler.enveloppes.extend(taken)
        return " ".join(word for word in words if word not in taken)

    async def smtp_MAIL(self, arg: str) -> None:
        await super().smtp_MAIL(self._take(arg, "RET=", "ENVID="))

    async def smtp_RCPT(self, arg: str) -> None:
        await super().smtp_RCPT(self._take(arg, "NOTIFY="))


class ServeurOperateur(Controller):
    def factory(self) -> SMTP:
        return SmtpAvecAccuses(self.handler, **self.SMTP_kwargs)


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (IDENTIFIANT.encode(), SECRET.encode())
    return AuthResult(success=good, handled=good)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def operateur(settings, certificat: Certificat, monkeypatch) -> Iterator[Operateur]:
    """The SMTP server, whose certificate Maillon trusts; sending is not only kept, as a demonstration does."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificat.fichier))
    settings.MAILLON_COURRIELS_CONSERVES = False
    settings.MAILLON_MSSANTE_HOTES = ["localhost"]
    settings.MAILLON_SMTP_DELAI_S = 5
    handler = Operateur(_free_port())
    controller = ServeurOperateur(
        handler,
        hostname="127.0.0.1",
        port=handler.port,
        ssl_context=certificat.contexte,
        authenticator=_authenticate,
        auth_required=True,
        auth_require_tls=False,  # it does not see that the whole connection is encrypted
    )
    controller.start()
    yield handler
    controller.stop(no_assert=True)


@dataclass
class Imap:
    """The mailbox where reports come back."""

    port: int

    def receive(self, mail: bytes) -> None:
        """A mail arrives."""
        with imaplib.IMAP4_SSL("localhost", self.port, timeout=5) as client:
            client.login(IDENTIFIANT, SECRET)
            state, _ = client.append("INBOX", None, None, mail)
            assert state == "OK"


@pytest.fixture
def imap(certificat: Certificat, operateur: Operateur) -> Iterator[Imap]:
    """pymap in a thread of its own, encrypted from the first byte."""
    parser = ArgumentParser()
    DictBackend.add_subparser("dict", parser.add_subparsers(dest="backend"))
    for service in services.values():
        service.add_arguments(parser)
    arguments = ["--port", "0", "--no-tls", "dict", "--demo-user", IDENTIFIANT, "--demo-password", SECRET]
    args = parser.parse_args(arguments)
    args.passlib_cfg, args.debug = None, False
    loop, port = asyncio.new_event_loop(), _free_port()
    ready = threading.Event()

    async def serve() -> None:
        backend, config = await DictBackend.init(args)
        callback = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        await asyncio.start_server(callback, "127.0.0.1", port, ssl=certificat.contexte)
        ready.set()

    loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    assert ready.wait(10)
    yield Imap(port)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
