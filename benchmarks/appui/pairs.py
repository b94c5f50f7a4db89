"""Peers live in environments of their own: what they install is none of ours."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .base import RESULTATS

VERROU = Path(__file__).parent.parent.parent / "requirements-dev.lock"
_LIGNE = re.compile(r"^([a-z0-9._-]+)==([^ \\]+)", re.M)


def make_environment(nom: str, *paquets: str) -> Path:
    """The Python of an environment that holds these packages, at the versions of our lock; made once."""
    dossier = RESULTATS / "pairs" / nom
    python, temoin = dossier / "bin" / "python", dossier / "paquets"
    contraintes = "".join(f"{paquet}=={version}\n" for paquet, version in _LIGNE.findall(VERROU.read_text()))
    voulu = "\n".join([*paquets, contraintes])
    if not temoin.exists() or temoin.read_text() != voulu:
        print(f"Installation du point de comparaison ({', '.join(paquets)})…", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(dossier)], check=True)
        fichier = dossier / "contraintes.txt"
        fichier.write_text(contraintes)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--only-binary", ":all:", "-c", str(fichier), *paquets], check=True)
        temoin.write_text(voulu)
    return python
