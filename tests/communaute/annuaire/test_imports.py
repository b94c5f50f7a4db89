"""Importing the national files: all at once, then by difference; never half."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from bases import Base
from fabriques.annuaire_national import (
    ANCIENS,
    TITRES_DIPLOMES,
    TITRES_SAVOIR_FAIRE,
    make_activite,
    write_archive,
    write_fichier,
)
from maillon.communaute import lecture
from maillon.communaute.annuaire.commands import importer
from maillon.communaute.annuaire.importation import lignes
from maillon.communaute.annuaire.models import Diplome, ImportAnnuaire, Inscription, Libelle, Mouvement, SavoirFaire
from maillon.communaute.annuaire.services import Rapport, import_annuaire
from maillon.communaute.lecture import FichierRefuse
from maillon.socle.droits.acteur import SYSTEME

base = pytest.mark.django_db
NOMBRE = 400


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file crosses as many blocks as a large one, and its lines are cut together."""
    monkeypatch.setattr(lecture, "BLOC", 20_000)
    monkeypatch.setattr(lignes, "PEU", 5)


def _run(*chemins: Path, **options: bool) -> Rapport:
    return import_annuaire(chemins=chemins, by=SYSTEME, **options)


def _counts(rapport: Rapport) -> tuple[int, int, int, int, int]:
    [bilan] = rapport.bilans
    return bilan.ajoutees, bilan.modifiees, bilan.terminees, bilan.inchangees, bilan.refusees


def _everything() -> list[tuple]:
    """Each row with the place where it lies, which moves when it is written again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, t.* FROM annuaire_inscription t ORDER BY empreinte")
        return cursor.fetchall()


def _indexes() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE tablename IN"
            " ('annuaire_inscription', 'annuaire_savoirfaire', 'annuaire_diplome') ORDER BY 1, 2"
        )
        return cursor.fetchall()


@base
def test_the_published_archive_and_the_same_again(tmp_path: Path):
    activites = [make_activite(n, savoir_faire="", telephone=f"063998{n:04d}") for n in range(NOMBRE)]
    docteur = make_activite(
        1, nom="ÇELIK", titre="DR", profession="10", savoir_faire="SM54", libelle_savoir_faire="Médecine Générale"
    )
    archive = write_archive(
        tmp_path / "PS_LibreAcces_202611150830.zip",
        write_fichier(tmp_path / "PS_LibreAcces_Personne_activite_202611150830.txt", [docteur, *activites[2:]]),
        write_fichier(tmp_path / "PS_LibreAcces_SavoirFaire_202611150830.txt", [docteur], titres=TITRES_SAVOIR_FAIRE),
        write_fichier(
            tmp_path / "PS_LibreAcces_Dipl_AutExerc_202611150830.txt",
            [make_activite(1, diplome="DE28", libelle_diplome="Diplôme d'État de docteur en médecine")],
            titres=TITRES_DIPLOMES,
        ),
    )
    indexes = _indexes()
    rapport = _run(archive)
    assert [(b.genre, b.ajoutees, b.refusees) for b in rapport.bilans] == [
        ("inscription", NOMBRE - 1, 0), ("savoirfaire", 1, 0), ("diplome", 1, 0),
    ]  # fmt: skip
    assert _indexes() == indexes
    ligne = Inscription.objects.get(nom="ÇELIK")
    assert (ligne.nom_recherche, ligne.adresse, ligne.commune) == ("celik chloe", "12 RUE DES FORGES", "42218")
    assert SavoirFaire.objects.get().code == "SM54"
    assert Diplome.objects.get().diplome == "DE28"
    assert Libelle.objects.get(nomenclature="savoir_faire").libelle == "Médecine Générale"
    [importe] = ImportAnnuaire.objects.all()
    assert str(importe.extrait_le) == "2026-11-15"
    assert len({fichier["empreinte"] for fichier in importe.fichiers}) == 3
    before = _everything()
    again = _run(archive)
    assert again.changes == 0
    assert [bilan.inchangees for bilan in again.bilans] == [NOMBRE - 1, 1, 1]
    assert _everything() == before
    assert ImportAnnuaire.objects.count() == 1


@base
def test_a_month_later(tmp_path: Path):
    lignes = [make_activite(n) for n in range(NOMBRE)]
    _run(write_fichier(tmp_path / "1.txt", lignes))
    untouched = {row[1]: row[0] for row in _everything()}
    lignes[3] = make_activite(3, telephone="0639989999", courriel="a@example.org")
    lignes[7] = make_activite(7, structure="AUTRE")
    del lignes[5]
    assert _counts(_run(write_fichier(tmp_path / "2.txt", [*lignes, make_activite(1000)]))) == (2, 1, 2, NOMBRE - 3, 0)
    changed, *ended = Mouvement.objects.order_by("-genre", "identifiant")
    assert (changed.identifiant, changed.avant) == ("99800000003", {"telephone": "0639980000", "courriel": ""})
    assert [(m.genre, m.identifiant, m.avant["structure"]) for m in ended] == [
        ("fin", "99800000005", "R5"),
        ("fin", "99800000007", "R7"),
    ]
    assert "courriel" not in ended[0].avant
    after = {row[1]: row[0] for row in _everything()}
    assert len(after) == NOMBRE
    kept = after.keys() & untouched.keys()
    assert len(kept) == NOMBRE - 3
    assert all(after[empreinte] == untouched[empreinte] for empreinte in kept)


@base
@pytest.mark.parametrize(
    ("titres", "codage", "fin"), [(ANCIENS, "utf-8", "\n"), (None, "cp1252", "\r\n"), (None, "utf-8", "|\n")]
)
def test_another_form_of_the_same_file_changes_nothing(
    tmp_path: Path, titres: tuple[str, ...] | None, codage: str, fin: str
):
    lignes = [make_activite(n, prenom="Zoé" if n % 3 else "Anne") for n in range(NOMBRE)]
    _run(write_fichier(tmp_path / "1.txt", lignes))
    options = {"titres": titres} if titres else {}
    autre = write_fichier(tmp_path / "2.txt", lignes, codage=codage, fin=fin, **options)
    assert _counts(_run(autre)) == (0, 0, 0, NOMBRE, 0)
    assert _counts(_run(autre)) == (0, 0, 0, NOMBRE, 0)
    assert Inscription.objects.filter(prenom="Zoé", nom_recherche__endswith=" zoe").count() == NOMBRE - NOMBRE // 3 - 1
    assert not Mouvement.objects.exists()


@base
def test_refused_lines_are_named_and_the_others_kept(tmp_path: Path):
    lignes: list = [make_activite(n) for n in range(NOMBRE)]
    lignes[10] = make_activite(10, type="9")
    lignes[11] = "une ligne sans colonnes"
    lignes[12] = make_activite(12, nom="")
    lignes[13] = make_activite(13, raison="X" * 3000)
    lignes[14] = make_activite(13)
    lignes[15] = make_activite(14)
    lignes[16] = make_activite(14)
    lignes[17] = ""
    lignes[18] = make_activite(18, commune="99999", type="0", identifiant="42A123456", nom="=1+1", raison="a\\b\tc")
    chemin = write_fichier(tmp_path / "1.txt", lignes)
    liste = tmp_path / "refus.csv"
    answer = CliRunner().invoke(importer, [str(chemin), "--rapport", str(liste)])
    assert answer.exit_code == 0
    assert "399 lignes, 394 ajoutées, 0 modifiée" in answer.output.replace("\xa0", " ").replace("\u202f", " ")
    assert "Commune inconnue de Maillon, gardée telle quelle : 1 ligne." in answer.output.replace("\xa0", " ")
    numeros = [ligne.split(";")[1] for ligne in liste.read_text(encoding="utf-8-sig").splitlines()[1:]]
    assert numeros == ["12", "13", "14", "15", ""]
    adeli = Inscription.objects.get(type_identifiant="0")
    assert (adeli.identifiant, adeli.nom, adeli.raison_sociale) == ("42A123456", "=1+1", "a\\b\tc")
    assert _counts(_run(chemin)) == (0, 0, 0, NOMBRE - 6, 5)


@base
def test_formulas_in_refused_lines_stay_text(tmp_path: Path):
    chemin = write_fichier(tmp_path / "1.txt", [*(make_activite(n) for n in range(9)), "=HYPERLINK(1)"])
    CliRunner().invoke(importer, [str(chemin), "--rapport", str(tmp_path / "refus.csv")])
    assert ";'=HYPERLINK(1)" in (tmp_path / "refus.csv").read_text(encoding="utf-8-sig")


@base
def test_a_truncated_file_does_not_empty_the_directory(tmp_path: Path):
    lignes = [make_activite(n) for n in range(NOMBRE)]
    _run(write_fichier(tmp_path / "1.txt", lignes))
    before = _everything()
    coupe = write_fichier(tmp_path / "2.txt", lignes[: NOMBRE * 3 // 4])
    answer = CliRunner().invoke(importer, [str(coupe)])
    assert answer.exit_code == 2
    assert "mettrait fin à 100 lignes sur 400" in answer.output
    assert _everything() == before
    assert _counts(_run(coupe, force=True))[2] == 100


@base
def test_a_trial_counts_and_writes_nothing(tmp_path: Path):
    premier = write_fichier(tmp_path / "1.txt", [make_activite(n) for n in range(NOMBRE)])
    assert _counts(_run(premier, essai=True)) == (NOMBRE, 0, 0, 0, 0)
    assert not Inscription.objects.exists()
    _run(premier)
    before = _everything()
    suivant = write_fichier(tmp_path / "2.txt", [make_activite(n) for n in range(1, NOMBRE + 1)])
    assert _counts(_run(suivant, essai=True)) == (1, 0, 1, NOMBRE - 1, 0)
    assert _everything() == before
    assert (ImportAnnuaire.objects.count(), Mouvement.objects.count()) == (1, 0)


@base
def test_files_that_are_refused_change_nothing(tmp_path: Path):
    bon = write_fichier(tmp_path / "bon.txt", [make_activite(n) for n in range(NOMBRE)])
    copie = write_fichier(tmp_path / "copie.txt", [make_activite(n) for n in range(NOMBRE)])
    autre = tmp_path / "autre.txt"
    autre.write_text("nom|prenom\nA|B\n")
    melange = tmp_path / "melange.txt"
    melange.write_bytes(bon.read_bytes() + "Zoé|".encode("cp1252") * 500_000)
    for chemins, phrase in (
        ((bon, copie), "n’en donnez qu’un de chaque"),
        ((bon, autre), "n’est pas un fichier de l’annuaire"),
        ((melange,), "plus d’un million de caractères"),
    ):
        with pytest.raises(FichierRefuse, match=phrase):
            _run(*chemins)
        assert not Inscription.objects.exists()


FILS = """
import sys, django; django.setup()
from pathlib import Path
from maillon.communaute import lecture
from maillon.communaute.annuaire.services import import_annuaire
from maillon.socle.droits.acteur import SYSTEME
lecture.BLOC = 20_000
lus = 0
def advance(octets):
    global lus
    lus += octets
    if lus > 50_000:
        print("au milieu", flush=True)
        sys.stdin.read()
import_annuaire(chemins=[Path(sys.argv[1])], by=SYSTEME, advance=advance)
"""


@pytest.mark.commits
def test_killed_in_the_middle_it_leaves_no_trace_and_starts_again(tmp_path: Path, clone_base: Base):
    """The lock that the child holds shows that its transaction was open, with the indexes of the table already gone for
    everybody but nobody else; once it is dead, the table is empty, its indexes are there, and the import runs."""
    chemin = write_fichier(tmp_path / "1.txt", [make_activite(n) for n in range(NOMBRE)])
    indexes = _indexes()
    fils = subprocess.Popen(
        [sys.executable, "-c", FILS, str(chemin)],
        env=clone_base.environnement, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert fils.stdout is not None
        assert select.select([fils.stdout], [], [], 60)[0]
        assert fils.stdout.readline() == "au milieu\n"
        with pytest.raises(FichierRefuse, match="déjà en cours"):
            _run(chemin)
        os.kill(fils.pid, signal.SIGKILL)
    finally:
        fils.kill()
        fils.wait()
    _wait(lambda: not _is_locked())
    assert not Inscription.objects.exists()
    assert not ImportAnnuaire.objects.exists()
    assert _indexes() == indexes
    assert _counts(_run(chemin)) == (NOMBRE, 0, 0, 0, 0)


def _is_locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 4201002")
        return cursor.fetchone() != (0,)


def _wait(condition: Callable[[], bool]) -> None:
    """The server notices a dead client when it next speaks to it."""
    with connection.cursor() as cursor:
        for _ in range(600):
            if condition():
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    pytest.fail("the dead import still holds its transaction")
