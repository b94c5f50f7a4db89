"""A local authority: certificates of a server and of callers, one of them revoked; and the reverse proxy that asks."""

import contextlib
import http.client
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.presents import NGINX
from fabriques.sas import make_nom

RACINE = Path(__file__).parent.parent.parent
CONFIGURATION = RACINE / "deploiement" / "nginx" / "maillon.conf"
MAINTENANT = datetime.now(UTC)


@dataclass(frozen=True)
class Piece:
    """A certificate and its key, as files."""

    certificat: Path
    cle: Path
    lu: x509.Certificate
    privee: ec.EllipticCurvePrivateKey


class Autorite:
    """Signs, and revokes."""

    def __init__(self, dossier: Path, nom: str) -> None:
        self.dossier, self.nom = dossier, nom
        self.revoques: list[int] = []
        self.racine = self.sign(nom, make_nom(f"Autorité {nom}", ""), ca=True)

    def sign(
        self,
        fichier: str,
        nom: x509.Name,
        *,
        ca: bool = False,
        jours: tuple[int, int] = (-1, 30),
        hotes: tuple[str, ...] = (),
    ) -> Piece:
        """A certificate valid between these days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, signer = (nom, key) if ca else (self.racine.lu.subject, self.racine.privee)
        start, end = (MAINTENANT + timedelta(days=day) for day in jours)
        made = x509.CertificateBuilder(issuer, nom, key.public_key(), x509.random_serial_number(), start, end)
        made = made.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        if hotes:
            names = [x509.DNSName(one) for one in hotes] + [x509.IPAddress(ip_address("127.0.0.1"))]
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        cert = made.sign(signer, hashes.SHA256())
        paths = self.dossier / f"{fichier}.pem", self.dossier / f"{fichier}.key"
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        paths[0].write_bytes(cert.public_bytes(pem))
        paths[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
        return Piece(*paths, cert, key)

    def write_revocations(self, *pieces: Piece) -> Path:
        """The list of what this authority has revoked."""
        made = x509.CertificateRevocationListBuilder(self.racine.lu.subject, MAINTENANT, MAINTENANT + timedelta(days=7))
        for piece in pieces:
            revoked = x509.RevokedCertificateBuilder(piece.lu.serial_number, MAINTENANT).build()
            made = made.add_revoked_certificate(revoked)
        path = self.dossier / f"{self.nom}.crl"
        crl = made.sign(self.racine.privee, hashes.SHA256())
        path.write_bytes(crl.public_bytes(serialization.Encoding.PEM))
        return path


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def write_configuration(dossier: Path, **values: object) -> Path:
    """The configuration that is shipped, with these values, inside what nginx needs to run alone."""
    text = CONFIGURATION.read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    assert not re.search(r"@[A-Z_]+@", text.replace("@…@", "")), "a value of the configuration was not given"
    whole = dossier / "nginx.conf"
    temporaires = "".join(
        f"{kind}_temp_path {dossier}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole.write_text(
        f"daemon off; master_process off; pid {dossier}/pid; error_log {dossier}/erreurs warn;"
        f"events {{}} http {{ access_log off; {temporaires}\n{text}\n}}"
    )
    return whole


@contextlib.contextmanager
def run_nginx(configuration: Path, port: int) -> Iterator[None]:
    """nginx on this configuration, until the block ends."""
    dossier = configuration.parent
    process = subprocess.Popen([NGINX, "-p", str(dossier), "-c", str(configuration)], stderr=subprocess.PIPE)
    try:
        limit = time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None, process.stderr.read().decode() if process.stderr else ""
            assert time.monotonic() < limit, "nginx did not start"
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stderr:
            process.stderr.close()


@contextlib.contextmanager
def run_proxy(dossier: Path, port: int, values: dict[str, object]) -> Iterator[None]:
    """nginx as shipped, or what stands for it where it is not installed."""
    if NGINX:
        with run_nginx(write_configuration(dossier, **values), port):
            yield
        return
    server = Doublure(("127.0.0.1", port), values)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Doublure(ThreadingHTTPServer):
    """The rules of the shipped configuration, by the `ssl` module of Python: a certificate that does not hold ends the
    conversation, the name of the platform demands one, and the headers of the caller are replaced."""

    def __init__(self, address: tuple[str, int], values: dict[str, object]) -> None:
        self.values = values
        self.contexte = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.contexte.minimum_version = ssl.TLSVersion.TLSv1_2
        self.contexte.load_cert_chain(str(values["CERTIFICAT"]), str(values["CLE"]))
        self.contexte.load_verify_locations(str(values["AUTORITE"]))
        self.contexte.load_verify_locations(str(values["REVOCATIONS"]))
        self.contexte.verify_mode, self.contexte.verify_flags = ssl.CERT_OPTIONAL, ssl.VERIFY_CRL_CHECK_LEAF
        super().__init__(address, Relais)

    def finish_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:
        with self.contexte.wrap_socket(request, server_side=True) as conversation:
            self.RequestHandlerClass(conversation, client_address, self)

    def handle_error(self, request: object, client_address: object) -> None:
        return


class Relais(BaseHTTPRequestHandler):
    server: Doublure
    connection: ssl.SSLSocket

    def do_GET(self) -> None:
        values, name = self.server.values, self.headers["Host"]
        is_sas = name == values["NOM_SAS"]
        der = self.connection.getpeercert(binary_form=True) or b""
        if is_sas and not der:
            self.send_error(400)
            return
        if is_sas != self.path.startswith("/fhir/"):
            self.send_error(404)
            return
        headers = {"Host": name, "X-Forwarded-Proto": "https"}
        if is_sas:
            headers["X-Maillon-Proxy"] = str(values["SECRET"])
            headers["X-SSL-Client-Verify"] = "SUCCESS"
            headers["X-SSL-Client-Cert"] = quote(ssl.DER_cert_to_PEM_cert(der))
        inside = http.client.HTTPConnection(str(values["MAILLON"]), timeout=20)
        inside.request("GET", self.path, headers=headers)
        answer = inside.getresponse()
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        inside.close()

    def log_message(self, *args: object) -> None:
        return
