"""Reports of delivery (RFC 3464): which message, what became of it, why in French. Nothing here touches the network."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from uuid import UUID

from ..enums import EtatMssante

ACTIONS = {
    "failed": EtatMssante.REFUSE,
    "delivered": EtatMssante.REMIS,
    "relayed": EtatMssante.REMIS,
    "expanded": EtatMssante.REMIS,
}
IDENTIFIANT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
STATUT = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})")
# RFC 3463, by subject and detail, then by subject alone.
RAISONS = {
    ("1", "1"): "cette adresse n’existe pas",
    ("1", "2"): "ce domaine n’existe pas dans l’espace MSSanté",
    ("1", "3"): "l’adresse est mal écrite",
    ("1", "6"): "cette personne a changé d’adresse",
    ("2", "1"): "cette boîte est désactivée",
    ("2", "2"): "la boîte est pleine",
    ("2", "3"): "le document est trop lourd pour cette boîte",
    ("3", "4"): "le document est trop lourd pour ce serveur",
    ("4", "4"): "le domaine de cette adresse est introuvable",
    ("4", "7"): "le serveur n’a pas pu le remettre dans le délai",
    ("7", "1"): "le serveur refuse les messages de cette adresse",
}
SUJETS = {
    "1": "l’adresse est refusée",
    "2": "la boîte ne peut pas recevoir",
    "3": "le serveur du destinataire ne peut pas recevoir",
    "4": "le serveur du destinataire est injoignable",
    "5": "le serveur du destinataire n’a pas compris l’envoi",
    "6": "le contenu du message est refusé",
    "7": "le serveur refuse pour des raisons de sécurité",
}


@dataclass(frozen=True, slots=True)
class Accuse:
    """What a report says of one message of ours."""

    message_id: UUID
    etat: EtatMssante
    raison: str = ""


def parse_accuse(brut: bytes) -> Accuse | None:
    """The report that a mail carries; None for any other mail, a delay, or a report that names no message.

    The server's own sentences are not kept: they often repeat the address.
    """
    mail = message_from_bytes(brut, policy=policy.compat32)
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    blocks = [block for block in status.get_payload() if isinstance(block, Message)]
    recipients = [block for block in blocks if block.get("Action")]
    etats = [ACTIONS.get(str(block["Action"]).strip().lower().split()[0]) for block in recipients]
    key = _find_key(blocks, parts)
    if key is None or not any(etats):
        return None
    if EtatMssante.REFUSE in etats:
        refused = recipients[etats.index(EtatMssante.REFUSE)]
        return Accuse(key, EtatMssante.REFUSE, describe_statut(str(refused.get("Status", ""))))
    return Accuse(key, EtatMssante.REMIS)


def describe_statut(statut: str) -> str:
    """A status code (5.1.1) in words."""
    found = STATUT.match(statut)
    if found is None:
        return "le serveur du destinataire l’a refusé"
    sujet, detail = found[2], found[3]
    words = RAISONS.get((sujet, detail)) or SUJETS.get(sujet) or "le serveur du destinataire l’a refusé"
    return f"{words} (code {found[1]}.{sujet}.{detail})"


def _find_key(blocks: list[Message], parts: list[Message]) -> UUID | None:
    """Our message: the envelope's identifier that we gave, else the Message-ID of the returned headers."""
    for block in blocks:
        if found := IDENTIFIANT.search(str(block.get("Original-Envelope-Id", ""))):
            return UUID(found[0])
    for part in parts:
        if part.get_content_type() == "text/rfc822-headers":
            text = str(part.get_payload())
            line = re.search(r"(?im)^message-id:\s*(<[^>\r\n]+@maillon>)", text)
            if line and (found := IDENTIFIANT.search(line[1])):
                return UUID(found[0])
        ours = str(part.get("Message-ID", ""))
        returned = part.get_content_type() != "multipart/report" and ours.rstrip().endswith("@maillon>")
        if returned and (found := IDENTIFIANT.search(ours)):
            return UUID(found[0])
    return None
