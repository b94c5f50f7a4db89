"""Secrets generated once for a local installation (demo, tests), kept in one file that only its owner reads."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from maillon.site import verrous
from maillon.site.pannes import Empechement

NOM = "secrets.json"


def _generate() -> dict[str, str]:
    def cle() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "MAILLON_SECRET_KEY": secrets.token_urlsafe(64),
        "MAILLON_CLES": f"k1:{cle()}",
        "MAILLON_CLE_INDEX": cle(),
        "superutilisateur": secrets.token_urlsafe(32),
        "proprietaire": secrets.token_urlsafe(32),
        "execution": secrets.token_urlsafe(32),
    }


def load_secrets(racine: Path) -> dict[str, str]:
    """Read ``racine/secrets.json``; create it (mode 0600) when absent.

    Refuses to invent new secrets beside a database that was encrypted with the lost ones.
    """
    path = racine / NOM
    with verrous.held(racine / "secrets.verrou"):
        if not path.exists():
            if (racine / "pgdata").exists():
                raise Empechement(
                    f"Le fichier {path} a disparu, alors que la base de données existe : "
                    "sans lui, elle ne peut plus être ouverte.",
                    remede=f"Remettez ce fichier en place ou, pour repartir de zéro, supprimez {racine}.",
                )
            _write(path, _generate())
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise Empechement(f"Le fichier {path} est illisible.", remede="Remettez-en une copie intacte.") from error


def _write(path: Path, contenu: dict[str, str]) -> None:
    brouillon = path.with_suffix(".nouveau")
    brouillon.unlink(missing_ok=True)
    descriptor = os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(contenu, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    brouillon.replace(path)
