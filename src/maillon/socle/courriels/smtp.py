"""One conversation with the mail server, that knows at which moment it broke.

Before the message's text is sent, a failure is certain: nothing left. Once the text is on its way and until the
server answers, a broken connection says nothing: the message may have left, and sending it again could double it.
"""

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from django.conf import settings
from django.core.mail import EmailMessage

from .adresse import ServeurSmtp

DEBIT_MIN = 50_000  # bytes a second


class EnvoiRefuse(Exception):
    """Nothing left. `definitif` when the server says that trying again is useless (code 5xx)."""

    def __init__(self, reason: str, *, definitif: bool = False) -> None:
        super().__init__(reason)
        self.definitif = definitif


class EnvoiIncertain(Exception):
    """The text was sent and the answer never came."""


@dataclass(frozen=True, slots=True)
class PieceJointe:
    """A document that leaves with the text; `type` is that of its content."""

    nom: str
    type: str
    contenu: bytes


@dataclass(frozen=True, slots=True)
class Enveloppe:
    """One message ready to leave. `expediteur` is Maillon's own unless given; with `accuse` the server is asked to
    report what became of it (RFC 3461), if it knows how."""

    message_id: str
    to: str
    sujet: str
    texte: str
    pieces: Sequence[PieceJointe] = ()
    expediteur: str = ""
    accuse: bool = False

    def compose(self) -> Message:
        """The message as it travels. Raises EnvoiRefuse for an address that cannot be one."""
        try:
            self.to.encode("ascii")
            mail = EmailMessage(
                self.sujet,
                self.texte,
                self.expediteur or settings.MAILLON_EXPEDITEUR,
                [self.to],
                headers={"Message-ID": f"<{self.message_id}@maillon>"},
            )
            for piece in self.pieces:
                mail.attach(piece.nom, piece.contenu, piece.type)
            return mail.message()
        except ValueError as error:  # a line break, or an accent before the @
            raise EnvoiRefuse("l’adresse n’est pas valable", definitif=True) from error


def send(serveur: ServeurSmtp, enveloppe: Enveloppe) -> None:
    """Deliver one message. Raises EnvoiRefuse or EnvoiIncertain; a return means that the server took charge."""
    mail = enveloppe.compose()
    try:
        client = _connect(serveur)
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiRefuse(describe_error(error)) from error
    try:
        _envelope(client, enveloppe)
        _transfer(client, mail)
    finally:
        _leave(client)


def check_serveur(serveur: ServeurSmtp) -> None:
    """Say hello, encrypt and sign in, and send nothing. Raises EnvoiRefuse with the reason."""
    try:
        _leave(_connect(serveur))
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiRefuse(describe_error(error)) from error


def _connect(serveur: ServeurSmtp) -> smtplib.SMTP:
    delay = settings.MAILLON_SMTP_DELAI_S
    context = ssl.create_default_context()
    client: smtplib.SMTP
    if serveur.mode == "smtps":
        client = smtplib.SMTP_SSL(serveur.hote, serveur.port, timeout=delay, context=context)
    else:
        client = smtplib.SMTP(serveur.hote, serveur.port, timeout=delay)
    try:
        if serveur.mode == "starttls":
            client.starttls(context=context)
        if serveur.utilisateur:
            client.login(serveur.utilisateur, serveur.mot_de_passe)
        else:
            client.ehlo_or_helo_if_needed()
    except BaseException:
        client.close()
        raise
    return client


def _envelope(client: smtplib.SMTP, enveloppe: Enveloppe) -> None:
    sender = (enveloppe.expediteur or settings.MAILLON_EXPEDITEUR).rpartition("<")[2].rstrip(">")
    asked: tuple[list[str], list[str]] = ([], [])
    if enveloppe.accuse and client.has_extn("dsn"):
        asked = (["RET=HDRS", f"ENVID={enveloppe.message_id}"], ["NOTIFY=SUCCESS,FAILURE,DELAY"])
    try:
        for code, reply in (client.mail(sender, asked[0]), client.rcpt(enveloppe.to, asked[1])):
            if code not in (250, 251):
                raise EnvoiRefuse(_reason(code, reply), definitif=code >= 500)
        code, reply = client.docmd("data")
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiRefuse(describe_error(error)) from error
    if code != 354:
        raise EnvoiRefuse(_reason(code, reply), definitif=code >= 500)


def _transfer(client: smtplib.SMTP, mail: Message) -> None:
    text = re.sub(rb"\r\n|\r|\n", b"\r\n", mail.as_bytes())
    text = re.sub(rb"(?m)^\.", b"..", text)  # a line that starts with a dot is doubled (RFC 5321, 4.5.2)
    if client.sock is not None:  # the deadline is that of the whole text: a large attachment takes its time
        client.sock.settimeout(settings.MAILLON_SMTP_DELAI_S + len(text) / DEBIT_MIN)
    try:
        client.send(text.rstrip(b"\r\n") + b"\r\n.\r\n")
        code, reply = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiIncertain(describe_error(error)) from error
    if code != 250:
        raise EnvoiRefuse(_reason(code, reply), definitif=code >= 500)


def _leave(client: smtplib.SMTP) -> None:
    try:
        client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


def _reason(code: int, reply: bytes) -> str:
    """The server's code only: its sentence often repeats the address."""
    kind = {4: "refus provisoire", 5: "refus définitif"}.get(code // 100, "réponse inattendue")
    return f"{kind} du serveur (code {code})"


def describe_error(error: Exception) -> str:
    """What went wrong with a server, in French, without its own sentence."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib hides it inside
        return "le serveur ne répond pas dans le délai"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "le serveur refuse l’identifiant ou le mot de passe"
    if isinstance(error, ssl.SSLError):
        return "la connexion chiffrée a échoué"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "le serveur a coupé la connexion"
    return f"le serveur est injoignable ({type(error).__name__})"
