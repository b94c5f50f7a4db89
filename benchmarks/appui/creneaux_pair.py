"""The peer: pretix, which sells places of which one is left, installed in an environment of its own.

Its database is another one of the measuring cluster, with the same settings; its orders are taken by its own API called
inside its processes, as many as Maillon's web server has, without HTTP, mail nor payment: all to its advantage.
"""

from __future__ import annotations

import json
import os
import subprocess
import venv
from pathlib import Path
from typing import Any, TextIO

import psycopg

from appui.base import RESULTATS

VERSION = "2026.8.0"
PROCESSUS = 2
COMMANDES = 60
SCRIPT = Path(__file__).with_name("creneaux_pretix.py")
CONFIGURATION = """
[pretix]
instance_name=mesure
url=http://localhost
datadir={donnees}
currency=EUR
[django]
secret=mesure-mesure-mesure-mesure-mesure-mesure-mesure
[database]
backend=postgresql
name=pretix
user={role}
host={hote}
port={port}
password={mot_de_passe}
"""


def install() -> Path:
    """The interpreter that has pretix; installed once."""
    lieu = RESULTATS / f"pretix-{VERSION}"
    python = lieu / "bin" / "python"
    if not (lieu / "pret").exists():
        print(f"Installation de pretix {VERSION} (une seule fois, quelques minutes)", flush=True)
        venv.create(lieu, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"pretix=={VERSION}"], check=True)
        (lieu / "pret").touch()
    return python


def measure_pretix(racine: Path) -> dict[str, Any]:
    """Orders a second, over all processes."""
    from maillon.site.grappe import SUPERUTILISATEUR, Grappe

    python = install()
    url = Grappe(racine).url(SUPERUTILISATEUR)
    with psycopg.connect(url, autocommit=True) as connexion:
        neuve = connexion.execute("SELECT 1 FROM pg_database WHERE datname = 'pretix'").fetchone() is None
        if neuve:
            connexion.execute("CREATE DATABASE pretix")
        info = connexion.info
        acces = {"role": info.user, "hote": info.host, "port": info.port, "mot_de_passe": info.password}
    donnees = racine / "pretix"
    donnees.mkdir(exist_ok=True)
    (donnees / "pretix.cfg").write_text(CONFIGURATION.format(donnees=donnees, **acces), encoding="utf-8")
    ambiance = {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith(("DJANGO_", "PYTHONPATH"))}
    ambiance |= {"PRETIX_CONFIG_FILE": str(donnees / "pretix.cfg"), "MESURE_PRETIX": str(donnees / "mesure.json")}
    if neuve:
        print("Base de pretix (une seule fois)", flush=True)
        run([python, "-m", "pretix", "migrate"], ambiance)
    run([python, SCRIPT, "prepare", str(PROCESSUS * (COMMANDES // PROCESSUS + 2))], ambiance)
    with (donnees / "vente.log").open("w") as journal:
        return sell(python, ambiance, journal)


def run(commande: list[Any], ambiance: dict[str, str]) -> None:
    fini = subprocess.run(commande, env=ambiance, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if fini.returncode:
        raise SystemExit(f"pretix : {fini.stdout[-2000:]}")


def sell(python: Path, ambiance: dict[str, str], journal: TextIO) -> dict[str, Any]:
    """All processes at once, each warmed by two orders."""
    processus = [
        subprocess.Popen(
            [python, SCRIPT, "vendre", str(rang), str(PROCESSUS)],
            env=ambiance, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=journal, text=True,
        )
        for rang in range(PROCESSUS)
    ]  # fmt: skip
    for un in processus:
        assert un.stdout is not None
        while (ligne := un.stdout.readline()) != "pret\n":
            if not ligne:
                raise SystemExit(f"pretix s’est arrêté : {Path(journal.name).read_text()[-2000:]}")
    for un in processus:
        assert un.stdin is not None
        un.stdin.write("partez\n")
        un.stdin.flush()
    rendus = [json.loads(un.communicate()[0].splitlines()[-1]) for un in processus]
    nombre = sum(rendu["commandes"] for rendu in rendus)
    duree = max(rendu["secondes"] for rendu in rendus)
    return {"version": VERSION, "commandes": nombre, "processus": PROCESSUS, "par_s": round(nombre / duree, 1)}
