#!/usr/bin/env python3
"""Rebuild the shipped geography (communes, populations, contours) from named public packages. Run by hand.

    python -m venv v && v/bin/pip install -r outils/geodonnees/requirements.txt
    v/bin/python outils/construire_geodonnees.py --travail DOSSIER

The same packages give the same bytes. Without network, put the archives (.tgz, .whl) in --travail beforehand.
Sources, vintages, licences and derivation: docs/donnees.md.
"""

import argparse
from pathlib import Path

from geodonnees.contours import write_contours
from geodonnees.paquets import Archives
from geodonnees.polygones import build_polygones, read_mairies
from geodonnees.referentiel import read_referentiel
from geodonnees.tables import write_communes, write_departements_regions
from geodonnees.verification import find_discrepancies

LIVREES = Path(__file__).parent.parent / "src/maillon/communaute/territoire/donnees"


def build(archives: Archives, folder: Path) -> None:
    """Write every file of `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    print("Communes et populations")
    referentiel = read_referentiel(archives)
    write_departements_regions(folder / "departements_regions.csv.gz", referentiel)
    print("Polygones")
    polygones = build_polygones(archives, referentiel)
    write_communes(folder / "communes.csv.gz", referentiel, polygones, read_mairies(archives, polygones))
    print("Contours simplifiés")
    write_contours(polygones, referentiel, folder / "contours")


def main() -> None:
    parser = argparse.ArgumentParser(description="Reconstruit les communes, populations et contours livrés.")
    parser.add_argument("--travail", type=Path, default=Path("paquets"), help="dossier des paquets téléchargés")
    parser.add_argument("--sortie", type=Path, default=LIVREES, help="dossier des fichiers écrits")
    parser.add_argument("--verifier-seulement", action="store_true", help="relit et vérifie, sans construire")
    options = parser.parse_args()
    if not options.verifier_seulement:
        build(Archives(options.travail), options.sortie)
    if discrepancies := find_discrepancies(options.sortie):
        raise SystemExit("\n".join(discrepancies))
    print("Conforme aux chiffres publiés.")


if __name__ == "__main__":
    main()
