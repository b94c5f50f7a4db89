"""The archive of a pack: documents and evidence under plain names, a manifest, and hashes that anyone can check."""

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maillon.socle.ui.listes.exports import neutralise

BLOC = 1024 * 1024
MANIFESTE = "MANIFESTE.csv"
LISEZMOI = "LISEZMOI.txt"
SOMMES = "SHA256SUMS"
# Already compressed: deflating them again would only take time.
COMPRESSES = (".pdf", ".png", ".jpg", ".docx", ".xlsx", ".zip")


class ArchiveRefusee(ValueError):
    """Why an archive cannot be made, in French."""


@dataclass(frozen=True, slots=True)
class Justificatif:
    """A document of the evidence. `contenu` is where it lies, None when it is not given: `motif` then says why.

    `empreinte` is the hash that is published: for the document of one act, that of its indicator. `attendue` is the
    hash of the bytes themselves.
    """

    code: str
    indicateur: str
    genre: str
    genre_libelle: str
    libelle: str
    le: str
    acte: str
    version: int
    empreinte: str
    attendue: str = ""
    contenu: Path | None = None
    extension: str = ""
    motif: str = ""


class _Plume:
    """Writes entries one after the other, by blocks, and remembers their hashes."""

    def __init__(self, chemin: Path, le: datetime) -> None:
        self.le = le
        self.archive = zipfile.ZipFile(chemin, "w", allowZip64=True)
        self.sommes: list[tuple[str, str]] = []

    def add(self, nom: str, source: io.BufferedIOBase | io.BytesIO) -> str:
        entree = zipfile.ZipInfo(nom, max(self.le.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
        entree.compress_type = zipfile.ZIP_STORED if nom.lower().endswith(COMPRESSES) else zipfile.ZIP_DEFLATED
        entree.create_system = 3
        entree.external_attr = 0o644 << 16
        somme = hashlib.sha256()
        with self.archive.open(entree, "w", force_zip64=True) as cible:
            while bloc := source.read(BLOC):
                somme.update(bloc)
                cible.write(bloc)
        self.sommes.append((somme.hexdigest(), nom))
        return somme.hexdigest()

    def add_bytes(self, nom: str, contenu: bytes) -> str:
        return self.add(nom, io.BytesIO(contenu))


def write_archive(
    chemin: Path,
    *,
    documents: Iterable[tuple[str, bytes]],
    justificatifs: Iterable[Justificatif],
    sceau: str,
    communaute: str,
    le: datetime,
    complete: bool,
) -> None:
    """Write the archive at `chemin`. The same content gives the same bytes: entries in order, all dated `le`.

    `documents` are given whole (they are small); evidence is streamed from disk. Raises ArchiveRefusee when a document
    is lost or differs from its hash.
    """
    justificatifs = list(justificatifs)
    plume = _Plume(chemin, le)
    with plume.archive:
        for nom, contenu in documents:
            plume.add_bytes(nom, contenu)
        noms = _add_justificatifs(plume, justificatifs)
        plume.add_bytes(MANIFESTE, build_manifeste(justificatifs, noms))
        plume.add_bytes(LISEZMOI, build_lisezmoi(plume.sommes, sceau, communaute, justificatifs, complete=complete))
        sommes = "".join(f"{somme}  {nom}\n" for somme, nom in sorted(plume.sommes, key=lambda paire: paire[1]))
        plume.add_bytes(SOMMES, sommes.encode())


def _add_justificatifs(plume: _Plume, justificatifs: list[Justificatif]) -> list[str]:
    """The name of each in the archive; empty for one that is not given."""
    rangs: Counter[str] = Counter()
    noms = []
    for justificatif in justificatifs:
        rangs[justificatif.code] += 1
        if justificatif.contenu is None:
            noms.append("")
            continue
        nom = name_justificatif(justificatif, rangs[justificatif.code])
        try:
            with justificatif.contenu.open("rb") as source:
                somme = plume.add(nom, source)
        except OSError:
            raise ArchiveRefusee(
                f"Un justificatif de « {justificatif.indicateur} » n’est plus sur le disque. "
                "Prévenez la personne qui administre Maillon."
            ) from None
        if somme != justificatif.attendue:
            raise ArchiveRefusee(
                f"Un justificatif de « {justificatif.indicateur} » a été modifié hors de Maillon : son empreinte ne "
                "correspond plus. Prévenez la personne qui administre Maillon."
            )
        noms.append(nom)
    return noms


def name_justificatif(justificatif: Justificatif, rang: int) -> str:
    """« justificatifs/sas-medecins/sas-medecins-01-liste-2026-09-08.pdf »: nothing of the sender's own name."""
    code = justificatif.code
    genre = justificatif.genre.replace("_", "-")
    return f"justificatifs/{code}/{code}-{rang:02}-{genre}-{justificatif.le}{justificatif.extension}"


def build_manifeste(justificatifs: Iterable[Justificatif], noms: Iterable[str]) -> bytes:
    """One line a document, given or not: UTF-8 with a byte order mark and semicolons, texts neutralised."""
    sortie = io.StringIO()
    plume = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    plume.writerow(
        ["fichier", "indicateur", "code", "genre", "date", "document", "acte", "version", "sha256", "remis", "motif"]
    )
    for justificatif, nom in zip(justificatifs, noms, strict=True):
        textes = (nom, justificatif.indicateur, justificatif.code, justificatif.genre_libelle, justificatif.le)
        suite = (justificatif.libelle, justificatif.acte, str(justificatif.version), justificatif.empreinte)
        fin = ("oui" if nom else "non", justificatif.motif)
        plume.writerow([neutralise(mot) for mot in (*textes, *suite, *fin)])
    return sortie.getvalue().encode("utf-8-sig")


def build_lisezmoi(
    sommes: Iterable[tuple[str, str]],
    sceau: str,
    communaute: str,
    justificatifs: list[Justificatif],
    *,
    complete: bool,
) -> bytes:
    """What the archive holds, how to check it, what is not in it."""
    donnes = sum(1 for justificatif in justificatifs if justificatif.contenu is not None)
    gardes = len(justificatifs) - donnes
    racine = [nom for _, nom in sommes if "/" not in nom and nom != MANIFESTE]
    lignes = [
        f"{communaute}",
        "Dossier de dialogue de gestion : documents et justificatifs",
        "",
        sceau,
        "",
        "CE QUE CONTIENT CETTE ARCHIVE",
        *(f"  {nom}" for nom in racine),
        f"  {MANIFESTE} : un justificatif par ligne, avec son indicateur, sa date et son empreinte",
        f"  justificatifs/ : {donnes} document{'s' if donnes > 1 else ''}, un dossier par indicateur",
        f"  {SOMMES} : l’empreinte SHA-256 de chaque fichier",
        "",
        "VÉRIFIER",
        "  Dans le dossier où l’archive est ouverte :",
        f"    sha256sum -c {SOMMES}",
        "  Sur un Mac : shasum -a 256 -c SHA256SUMS. Sous Windows : certutil -hashfile FICHIER SHA256.",
    ]
    if "arrete.json" in racine:
        lignes += [
            "  L’empreinte de arrete.json est celle de l’arrêté : elle est imprimée au pied de chaque document.",
        ]
    if complete:
        lignes += ["", "ATTENTION", "  Cette archive contient des documents qui nomment des personnes : elle reste"]
        lignes += ["  dans la communauté."]
    elif gardes:
        lignes += ["", "CE QUI N’Y EST PAS"]
        lignes += [
            f"  {gardes} document{'s' if gardes > 1 else ''} : la communauté les garde et les présente sur place."
        ]
        lignes += ["  Le manifeste donne l’empreinte de chacun et la raison."]
    return ("\r\n".join(lignes) + "\r\n").encode()
