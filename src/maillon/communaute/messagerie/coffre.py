"""Documents about patients on the disk: each encrypted under a key of its own, which only its row keeps."""

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.fichiers.services import FichierRefuse

from .models import PiecePatient

LONGUEUR_NONCE = 12
TABLE = PiecePatient._meta.db_table


def write_content(piece: PiecePatient, *, nom: str, contenu: bytes) -> None:
    """Encrypt the content to its place, and the name and the key into the row, which the caller saves.

    The content is written before the row: a rolled-back transaction leaves a file that nobody can read.
    """
    key, nonce = AESGCM.generate_key(256), os.urandom(LONGUEUR_NONCE)
    chemin = find_content(piece)
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_bytes(nonce + AESGCM(key).encrypt(nonce, contenu, piece.pk.bytes))
    for column, value in (("nom", nom), ("cle", base64.b64encode(key).decode())):
        setattr(piece, column, encrypt(value, cpts_id=piece.cpts_id, table=TABLE, column=column, row_id=piece.pk))


def open_nom(piece: PiecePatient, nom: bytes) -> str:
    """The name of a document, decrypted."""
    return decrypt(nom, cpts_id=piece.cpts_id, table=TABLE, column="nom", row_id=piece.pk)


def read_content(piece: PiecePatient, cle: bytes) -> bytes:
    """The content, decrypted. Raises FichierRefuse when it is lost or was changed."""
    key = base64.b64decode(decrypt(cle, cpts_id=piece.cpts_id, table=TABLE, column="cle", row_id=piece.pk))
    try:
        sealed = find_content(piece).read_bytes()
        return AESGCM(key).decrypt(sealed[:LONGUEUR_NONCE], sealed[LONGUEUR_NONCE:], piece.pk.bytes)
    except (OSError, InvalidTag) as error:
        raise FichierRefuse(
            "Ce document n’est plus lisible sur le disque. Prévenez la personne qui administre Maillon."
        ) from error


def find_content(piece: PiecePatient) -> Path:
    return Path(settings.MEDIA_ROOT) / piece.chemin
