"""Opening the files of an operator: what is not one is refused at once, in bounded memory."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from fabriques.annuaire_national import make_activite, write_archive, write_fichier
from maillon.communaute import lecture
from maillon.communaute.lecture import (
    FichierRefuse,
    find_extraction,
    list_sources,
    read_blocks,
)


class SansFin(io.RawIOBase):
    """Two gigabytes on one line, made as they are read."""

    lus = 0

    def read(self, taille: int = -1) -> bytes:
        self.lus += taille
        return b"a" * taille if self.lus < 2_000_000_000 else b""


def test_a_line_without_end_is_refused_after_a_few_megabytes():
    file = SansFin()
    with pytest.raises(FichierRefuse, match="ligne de plus d’un million"):
        list(read_blocks(file, "essai.txt"))
    assert file.lus < 20_000_000


def test_blocks_hold_whole_lines_and_say_how_far_they_are(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lecture, "BLOC", 7)
    texte = b"un\ndeux et trois\nquatre\n\ncinq"
    lus: list[int] = []
    blocs = list(read_blocks(io.BytesIO(texte), "essai", advance=lus.append))
    assert all(bloc.endswith(b"\n") for bloc in blocs)
    assert b"".join(blocs) == texte + b"\n"
    assert sum(lus) == len(texte)


def _archive(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "ps.zip", write_fichier(tmp_path / "a.txt", [make_activite(n) for n in range(500)]))


def test_broken_archives(tmp_path: Path):
    archive = _archive(tmp_path)
    entier = archive.read_bytes()
    archive.write_bytes(entier[:-200])
    with pytest.raises(FichierRefuse, match="abîmée ou incomplète"):
        list_sources([archive])
    archive.write_bytes(entier[:300] + b"\xff" * 40 + entier[340:])
    [source] = list_sources([archive])
    with pytest.raises(FichierRefuse, match="abîmée ou incomplète"), source.open() as file:
        list(read_blocks(file, source.nom))


def test_swollen_archives_are_refused_unopened(tmp_path: Path):
    bombe = tmp_path / "bombe.zip"
    with zipfile.ZipFile(bombe, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w") as entree:
        for _ in range(120):
            entree.write(b"\n" * 1_000_000)
    with pytest.raises(FichierRefuse, match="se déplierait en 120 Mo"):
        list_sources([bombe])


def test_archives_without_text_and_empty_files(tmp_path: Path):
    image = tmp_path / "photo.png"
    image.write_bytes(b"\x89PNG")
    with pytest.raises(FichierRefuse, match="ne contient pas"):
        list_sources([write_archive(tmp_path / "photos.zip", image)])
    (tmp_path / "vide.txt").touch()
    with pytest.raises(FichierRefuse, match="est vide"):
        list_sources([tmp_path / "vide.txt"])


def test_the_day_of_an_extraction_is_in_its_name():
    assert find_extraction("PS_LibreAcces_Personne_activite_202611150830.txt") == date(2026, 11, 15)
    assert find_extraction("etalab-cs1100502-stock-20261102-0339.csv") == date(2026, 11, 2)
    assert find_extraction("PS_20260231.txt") is None
    assert find_extraction("annuaire.txt") is None
