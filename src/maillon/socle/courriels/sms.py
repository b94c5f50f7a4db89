"""The SMS gateway: one text to one mobile number, through the same outbox as mails.

The operator chooses it by MAILLON_SMS_URL: nothing (no SMS is written; a demonstration keeps them in its inbox),
`console:` (outside production, says that one left), or the https address of a gateway, to which one JSON object is
posted: `{"id", "to", "text"}`, with MAILLON_SMS_JETON as bearer. `id` is the same at each try, so that a gateway may
recognise what it already sent.
"""

import json
import logging
import re
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.conf import settings

from .smtp import EnvoiIncertain, EnvoiRefuse

logger = logging.getLogger(__name__)
DELAI_S = 20
# Overseas mobiles begin as those of the mainland do; their country code is another (ARCEP, plan de numérotation).
INDICATIFS = {
    "0639": "262",
    "0690": "590",
    "0691": "590",
    "0692": "262",
    "0693": "262",
    "0694": "594",
    "0696": "596",
    "0697": "596",
}


def is_offered() -> bool:
    """Whether an SMS may be written here."""
    return bool(settings.MAILLON_SMS_URL) or settings.MAILLON_SMS_CONSERVES


def parse_mobile(texte: str) -> str:
    """The international form of a French mobile number, overseas included; empty for any other."""
    digits = re.sub(r"\D", "", texte)
    if digits.startswith("00"):
        digits = digits[2:]
    for code in ("33", "262", "590", "594", "596"):
        if digits.startswith(code) and len(digits) == len(code) + 9:
            digits = f"0{digits[len(code) :]}"
            break
    if len(digits) != 10 or not digits.startswith(("06", "07")):
        return ""
    return f"+{INDICATIFS.get(digits[:4], '33')}{digits[1:]}"


def send(message_id: str, to: str, texte: str) -> None:
    """Hand one text to the gateway. Raises EnvoiRefuse or EnvoiIncertain; a return means that it took charge."""
    if not settings.MAILLON_SMS_URL:
        raise EnvoiRefuse("aucun service de SMS n’est configuré (MAILLON_SMS_URL)")
    if settings.MAILLON_SMS_URL == "console:":
        logger.info("one SMS of %d characters", len(texte))
        return
    status = _post({"id": message_id, "to": to, "text": texte})
    if 200 <= status < 300:
        return
    raise EnvoiRefuse(f"le service de SMS a répondu {status}", definitif=400 <= status < 500 and status != 429)


def _post(charge: dict[str, str]) -> int:
    """The status of the answer. Before the text is sent a failure is certain; afterwards nobody knows."""
    adresse = urlsplit(settings.MAILLON_SMS_URL)
    kind = HTTPSConnection if adresse.scheme == "https" else HTTPConnection
    connexion = kind(adresse.hostname or "", adresse.port, timeout=DELAI_S)
    try:
        connexion.connect()
    except OSError as error:
        raise EnvoiRefuse(f"le service de SMS ne répond pas ({type(error).__name__})") from error
    entetes = {"Content-Type": "application/json"}
    if settings.MAILLON_SMS_JETON:
        entetes["Authorization"] = f"Bearer {settings.MAILLON_SMS_JETON}"
    chemin = (adresse.path or "/") + (f"?{adresse.query}" if adresse.query else "")
    try:
        connexion.request("POST", chemin, json.dumps(charge), entetes)
        return connexion.getresponse().status
    except (OSError, HTTPException) as error:
        raise EnvoiIncertain(f"la connexion au service de SMS s’est coupée ({type(error).__name__})") from error
    finally:
        connexion.close()
