"""Rebuilds the vendored browser assets from pinned npm packages, with their hashes and licences.

Usage: python outils/fournir_actifs.py            (needs npm; the network is used only here)
       python outils/fournir_actifs.py --icones   (lists the icons of the sprite)

Each file is copied as published, except that `sourceMappingURL` comments are dropped (the maps are not shipped)
and that the font's style sheet is our own. The manifest that it writes is verified by the tests.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
TIERS = RACINE / "src/maillon/socle/ui/static/ui/tiers"
MANIFESTE = RACINE / "src/maillon/socle/ui/static/ui/tiers/manifeste.json"
DOCUMENT = RACINE / "docs/tiers.md"


@dataclass(frozen=True)
class Paquet:
    """One npm package at one version: which files are taken, and where they go (relative to the repository)."""

    nom: str
    version: str
    licence: str
    usage: str
    fichiers: tuple[tuple[str, str], ...]


DESTINATION = "src/maillon/socle/ui/static/ui/tiers/"
PAQUETS = (
    Paquet(
        "bootstrap",
        "5.3.9",
        "MIT",
        "grille, formulaires et utilitaires CSS (aucun script)",
        (
            ("dist/css/bootstrap.min.css", DESTINATION + "bootstrap/bootstrap.min.css"),
            ("LICENSE", DESTINATION + "bootstrap/LICENSE.txt"),
        ),
    ),
    Paquet(
        "htmx.org",
        "2.0.11",
        "0BSD",
        "listes qui filtrent pendant la frappe, panneaux",
        (
            ("dist/htmx.min.js", DESTINATION + "htmx/htmx.min.js"),
            ("LICENSE", DESTINATION + "htmx/LICENSE.txt"),
        ),
    ),
    Paquet(
        "@fontsource-variable/source-sans-3",
        "5.3.0",
        "OFL-1.1",
        "caractère Source Sans 3 (latin et latin étendu)",
        (
            *(
                (f"files/source-sans-3-{jeu}-wght-{style}.woff2", f"{DESTINATION}source-sans-3/{jeu}-{style}.woff2")
                for jeu in ("latin", "latin-ext")
                for style in ("normal", "italic")
            ),
            ("LICENSE", DESTINATION + "source-sans-3/LICENSE.txt"),
        ),
    ),
    Paquet(
        "@tabler/icons",
        "3.51.0",
        "MIT",
        "icônes, réunies dans une seule image",
        (("LICENSE", DESTINATION + "icones/LICENSE.txt"),),
    ),
    Paquet(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        "contrôle d’accessibilité, dans les essais seulement",
        (
            ("axe.min.js", "tests/navigateur/axe.min.js"),
            ("LICENSE", "tests/navigateur/axe.LICENSE.txt"),
        ),
    ),
)

# The names are those of Tabler Icons (outline); only these are shipped.
ICONES = """
accessible activity alert-circle alert-triangle ambulance archive arrow-back-up arrow-down arrow-left
arrow-narrow-right arrow-right arrow-up arrows-exchange arrows-sort award ban bell bolt book briefcase
brightness building building-community building-hospital calendar calendar-event calendar-plus calendar-stats
calendar-time certificate chart-bar chart-dots chart-line check checklist checks chevron-down chevron-left
chevron-right chevron-up chevrons-right circle circle-check circle-dashed circle-dot circle-half-2 circle-x
clipboard-check clipboard-list clock clock-exclamation clock-pause coin-euro columns-3 copy credit-card dental
device-desktop device-mobile door-enter door-exit dots dots-vertical download edit emergency-bed external-link
eye eye-off file file-check file-description file-download file-spreadsheet file-text file-type-csv
file-type-pdf files filter first-aid-kit flag folder gauge gavel hand-stop heart heart-handshake heartbeat
help help-circle history home home-heart hourglass id inbox info-circle key language layout-list link list
list-check list-details loader lock lock-open login logout mail mail-check mail-x map map-2 map-pin
medical-cross menu-2 message message-2 messages minus mood-smile moon network note notes nurse package
paperclip pencil percentage phone phone-call pill pin player-pause player-play plus point printer progress
qrcode refresh report report-analytics report-money rotate route ruler-measure scale school search send
settings share shield shield-check shield-lock signature star stethoscope sun table target ticket trash
trending-down trending-up upload urgent user user-check user-circle user-heart user-off user-plus
user-question user-search user-x users users-group vaccine video wallet wand wheelchair wifi-off world x
zoom-in
""".split()  # noqa: SIM905


def fetch(paquet: Paquet, dossier: Path) -> Path:
    """Downloads and unpacks one package; returns the directory of its files."""
    sortie = subprocess.run(
        ["npm", "pack", f"{paquet.nom}@{paquet.version}", "--silent", "--pack-destination", str(dossier)],
        check=True,
        capture_output=True,
        text=True,
    )
    cible = dossier / re.sub(r"\W+", "_", paquet.nom)
    with tarfile.open(dossier / sortie.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(cible, filter="data")
    return cible / "package"


def strip_source_map(contenu: bytes) -> bytes:
    """Drops the reference to a map that is not shipped (a browser would ask for it in vain)."""
    return re.sub(rb"\n?(?://|/\*)[#@] ?sourceMappingURL=\S+(?: ?\*/)?", b"", contenu)


def build_sprite(source: Path) -> bytes:
    """One SVG file holding each icon as a symbol, stroke inherited from the text around it."""
    symboles = []
    for nom in sorted(set(ICONES)):
        svg = (source / "icons" / "outline" / f"{nom}.svg").read_text(encoding="utf-8")
        traits = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)
        if traits is None:
            raise SystemExit(f"L’icône {nom} n’a pas la forme attendue.")
        dessin = re.sub(r"\s+", " ", traits.group(1)).strip()
        symboles.append(
            f'<symbol id="{nom}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
            f'stroke-linecap="round" stroke-linejoin="round">{dessin}</symbol>'
        )
    return ('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symboles) + "\n</svg>\n").encode()


def write_document(lignes: list[dict[str, str]]) -> None:
    """The list of third-party files for people: docs/tiers.md."""
    texte = [
        "# Fichiers de tiers livrés avec Maillon",
        "",
        "Écrit par `outils/fournir_actifs.py`, vérifié par les essais. Chaque fichier vient du paquet npm indiqué, tel",
        "que publié (seule retouche : le lien vers la carte des sources est retiré). Ces licences sont compatibles",
        "avec l’AGPL-3.0-or-later. Les bibliothèques Python sont listées dans `docs/dependances.md`.",
        "",
        "| Paquet | Version | Licence | Usage |",
        "|---|---|---|---|",
        *(f"| {p.nom} | {p.version} | {p.licence} | {p.usage} |" for p in PAQUETS),
        "",
        "| Fichier | Paquet | SHA-256 |",
        "|---|---|---|",
        *(f"| `{li['fichier']}` | {li['paquet']} {li['version']} | `{li['sha256']}` |" for li in lignes),
        "",
    ]
    DOCUMENT.write_text("\n".join(texte), encoding="utf-8")


def main() -> None:
    if "--icones" in sys.argv:
        print(" ".join(sorted(set(ICONES))))
        return
    lignes: list[dict[str, str]] = []

    def write(paquet: Paquet, destination: str, contenu: bytes) -> None:
        cible = RACINE / destination
        cible.parent.mkdir(parents=True, exist_ok=True)
        cible.write_bytes(contenu)
        lignes.append(
            {
                "fichier": destination,
                "paquet": paquet.nom,
                "version": paquet.version,
                "licence": paquet.licence,
                "sha256": hashlib.sha256(contenu).hexdigest(),
            }
        )

    with tempfile.TemporaryDirectory() as temporaire:
        for paquet in PAQUETS:
            print(f"{paquet.nom} {paquet.version}")
            source = fetch(paquet, Path(temporaire))
            for origine, destination in paquet.fichiers:
                write(paquet, destination, strip_source_map((source / origine).read_bytes()))
            if paquet.nom == "@tabler/icons":
                write(paquet, DESTINATION + "icones/icones.svg", build_sprite(source))
    MANIFESTE.write_text(json.dumps(lignes, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_document(lignes)


if __name__ == "__main__":
    main()
