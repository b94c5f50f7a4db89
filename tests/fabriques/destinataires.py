"""Who receives what the service sends while it is killed: a mail server and the platform of the SAS; both count."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Destinataires:
    """How often each mail (by its Message-ID) and each booking (by its identifier) arrived."""

    courriels: Counter[str] = field(default_factory=Counter)
    rendez_vous: Counter[str] = field(default_factory=Counter)
    environ: dict[str, str] = field(default_factory=dict)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.courriels[message_from_bytes(bytes(envelope.content or b""))["Message-ID"].strip("<>").split("@")[0]] += 1
        return "250 pris"


@contextlib.contextmanager
def receiving() -> Iterator[Destinataires]:
    """Both, on free ports of this machine; `environ` is what tells the service where they are."""
    recus = Destinataires()

    class Plateforme(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _take(self) -> None:
            body: Any = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            cle = body["identifier"][0]["value"]
            known, recus.rendez_vous[cle] = recus.rendez_vous[cle] > 0, recus.rendez_vous[cle] + 1
            self.send_response(200 if known else 201)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_PUT = _take

        def log_message(self, *args: object) -> None:
            return

    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        port = libre.getsockname()[1]
    facteur = Controller(recus, hostname="127.0.0.1", port=port)
    facteur.start()
    plateforme = ThreadingHTTPServer(("127.0.0.1", 0), Plateforme)
    fil = threading.Thread(target=plateforme.serve_forever, kwargs={"poll_interval": 0.02})
    fil.start()
    recus.environ = {
        "MAILLON_SMTP_URL": f"smtp://127.0.0.1:{port}",
        "MAILLON_SAS_URL": f"http://127.0.0.1:{plateforme.server_port}/sas/fhir",
        "MAILLON_SAS_OID": "urn:oid:1.2.250.1.999",
    }
    try:
        yield recus
    finally:
        plateforme.shutdown()
        fil.join()
        plateforme.server_close()
        facteur.stop(no_assert=True)
