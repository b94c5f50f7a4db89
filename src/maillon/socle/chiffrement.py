"""Encryption of identifying fields, and the blind index that finds them.

AES-256-GCM; the associated data `tenant|table|column|id` ties a value to its place, so that a value copied to another
row or community does not open. The key's name stands in front of the value: a new key is added, old values stay
readable until `socle.rotation` has rewritten them. The blind index is an HMAC-SHA-256 per community of the normalised
word.
"""

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LONGUEUR_NONCE = 12


class ValeurIllisible(Exception):
    """The value was altered, moved, or written with a key that is not here."""


@cache
def _parse_keys(text: str) -> dict[str, AESGCM]:
    keys: dict[str, AESGCM] = {}
    for part in text.split(","):
        name, _, encoded = part.strip().partition(":")
        raw = base64.b64decode(encoded)
        if not name or len(name) > 16 or len(raw) != 32:
            raise ImproperlyConfigured("MAILLON_CLES : chaque clé s’écrit nom:base64 de 32 octets.")
        keys[name] = AESGCM(raw)
    return keys


def _associated(cpts_id: UUID, table: str, column: str, row_id: UUID) -> bytes:
    return f"{cpts_id}|{table}|{column}|{row_id}".encode()


def encrypt(text: str, *, cpts_id: UUID, table: str, column: str, row_id: UUID) -> bytes:
    """Encrypt with the first key of MAILLON_CLES. An empty text stays empty."""
    if not text:
        return b""
    keys = _parse_keys(settings.MAILLON_CLES)
    name = next(iter(keys))
    nonce = os.urandom(LONGUEUR_NONCE)
    sealed = keys[name].encrypt(nonce, text.encode(), _associated(cpts_id, table, column, row_id))
    return name.encode() + b":" + nonce + sealed


def decrypt(value: bytes | memoryview, *, cpts_id: UUID, table: str, column: str, row_id: UUID) -> str:
    """The text; ValeurIllisible when altered, moved to another row, or its key is missing."""
    value = bytes(value)
    if not value:
        return ""
    name, _, rest = value.partition(b":")
    key = _parse_keys(settings.MAILLON_CLES).get(name.decode(errors="replace"))
    if key is None:
        raise ValeurIllisible("La clé de chiffrement de cette donnée manque.")
    try:
        opened = key.decrypt(rest[:LONGUEUR_NONCE], rest[LONGUEUR_NONCE:], _associated(cpts_id, table, column, row_id))
    except InvalidTag as error:
        raise ValeurIllisible("Cette donnée a été altérée ou déplacée.") from error
    return opened.decode()


def has_current_key(value: bytes | memoryview) -> bool:
    """Whether a value was written with the first key of MAILLON_CLES; an empty one needs no key."""
    name = next(iter(_parse_keys(settings.MAILLON_CLES)))
    return not value or bytes(value).startswith(name.encode() + b":")


def normalize(text: str) -> str:
    """Lower case, no accent, words separated by one space: how names are compared."""
    if text.isascii():  # most of what is indexed, and many times faster
        return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe").replace("æ", "ae"))
    ascii_text = "".join(char for char in decomposed if not unicodedata.combining(char)).lower()
    return re.sub(r"[^a-z0-9]+", " ", ascii_text).strip()


@cache
def _index_key(encoded: str, cpts_id: UUID) -> bytes:
    return hmac.new(base64.b64decode(encoded), cpts_id.bytes, hashlib.sha256).digest()


def blind_index(word: str, *, cpts_id: UUID, kind: str) -> bytes:
    """16 bytes by which an encrypted word is found inside one community; `kind` keeps names and numbers apart."""
    key = _index_key(settings.MAILLON_CLE_INDEX, cpts_id)
    return hmac.digest(key, f"{kind}|{normalize(word)}".encode(), "sha256")[:16]


def index_words(text: str, *, cpts_id: UUID) -> list[bytes]:
    """Blind indexes of every whole word and of the first three letters of each, as names are searched."""
    words = normalize(text).split()
    found = {blind_index(word, cpts_id=cpts_id, kind="mot") for word in words}
    found |= {blind_index(word[:3], cpts_id=cpts_id, kind="debut") for word in words if len(word) >= 3}
    return sorted(found)
