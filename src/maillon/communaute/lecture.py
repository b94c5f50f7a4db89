"""Opening the national files that an operator gives, and cutting them into blocks of whole lines. Pure: no database.

Memory holds one block, whatever the file: its size is known before, a line that does not end is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from maillon.socle.ui.typographie import format_nombre

# What stays in the processor's cache while it is cut up.
BLOC = 1 << 19
# A line of the national files is under 1 000 bytes; beyond this, what is read is not one of them.
LIGNE_LISIBLE = 1 << 20
# The whole directory unfolds into one gigabyte, ten times its archive.
DEPLIE_MAX = 8_000_000_000
RAPPORT_MAX = 60
RAPPORT_LIBRE = 100_000_000
ENTREES_MAX = 50
ILLISIBLE = "caractères illisibles, ou d’un autre codage que le reste du fichier"
CONTROLE = "caractère de commande"


class FichierRefuse(ValueError):
    """Why a file cannot be imported, in French, with what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Refus:
    """A line that was left out. `ligne` counts from 1, the header's; 0 for one that an identical line replaces."""

    fichier: str
    ligne: int
    raison: str
    contenu: str


@dataclass(frozen=True, slots=True)
class Source:
    """A text to read: a file, or one entry of an archive. `taille` is its size in bytes, once unfolded."""

    nom: str
    taille: int
    chemin: Path
    entree: str = ""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes of the text, unfolded on the way. A broken archive is a FichierRefuse, then or later."""
        if not self.entree:
            with self.chemin.open("rb", buffering=0) as file:
                yield file
            return
        try:
            with zipfile.ZipFile(self.chemin) as archive, archive.open(self.entree) as file:
                yield file  # type: ignore[misc]
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise FichierRefuse(
                f"L’archive « {self.chemin.name} » est abîmée ou incomplète : téléchargez-la de nouveau."
            ) from error


def list_sources(chemins: Sequence[Path]) -> list[Source]:
    """The texts of these files and archives. Raises FichierRefuse for a broken or a swollen archive."""
    sources: list[Source] = []
    for chemin in chemins:
        with chemin.open("rb") as file:
            debut = file.read(4)
        sources += _list_entries(chemin) if debut == b"PK\x03\x04" else [Source(chemin.name, _size(chemin), chemin)]
    return sources


def _size(chemin: Path) -> int:
    if not (taille := chemin.stat().st_size):
        raise FichierRefuse(f"Le fichier « {chemin.name} » est vide.")
    return taille


def _list_entries(chemin: Path) -> list[Source]:
    try:
        with zipfile.ZipFile(chemin) as archive:
            entrees = [entree for entree in archive.infolist() if entree.filename.lower().endswith((".txt", ".csv"))]
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise FichierRefuse(
            f"L’archive « {chemin.name} » est abîmée ou incomplète : téléchargez-la de nouveau."
        ) from error
    if not entrees or len(entrees) > ENTREES_MAX or any(entree.flag_bits & 1 for entree in entrees):
        raise FichierRefuse(
            f"L’archive « {chemin.name} » ne contient pas, en clair, les fichiers attendus (.txt ou .csv)."
        )
    deplie = sum(entree.file_size for entree in entrees)
    plie = max(sum(entree.compress_size for entree in entrees), 1)
    if deplie > DEPLIE_MAX or (deplie > RAPPORT_LIBRE and deplie > plie * RAPPORT_MAX):
        raise FichierRefuse(
            f"L’archive « {chemin.name} » se déplierait en {format_nombre(deplie // 1_000_000)} Mo : "
            "ce n’est pas un fichier national."
        )
    return [Source(Path(entree.filename).name, entree.file_size, chemin, entree.filename) for entree in entrees]


def read_blocks(file: BinaryIO, nom: str, *, advance: Callable[[int], None] = lambda octets: None) -> Iterator[bytes]:
    """Blocks of whole lines, the last one ended if it was not. Raises FichierRefuse for a line without end."""
    reste = b""
    while morceau := file.read(BLOC):
        advance(len(morceau))
        coupe = morceau.rfind(b"\n") + 1
        if not coupe:
            reste += morceau
            if len(reste) > LIGNE_LISIBLE:
                raise FichierRefuse(
                    f"« {nom} » a une ligne de plus d’un million de caractères : ce n’est pas un fichier national."
                )
            continue
        yield b"".join((reste, memoryview(morceau)[:coupe]))
        reste = morceau[coupe:]
        if len(reste) > LIGNE_LISIBLE:
            raise FichierRefuse(
                f"« {nom} » a une ligne de plus d’un million de caractères : ce n’est pas un fichier national."
            )
    if reste:
        yield reste + b"\n"


def find_extraction(nom: str) -> date | None:
    """The day that the name of a published file says: `…_202611150800.txt`, `…20261115-….csv`."""
    trouve = re.search(r"(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])", nom)
    if trouve is None:
        return None
    try:
        return date(int(trouve[1]), int(trouve[2]), int(trouve[3]))
    except ValueError:
        return None


class Codage:
    """Which encoding a file is in: its first line that is not plain ASCII decides, the others must agree."""

    def __init__(self) -> None:
        self.nom = ""

    def check(self, lignes: list[bytes], bloc: bytes) -> tuple[list[bytes], list[tuple[int, str]]]:
        """The lines of a block in UTF-8, the unreadable ones emptied, with their rank and reason."""
        if b"\0" not in bloc and b"\r" not in bloc:
            if bloc.isascii():
                return lignes, []
            if self.nom in ("", "utf-8") and _is_utf8(bloc):
                self.nom = "utf-8"
                return lignes, []
        return self._check_each(lignes)

    def _check_each(self, lignes: list[bytes]) -> tuple[list[bytes], list[tuple[int, str]]]:
        bonnes: list[bytes] = []
        refus: list[tuple[int, str]] = []
        for rang, ligne in enumerate(lignes):
            propre, raison = self._read(ligne)
            bonnes.append(propre)
            if raison:
                refus.append((rang, raison))
        return bonnes, refus

    def _read(self, ligne: bytes) -> tuple[bytes, str]:
        if b"\0" in ligne or b"\r" in ligne:
            return b"", CONTROLE
        if ligne.isascii():
            return ligne, ""
        codage = "utf-8" if _is_utf8(ligne) else "cp1252"
        self.nom = self.nom or codage
        if codage != self.nom:
            return b"", ILLISIBLE
        if codage == "utf-8":
            return ligne, ""
        try:
            return ligne.decode("cp1252").encode(), ""
        except UnicodeDecodeError:
            return b"", ILLISIBLE


def _is_utf8(octets: bytes) -> bool:
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True
