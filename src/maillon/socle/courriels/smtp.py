"""One conversation with the mail server, that knows at which moment it broke.

Before the message's text is sent, a failure is certain: nothing left. Once the text is on its way and until the
server answers, a broken connection says nothing: the message may have left, and sending it again could double it.
"""

import re
import smtplib
import ssl
from email.message import Message as Enveloppe

from django.conf import settings
from django.core.mail import EmailMessage

from .adresse import ServeurSmtp


class EnvoiRefuse(Exception):
    """Nothing left. `definitif` when the server says that trying again is useless (code 5xx)."""

    def __init__(self, reason: str, *, definitif: bool = False) -> None:
        super().__init__(reason)
        self.definitif = definitif


class EnvoiIncertain(Exception):
    """The text was sent and the answer never came."""


def send(serveur: ServeurSmtp, *, message_id: str, to: str, sujet: str, texte: str) -> None:
    """Deliver one message. Raises EnvoiRefuse or EnvoiIncertain; a return means that the server took charge."""
    try:
        to.encode("ascii")
        mail = EmailMessage(
            sujet, texte, settings.MAILLON_EXPEDITEUR, [to], headers={"Message-ID": f"<{message_id}@maillon>"}
        ).message()
    except ValueError as error:  # a line break, or an accent before the @
        raise EnvoiRefuse("l’adresse n’est pas valable", definitif=True) from error
    try:
        client = _connect(serveur)
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiRefuse(_describe(error)) from error
    try:
        _envelope(client, to)
        _transfer(client, mail)
    finally:
        _leave(client)


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


def _envelope(client: smtplib.SMTP, to: str) -> None:
    sender = settings.MAILLON_EXPEDITEUR.rpartition("<")[2].rstrip(">")
    try:
        for code, reply in (client.mail(sender), client.rcpt(to)):
            if code not in (250, 251):
                raise EnvoiRefuse(_reason(code, reply), definitif=code >= 500)
        code, reply = client.docmd("data")
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiRefuse(_describe(error)) from error
    if code != 354:
        raise EnvoiRefuse(_reason(code, reply), definitif=code >= 500)


def _transfer(client: smtplib.SMTP, mail: Enveloppe) -> None:
    text = re.sub(rb"\r\n|\r|\n", b"\r\n", mail.as_bytes())
    text = re.sub(rb"(?m)^\.", b"..", text)  # a line that starts with a dot is doubled (RFC 5321, 4.5.2)
    try:
        client.send(text.rstrip(b"\r\n") + b"\r\n.\r\n")
        code, reply = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise EnvoiIncertain(_describe(error)) from error
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


def _describe(error: Exception) -> str:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):  # smtplib hides it inside
        return "le serveur ne répond pas dans le délai"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "le serveur refuse l’identifiant ou le mot de passe"
    if isinstance(error, ssl.SSLError):
        return "la connexion chiffrée a échoué"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "le serveur a coupé la connexion"
    return f"le serveur est injoignable ({type(error).__name__})"
