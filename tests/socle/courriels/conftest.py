"""A real mail server, in a thread, that behaves as it is told."""

import asyncio
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from maillon.socle.courriels.adresse import ServeurSmtp


class Facteur:
    """Handler of aiosmtpd. `humeur` says what it does; `recus` are the mails it took charge of."""

    def __init__(self) -> None:
        self.humeur = "accepte"
        self.recus: list[bytes] = []
        self.destinataires: list[str] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if self.humeur == "refuse":
            return "550 inconnu au bataillon"
        if self.humeur == "remet":
            return "451 plus tard"
        if self.humeur == "muet":
            await asyncio.Event().wait()
        if self.humeur == "coupe_avant":
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.humeur == "refuse_texte":
            return "554 non merci"
        self.recus.append(bytes(envelope.content or b""))
        self.destinataires.extend(envelope.rcpt_tos)
        if self.humeur == "coupe_apres":
            server.transport.abort()
        if self.humeur == "muet_apres":
            await asyncio.Event().wait()
        return "250 pris"


@pytest.fixture
def facteur(settings) -> Iterator[Facteur]:
    """The server that MAILLON_SMTP names, for one test; a silent one is waited for half a second."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    handler = Facteur()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MAILLON_SMTP = ServeurSmtp("smtp", "127.0.0.1", port)
    settings.MAILLON_SMTP_DELAI_S = 0.5
    settings.MAILLON_COURRIELS_CONSERVES = False
    yield handler
    controller.stop(no_assert=True)
