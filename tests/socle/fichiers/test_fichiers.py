"""Documents: recognised by content, refused in French, opened only by those who may, always as an attachment."""

import io
import zipfile
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.test import RequestFactory

from fabriques.droits import make_cpts
from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME, Acteur
from maillon.socle.droits.enums import Genre, Role
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import TAILLE_MAX, FichierRefuse, clean_nom, read_fichier, store_fichier
from maillon.socle.fichiers.views import telecharger
from maillon.socle.journal.models import Entree


def bureautique(*noms: str, deplie: int = 10) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom in ("[Content_Types].xml", *noms):
            archive.writestr(nom, b"0" * deplie)
    return tampon.getvalue()


@pytest.fixture
def cpts(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    cpts = make_cpts()
    with use_cpts(cpts.pk):
        yield cpts


def store(cpts, nom, contenu):
    return store_fichier(cpts_id=cpts.pk, nom=nom, contenu=contenu, by=SYSTEME)


@pytest.mark.parametrize(
    ("nom", "contenu", "attendu"),
    [
        ("émargement.pdf", b"%PDF-1.7\n", TypeFichier.PDF),
        ("photo.PNG", b"\x89PNG\r\n\x1a\nxx", TypeFichier.PNG),
        ("photo.jpeg", b"\xff\xd8\xff\xe0xx", TypeFichier.JPEG),
        ("cr.docx", bureautique("word/document.xml"), TypeFichier.DOCX),
        ("suivi.xlsx", bureautique("xl/workbook.xml"), TypeFichier.XLSX),
        ("note.txt", "Réunion tenue".encode(), TypeFichier.TXT),
        ("note.txt", "Réunion tenue".encode("cp1252"), TypeFichier.TXT),
        ("liste.csv", b"date;nombre\n2026-01-01;4\n", TypeFichier.CSV),
    ],
)
def test_the_content_says_the_type(cpts, nom, contenu, attendu):
    fichier = store(cpts, nom, contenu)
    assert (fichier.type, fichier.nom) == (attendu, nom)
    assert read_fichier(fichier) == contenu
    assert "émargement" not in fichier.chemin
    assert Entree.objects.get(evenement="fichiers.depose").details["empreinte"] == fichier.empreinte


@pytest.mark.parametrize(
    ("nom", "contenu", "phrase"),
    [
        ("page.pdf", b"<html><script>alert(1)</script>", "n’est pas d’un type accepté"),
        ("page.txt", b"\n  <!DOCTYPE html><p>x", "n’est pas d’un type accepté"),
        ("note.txt", b"bonjour <script>alert(1)</script>", "n’est pas d’un type accepté"),
        ("image.svg", b"<svg onload=alert(1)>", "n’est pas d’un type accepté"),
        ("page.html", b"%PDF-1.7", "du type PDF, mais son nom finit par « .html »"),
        ("page", b"%PDF-1.7", "du type PDF, mais son nom finit par « rien »"),
        ("outil.exe", b"MZ\x90\x00\x03", "n’est pas d’un type accepté"),
        ("outil.pdf", b"MZ\x90\x00\x03", "n’est pas d’un type accepté"),
        ("macro.docx", bureautique("word/document.xml", "word/vbaProject.bin"), "sans macro"),
        ("archive.docx", bureautique("autre.txt"), "n’est pas d’un type accepté"),
        ("casse.docx", b"PK\x03\x04 rien", "n’est pas d’un type accepté"),
        ("vide.pdf", b"", "est vide"),
        ("gros.pdf", b"%PDF-" + b"0" * TAILLE_MAX, "pèse 10,0 Mo ; la limite est de 10 Mo"),
    ],
)
def test_anything_else_is_refused_and_nothing_is_kept(cpts, settings, nom, contenu, phrase):
    with pytest.raises(FichierRefuse) as refus:
        store(cpts, nom, contenu)
    assert phrase in str(refus.value).replace("\u202f", " ").replace("\u00a0", " ")
    assert not Fichier.objects.exists()
    assert not [chemin for chemin in Path(settings.MEDIA_ROOT).rglob("*") if chemin.is_file()]


def test_a_document_that_unfolds_without_end_is_refused(cpts, monkeypatch):
    monkeypatch.setattr("maillon.socle.fichiers.contenu.DEPLIE_MAX", 1000)
    with pytest.raises(FichierRefuse):
        store(cpts, "bombe.xlsx", bureautique("xl/workbook.xml", deplie=2000))


@pytest.mark.parametrize(
    ("nom", "attendu"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 156 + ".pdf"),
    ],
)
def test_names_are_only_names(nom, attendu):
    assert clean_nom(nom) == attendu


def test_an_altered_or_lost_document_says_so(cpts, settings):
    fichier = store(cpts, "a.pdf", b"%PDF-1.7")
    chemin = Path(settings.MEDIA_ROOT) / fichier.chemin
    chemin.write_bytes(b"%PDF-1.8")
    with pytest.raises(FichierRefuse, match="modifié hors de Maillon"):
        read_fichier(fichier)
    chemin.unlink()
    with pytest.raises(FichierRefuse, match="plus sur le disque"):
        read_fichier(fichier)


def test_a_document_is_kept_for_ever(cpts):
    store(cpts, "a.pdf", b"%PDF-1.7")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Fichier.objects.update(nom="b.pdf")


def ask(cpts, fichier, *roles):
    request = RequestFactory().get("/")
    request.cpts = cpts
    request.acteur = Acteur(genre=Genre.MEMBRE, cpts_id=cpts.pk, roles=frozenset(roles))
    return telecharger(request, slug=cpts.slug, pk=fichier.pk)


def test_it_is_served_as_an_attachment_that_no_browser_runs(cpts):
    fichier = store(cpts, "émargement du 3.pdf", b"%PDF-1.7")
    reponse = ask(cpts, fichier, Role.COORDINATION)
    assert reponse.content == b"%PDF-1.7"
    assert reponse["Content-Disposition"].startswith("attachment; ")
    assert "%C3%A9margement%20du%203.pdf" in reponse["Content-Disposition"]
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reponse["Content-Security-Policy"]
    assert Entree.objects.filter(evenement="fichiers.ouvert").count() == 1


def test_only_those_who_may_open_it(cpts):
    fichier = store(cpts, "a.pdf", b"%PDF-1.7")
    with pytest.raises(Http404):
        ask(cpts, fichier, Role.PROFESSIONNEL)


def test_another_community_does_not_see_it(cpts):
    fichier = store(cpts, "a.pdf", b"%PDF-1.7")
    autre = make_cpts()
    with use_cpts(autre.pk), pytest.raises(Http404):
        ask(autre, fichier, Role.COORDINATION)
