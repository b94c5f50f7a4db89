"""The national directory: first load, monthly refresh, memory, search; the floor is the server's own COPY.

    ./dev bench rpps [--lignes 500000] [--tours 3] [--neuf]

A fictitious extract of the published shape is drawn (the same at each run), then the one of the next month: 0.85 % of
its lines are changed, ended or new. Between the two the table is vacuumed, as autovacuum does long before a month. Each
import runs in a process of its own, as the command does, on a server with the memory of service. The floor, taken in
turns with it, is the server's own `COPY FROM` of the published file, into a table of its columns without index: what a
database can do with that file. A second floor, harder than anything that must read the file, is the `COPY FROM` of a
file that already holds only what we keep. On a busy machine seconds say little: processor time, of the client and of
the server's process, stands beside them. Writes var/mesures/rpps.json; exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

import psycopg
from appui.base import RESULTATS, measuring_database
from appui.charge import percentiles

CIBLE_CHARGE, CIBLE_MOIS, CIBLE_MO, CIBLE_RECHERCHE_MS = 1.5, 0.5, 300, 100.0
TABLES = "annuaire_inscription, annuaire_mouvement, annuaire_importannuaire, annuaire_mot, annuaire_libelle"
ETAT = "etat-rpps"


def locate_floor(nom: str) -> str:
    """A file that the server itself may read and write: under its own data."""
    from maillon.site.grappe import Grappe

    return str(Grappe(RESULTATS / ETAT).pgdata / f"plancher_{nom}.txt")


def connect(*, superuser: bool = False) -> psycopg.Connection:
    """As the owner of the tables, or as the superuser of the measuring cluster, who may read a file of the server."""
    if not superuser:
        return psycopg.connect(os.environ["DATABASE_URL_PROPRIETAIRE"], autocommit=True)
    from maillon.site.grappe import SUPERUTILISATEUR, Grappe

    return psycopg.connect(Grappe(RESULTATS / ETAT).url(SUPERUTILISATEUR), autocommit=True)


def empty() -> None:
    with connect() as connexion:
        connexion.execute(f"TRUNCATE {TABLES}")


def rest() -> None:
    """What autovacuum does in the month between two files; the imports that are measured wait for nothing else."""
    with connect() as connexion:
        connexion.execute("VACUUM (ANALYZE) annuaire_inscription")


def read_processor(pid: int) -> float:
    """Seconds of processor that a process of this machine has used."""
    champs = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(champs[11]) + int(champs[12])) / os.sysconf("SC_CLK_TCK")


def run_import(chemin: Path) -> dict[str, Any]:
    """One import in its own process: seconds to the commit, peak memory, report."""
    sortie = subprocess.run(
        [sys.executable, __file__, "--importer", str(chemin)], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(sortie.stdout.splitlines()[-1])


def import_here(chemin: Path) -> None:
    """What the child does."""
    from maillon.site import environnement

    environnement.start_django()
    from dataclasses import asdict

    from django.db import connection

    from maillon.communaute.annuaire.services import import_annuaire
    from maillon.socle.droits.acteur import SYSTEME

    connection.ensure_connection()
    serveur = connection.connection.info.backend_pid
    processeur = read_processor(os.getpid()), read_processor(serveur)
    debut = time.perf_counter()
    rapport = import_annuaire(chemins=[chemin], by=SYSTEME)
    duree = time.perf_counter() - debut
    client_s, serveur_s = read_processor(os.getpid()) - processeur[0], read_processor(serveur) - processeur[1]
    pic = next(ligne for ligne in Path("/proc/self/status").read_text().splitlines() if ligne.startswith("VmHWM"))
    mesures = {"secondes": duree, "mo": int(pic.split()[1]) / 1024, "client_s": client_s, "serveur_s": serveur_s}
    print(json.dumps({**mesures, **asdict(rapport.bilans[0])}))


# -- the floor -----------------------------------------------------------------------------------------------------


def prepare_floors(mois: Path) -> dict[str, str]:
    """Two tables without index, each with its file where the server reads it; the statements that fill them."""
    from appui.annuaire import TITRES

    from maillon.communaute.annuaire.importation.colonnes import ACTIVITES

    colonnes = ", ".join(f"c{rang} text NOT NULL" for rang in range(TITRES.count("|") + 1))
    champs = ", ".join(ACTIVITES.champs)
    lignes = f"SELECT {champs} FROM annuaire_inscription"  # noqa: S608 - our columns
    shutil.copyfile(mois, locate_floor("publie"))
    Path(locate_floor("publie")).chmod(0o644)
    with connect(superuser=True) as connexion:
        connexion.execute("DROP TABLE IF EXISTS plancher_publie, plancher_garde")
        connexion.execute(f"CREATE TABLE plancher_publie ({colonnes})")
        connexion.execute(f"CREATE TABLE plancher_garde AS {lignes} LIMIT 0")
        connexion.execute(f"COPY ({lignes}) TO '{locate_floor('garde')}' (DELIMITER '|')")
    return {
        nom: f"COPY plancher_{nom} FROM '{locate_floor(nom)}' (DELIMITER '|', {options})"
        for nom, options in (("publie", "HEADER"), ("garde", "HEADER false"))
    }


def measure_floor(nom: str, copie: str) -> tuple[float, float]:
    """Seconds, and seconds of processor."""
    with connect(superuser=True) as connexion:
        connexion.execute(f"TRUNCATE plancher_{nom}")
        connexion.execute("CHECKPOINT")
        processeur = read_processor(connexion.info.backend_pid)
        debut = time.perf_counter()
        connexion.execute(copie)
        return time.perf_counter() - debut, read_processor(connexion.info.backend_pid) - processeur


def drop_floors() -> None:
    with connect(superuser=True) as connexion:
        connexion.execute("DROP TABLE IF EXISTS plancher_publie, plancher_garde")
    for nom in ("publie", "garde"):
        Path(locate_floor(nom)).unlink(missing_ok=True)


# -- search --------------------------------------------------------------------------------------------------------


def draw_recherches(hasard: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Searches of each kind, about people and places that are there."""
    from maillon.communaute.territoire.models import Commune

    with connect() as connexion:
        gens = connexion.execute(
            "SELECT nom, prenom, commune, profession, identifiant FROM annuaire_inscription TABLESAMPLE SYSTEM (1)"
            " LIMIT 4000"
        ).fetchall()
    communes = list(Commune.objects.filter(departement__in=["42", "69", "13", "31"]).values_list("pk", flat=True))
    for nom, prenom, commune, profession, identifiant in hasard.sample(gens, min(len(gens), 60)):
        faute = nom[:2] + nom[3] + nom[2] + nom[4:] if len(nom) > 4 else nom
        zone = hasard.sample(communes, 30)
        yield "nom courant", {"texte": hasard.choice(("martin", "bernard", "petit", "dubois"))}
        yield "nom", {"texte": nom}
        yield "prénom et nom", {"texte": f"{prenom} {nom}"}
        yield "prénom courant et début de nom", {"texte": f"{prenom} {nom[:3]}"}
        yield "nom et commune", {"texte": nom, "communes": [commune]}
        yield "prénom seul", {"texte": prenom}
        yield "début de nom", {"texte": nom[:4]}
        yield "faute de frappe", {"texte": f"{faute} {prenom}"}
        yield "nom inconnu", {"texte": f"zq{nom[1:3]}xw {prenom}"}
        yield "nom courant et profession", {"texte": "martin", "profession": profession}
        yield "profession et commune", {"profession": profession, "communes": [commune]}
        yield "profession et territoire", {"profession": profession, "communes": zone}
        yield "commune", {"communes": [commune]}
        yield "savoir-faire, France", {"savoir_faire": hasard.choice(("SM54", "SM01", "SM04"))}
        yield "savoir-faire et territoire", {"profession": "10", "savoir_faire": "SM04", "communes": zone}
        yield "numéro RPPS", {"texte": identifiant}


def measure_search() -> dict[str, tuple[float, float]]:
    """p50 and p95 in milliseconds of each kind of search, and of all."""
    from maillon.communaute.annuaire.selectors import search_inscriptions

    durees: dict[str, list[float]] = {}
    recherches = list(draw_recherches(random.Random(1)))
    for genre, criteres in recherches:
        debut = time.perf_counter()
        search_inscriptions(**criteres)
        duree = time.perf_counter() - debut
        durees.setdefault(genre, []).append(duree)
    tout = [duree for liste in durees.values() for duree in liste]
    return {genre: percentiles(liste) for genre, liste in durees.items()} | {"toutes": percentiles(tout)}


# -- the run -------------------------------------------------------------------------------------------------------


def measure(lignes: int, tours: int, fichiers: tuple[Path, Path]) -> dict[str, Any]:
    mois, suivant = fichiers
    planchers: dict[str, list[tuple[float, float]]] = {}
    charges: list[dict[str, Any]] = []
    refaits: list[dict[str, Any]] = []
    mensuels: list[dict[str, Any]] = []
    for tour in range(tours):
        empty()
        charges.append(run_import(mois))
        rest()
        if not tour:
            copies = prepare_floors(mois)
        for nom, copie in copies.items():
            planchers.setdefault(nom, []).append(measure_floor(nom, copie))
        refaits.append(run_import(mois))
        mensuels.append(run_import(suivant))
        for nom, copie in copies.items():
            planchers[nom].append(measure_floor(nom, copie))
    drop_floors()
    with connect() as connexion:
        connexion.execute("VACUUM (ANALYZE) annuaire_inscription, annuaire_mot")
    return {
        "lignes": lignes,
        "tours": tours,
        "charge_machine": os.getloadavg(),
        "plancher_s": {nom: statistics.median(s for s, _ in durees) for nom, durees in planchers.items()},
        "plancher_processeur_s": {nom: statistics.median(p for _, p in durees) for nom, durees in planchers.items()},
        "planchers_s": planchers,
        "premier_chargement": charges,
        "meme_fichier": refaits,
        "mois_suivant": mensuels,
        "recherche_ms": measure_search(),
    }


def report(mesures: dict[str, Any]) -> bool:
    """Print the ratios; True when every target is met."""
    plancher, strict = mesures["plancher_s"]["publie"], mesures["plancher_s"]["garde"]
    median: Callable[[str, str], float] = lambda nom, champ: statistics.median(m[champ] for m in mesures[nom])  # noqa: E731
    print(f"{mesures['lignes']} lignes ; charge de la machine {mesures['charge_machine'][0]:.1f}")
    print(f"{'':<44}{'secondes':>9} {'× COPY':>7} {'× gardé':>8}")
    print(f"{'COPY du fichier publié, sans index':<44}{plancher:>9.2f} {1:>7.2f} {plancher / strict:>8.2f}")
    print(f"{'COPY des seules colonnes gardées':<44}{strict:>9.2f} {strict / plancher:>7.2f} {1:>8.2f}")
    lignes = (
        ("premier chargement, lignes seules", median("premier_chargement", "copie_s"), CIBLE_CHARGE),
        ("  ses index (clé et six index)", median("premier_chargement", "index_s"), None),
        ("premier chargement, entier", median("premier_chargement", "secondes"), None),
        ("même fichier une seconde fois", median("meme_fichier", "secondes"), None),
        ("mois suivant, historique compris", median("mois_suivant", "secondes"), CIBLE_MOIS),
    )
    atteintes = True
    for nom, duree, cible in lignes:
        rapport = duree / plancher
        manque = cible is not None and rapport > cible
        atteintes &= not manque
        print(f"{nom:<44}{duree:>9.2f} {rapport:>7.2f} {duree / strict:>8.2f}{f'  ← cible {cible}' if manque else ''}")
    print(f"\n{'processeur':<44}{'client s':>9} {'serveur':>7} {'× COPY':>8}")
    processeur = mesures["plancher_processeur_s"]["publie"]
    print(f"{'COPY du fichier publié':<44}{0:>9.2f} {processeur:>7.2f} {1:>8.2f}")
    for nom in ("premier_chargement", "meme_fichier", "mois_suivant"):
        client, serveur = median(nom, "client_s"), median(nom, "serveur_s")
        titre = nom.replace("_", " ").replace("meme", "même")
        print(f"{titre:<44}{client:>9.2f} {serveur:>7.2f} {(client + serveur) / processeur:>8.2f}")
    pic = max(m["mo"] for nom in ("premier_chargement", "meme_fichier", "mois_suivant") for m in mesures[nom])
    print(f"Mémoire du processus, au plus : {pic:.0f} Mo (cible {CIBLE_MO})")
    print(f"\n{'recherche':<36}{'p50 ms':>8} {'p95 ms':>8}")
    for genre, (p50, p95) in mesures["recherche_ms"].items():
        print(f"{genre:<36}{p50:>8.1f} {p95:>8.1f}{'  ← au-dessus de la cible' if p95 > CIBLE_RECHERCHE_MS else ''}")
    return atteintes and pic <= CIBLE_MO and mesures["recherche_ms"]["toutes"][1] < CIBLE_RECHERCHE_MS


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--lignes", type=int, default=500_000, help="lignes du fichier (500 000)")
    arguments.add_argument("--tours", type=int, default=3, help="fois que chaque chose est mesurée (3)")
    arguments.add_argument("--neuf", action="store_true", help="reconstruire la base de mesure")
    arguments.add_argument("--importer", type=Path, help=argparse.SUPPRESS)
    choix = arguments.parse_args()
    if choix.importer:
        import_here(choix.importer)
        return 0
    with measuring_database(lambda: None, neuf=choix.neuf, etat=ETAT):
        from appui.annuaire import write_extract, write_next

        fichiers = (RESULTATS / f"rpps-{choix.lignes}-1.txt", RESULTATS / f"rpps-{choix.lignes}-2.txt")
        if choix.neuf or not fichiers[1].exists():
            write_extract(fichiers[0], choix.lignes)
            write_next(*fichiers)
        mesures = measure(choix.lignes, choix.tours, fichiers)
    revision = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    mesures |= {
        "revision": revision.stdout.strip(),
        "coeurs": os.cpu_count(),
        "python": platform.python_version(),
        "octets": fichiers[0].stat().st_size,
    }
    atteintes = report(mesures)
    chemin = RESULTATS / "rpps.json"
    chemin.write_text(json.dumps(mesures, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\nÉcrit dans {chemin}")
    return 0 if atteintes else 1


if __name__ == "__main__":
    sys.exit(main())
