"""The archive: verified offline by the tool that everybody has, without what names people, the same bytes twice."""

import csv
import hashlib
import io
import json
import subprocess
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from fabriques.dossiers import D_UN_ACTE, D_UNE_VALEUR, DONNE, NOMINATIF, build_dossier
from maillon.pilotage.arretes.services import freeze_periode
from maillon.pilotage.contrats.actes import make_empreinte
from maillon.pilotage.contrats.donnees import DonneesPreuve, Piece
from maillon.pilotage.contrats.services import attach_preuve, record_constat, replace_preuve, withdraw_preuve
from maillon.pilotage.dossiers.documents.archive import ArchiveRefusee, Justificatif, write_archive
from maillon.pilotage.dossiers.enums import GenrePiece
from maillon.pilotage.dossiers.services.pieces import list_justificatifs, write_piece
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import read_fichier

LE = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def dossier(contrat):
    arrete = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Dialogue de gestion")
    return build_dossier(contrat, arrete)


def unfold(dossier, genre, tmp_path) -> Path:
    piece = dossier.pieces.select_related("fichier").get(genre=genre)
    lieu = tmp_path / genre
    with zipfile.ZipFile(io.BytesIO(read_fichier(piece.fichier))) as archive:
        assert archive.testzip() is None
        archive.extractall(lieu)
    return lieu


def verify(lieu: Path) -> subprocess.CompletedProcess:
    return subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=lieu, capture_output=True, text=True)


def read_manifeste(lieu: Path) -> list[dict[str, str]]:
    texte = (lieu / "MANIFESTE.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(texte), delimiter=";"))


def everything(lieu: Path) -> bytes:
    """Names and contents, texts of office documents unfolded."""
    morceaux = []
    for chemin in lieu.rglob("*"):
        morceaux.append(str(chemin.relative_to(lieu)).encode())
        if chemin.suffix in (".docx", ".xlsx"):
            with zipfile.ZipFile(chemin) as archive:
                morceaux += [archive.read(nom) for nom in archive.namelist()]
        elif chemin.is_file():
            morceaux.append(chemin.read_bytes())
    return b"\n".join(morceaux)


def test_a_sealed_pack_verifies_offline(dossier, tmp_path):
    lieu = unfold(dossier, GenrePiece.ARCHIVE, tmp_path)
    reponse = verify(lieu)
    assert reponse.returncode == 0, reponse.stdout + reponse.stderr
    listes = {ligne.split("  ", 1)[1] for ligne in (lieu / "SHA256SUMS").read_text().splitlines()}
    presents = {str(c.relative_to(lieu)) for c in lieu.rglob("*") if c.is_file()}
    assert presents == listes | {"SHA256SUMS"}
    # The seal itself: what was sealed bears the hash that is printed.
    assert hashlib.sha256((lieu / "arrete.json").read_bytes()).hexdigest() == dossier.arrete.empreinte
    assert json.loads((lieu / "arrete.json").read_text()) == dossier.arrete.contenu


def test_one_changed_byte_is_found(dossier, tmp_path):
    lieu = unfold(dossier, GenrePiece.ARCHIVE, tmp_path)
    victime = next(lieu.glob("justificatifs/*/*.pdf"))
    contenu = victime.read_bytes()
    victime.write_bytes(contenu[:-1] + bytes([contenu[-1] ^ 1]))
    reponse = verify(lieu)
    assert reponse.returncode == 1
    assert victime.name in reponse.stdout


def test_what_names_people_stays_and_says_why(dossier, tmp_path):
    lieu = unfold(dossier, GenrePiece.ARCHIVE, tmp_path)
    contenus = everything(lieu)
    assert DONNE in contenus
    assert D_UNE_VALEUR in contenus
    assert NOMINATIF not in contenus
    assert D_UN_ACTE not in contenus
    assert b"Durand" not in contenus
    # The hash of an act's document is made for its indicator: the document's own would cross two lists.
    brute = hashlib.sha256(D_UN_ACTE).hexdigest()
    assert brute.encode() not in contenus
    manifeste = read_manifeste(lieu)
    gardes = {ligne["sha256"]: ligne for ligne in manifeste if ligne["remis"] == "non"}
    assert set(gardes) == {hashlib.sha256(NOMINATIF).hexdigest(), make_empreinte(brute, code="ald")}
    assert all("gardé par la communauté" in ligne["motif"] and not ligne["fichier"] for ligne in gardes.values())


def test_what_was_withdrawn_or_said_to_name_people_since_the_seal_is_not_given(contrat, tmp_path):
    annuaire = contrat.indicateurs.get(code="annuaire")
    faits = {"libelle": "Compte rendu", "le": date(2026, 10, 5)}
    retire, nommant = (
        attach_preuve(indicateur=annuaire, nom="a.pdf", contenu=contenu, by=SYSTEME, **faits)
        for contenu in (b"%PDF-1.7 joint par erreur", b"%PDF-1.7 noms oublies")
    )
    arrete = freeze_periode(contrat=contrat, numero=3, by=SYSTEME, motif="Dialogue de gestion")
    withdraw_preuve(preuve=retire, motif="Autre réunion", by=SYSTEME)
    donnees = DonneesPreuve(**faits, nominative=True)
    replace_preuve(preuve=nommant, donnees=donnees, piece=Piece("b.pdf", b"%PDF-1.7 noms dits"), by=SYSTEME)
    lieu = unfold(build_dossier(contrat, arrete), GenrePiece.ARCHIVE, tmp_path)
    contenus = everything(lieu)
    assert DONNE in contenus
    assert b"joint par erreur" not in contenus
    assert b"noms oublies" not in contenus
    motifs = {ligne["sha256"]: ligne["motif"] for ligne in read_manifeste(lieu)}
    assert "retiré par la communauté" in motifs[retire.empreinte]
    assert "nomme des personnes" in motifs[nommant.empreinte]


def test_the_document_of_a_value_is_given_only_when_said_to_name_nobody(contrat, tmp_path):
    record_constat(
        indicateur=contrat.indicateurs.get(code="annuaire"),
        valeur=Decimal(2),
        le=date(2026, 10, 21),
        by=SYSTEME,
        source="feuille de Mme Durand",
        document=Piece("feuille.pdf", b"%PDF-1.7 feuille"),
    )
    lieu = unfold(build_dossier(contrat), GenrePiece.ARCHIVE, tmp_path)
    contenus = everything(lieu)
    assert D_UNE_VALEUR in contenus
    assert b"%PDF-1.7 feuille" not in contenus
    assert b"Durand" not in contenus
    motifs = {ligne["sha256"]: ligne["motif"] for ligne in read_manifeste(lieu)}
    assert "peut nommer des personnes" in motifs[hashlib.sha256(b"%PDF-1.7 feuille").hexdigest()]


def test_names_say_the_indicator_the_order_and_the_day(dossier, tmp_path):
    lieu = unfold(dossier, GenrePiece.ARCHIVE, tmp_path)
    remis = {ligne["fichier"] for ligne in read_manifeste(lieu) if ligne["remis"] == "oui"}
    assert remis == {
        "justificatifs/annuaire/annuaire-01-autre-2026-10-03.pdf",
        "justificatifs/annuaire/annuaire-03-autre-2026-10-20.csv",
    }


def test_the_complete_archive_is_for_the_community_alone(dossier, tmp_path):
    piece = dossier.pieces.get(genre=GenrePiece.ARCHIVE_COMPLETE)
    assert piece.interne
    assert piece.fichier.permission == "dossiers.preparer"
    lieu = unfold(dossier, GenrePiece.ARCHIVE_COMPLETE, tmp_path)
    assert verify(lieu).returncode == 0
    assert dossier.pieces.get(genre=GenrePiece.ARCHIVE).fichier.permission == "dossiers.preparer"
    contenus = everything(lieu)
    assert NOMINATIF in contenus
    assert D_UN_ACTE in contenus
    assert "reste\r\n  dans la communauté".encode() in contenus


@pytest.mark.parametrize("genre", list(GenrePiece))
def test_the_same_content_gives_the_same_bytes(dossier, tmp_path, genre):
    if not dossier.pieces.filter(genre=genre).exists():
        assert genre is GenrePiece.TABLEAU
        return
    write_piece(dossier, genre, tmp_path / "encore")
    assert hashlib.sha256((tmp_path / "encore").read_bytes()).hexdigest() == dossier.pieces.get(genre=genre).empreinte


def test_a_lost_or_altered_document_stops_the_archive(dossier, tmp_path):
    justificatif = next(j for j in list_justificatifs(dossier, complete=False) if j.contenu is not None)
    justificatif.contenu.write_bytes(b"%PDF-1.7 autre chose")
    with pytest.raises(ArchiveRefusee, match="modifié hors de Maillon"):
        write_piece(dossier, GenrePiece.ARCHIVE, tmp_path / "archive")
    justificatif.contenu.unlink()
    with pytest.raises(ArchiveRefusee, match="plus sur le disque"):
        write_piece(dossier, GenrePiece.ARCHIVE, tmp_path / "archive")


def make_justificatif(chemin: Path | None, **champs) -> Justificatif:
    valeurs = {
        "code": "ald", "indicateur": "ALD", "genre": "liste", "genre_libelle": "liste", "libelle": "Liste",
        "le": "2026-10-01", "acte": "", "version": 1, "empreinte": "a" * 64, "extension": ".pdf", "contenu": chemin,
    }  # fmt: skip
    return Justificatif(**{**valeurs, **champs})


def test_a_large_document_never_fills_the_memory(tmp_path):
    gros = tmp_path / "gros"
    gros.write_bytes(b"0" * 60_000_000)
    attendue = hashlib.sha256(gros.read_bytes()).hexdigest()
    tracemalloc.start()
    write_archive(
        tmp_path / "a.zip", documents=[], justificatifs=[make_justificatif(gros, attendue=attendue)],
        sceau="", communaute="", le=LE, complete=False,
    )  # fmt: skip
    _, sommet = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sommet < 12_000_000


def test_the_manifest_is_never_read_as_formulas(tmp_path):
    piege = make_justificatif(None, libelle="=HYPERLINK(1)", motif="gardé")
    write_archive(
        tmp_path / "a.zip", documents=[], justificatifs=[piege], sceau="", communaute="", le=LE, complete=False
    )
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert ";'=HYPERLINK(1);" in archive.read("MANIFESTE.csv").decode("utf-8-sig")
