"""A workbook sent by anybody: read, or refused in French; never an error of the library, never a full memory."""

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress

import openpyxl
import pytest

from maillon.socle.fichiers import classeurs
from maillon.socle.fichiers.classeurs import ClasseurIllisible, open_classeur
from maillon.socle.fichiers.contenu import detect_type


def make_classeur() -> bytes:
    classeur = openpyxl.Workbook()
    classeur.active.append(["Mission", "Montant"])
    classeur.active.append(["acces", "=1+1"])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def change(contenu: bytes, nom: str, texte: bytes) -> bytes:
    """The same archive with one member replaced."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as avant, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as apres:
        for membre in avant.namelist():
            apres.writestr(membre, texte if membre == nom else avant.read(membre))
    return sortie.getvalue()


def read(contenu: bytes) -> list[tuple[object, ...]]:
    with open_classeur(contenu) as classeur:
        return [tuple(ligne) for ligne in classeur.worksheets[0].iter_rows(values_only=True)]


def test_rows_are_read_and_a_formula_is_never_computed():
    assert read(make_classeur()) == [("Mission", "Montant"), ("acces", None)]
    with open_classeur(make_classeur(), entier=True) as classeur:
        assert classeur.active["B2"].value == "=1+1"


@pytest.mark.parametrize(
    "contenu",
    [
        b"",
        b"PK\x03\x04 rien",
        b"%PDF-1.7",
        change(make_classeur(), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"),
        change(make_classeur(), "xl/workbook.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><workbook>&a;</workbook>"),
        change(make_classeur(), "[Content_Types].xml", b"<Types/>"),
    ],
    ids=["empty", "truncated", "pdf", "row cut", "entity", "without types"],
)
def test_what_is_broken_is_refused_in_french(contenu):
    with pytest.raises(ClasseurIllisible, match="pas un classeur Excel"):
        read(contenu)


def test_the_caller_s_own_refusal_passes():
    class Refus(ValueError):
        pass

    with pytest.raises(Refus), open_classeur(make_classeur(), laisse=Refus):
        raise Refus


@pytest.mark.parametrize("entier", [False, True])
def test_a_bomb_is_refused_before_it_is_unfolded(entier):
    bombe = change(make_classeur(), "xl/worksheets/sheet1.xml", b"0" * (classeurs.DEPLIE_MAX + 1))
    assert len(bombe) < 1_000_000
    tracemalloc.start()
    with pytest.raises(ClasseurIllisible, match="trop gros une fois ouvert"), open_classeur(bombe, entier=entier):
        pass
    _, sommet = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sommet < 5_000_000


def test_random_bytes_changed_never_raise_anything_else():
    contenu, hasard = make_classeur(), random.Random(3)
    for _ in range(150):
        abime = bytearray(contenu)
        for _ in range(hasard.randint(1, 6)):
            abime[hasard.randrange(len(abime))] = hasard.randrange(256)
        detect_type(bytes(abime))
        with suppress(ClasseurIllisible):
            read(bytes(abime))
