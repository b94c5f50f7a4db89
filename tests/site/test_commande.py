"""The console script: it finds its commands, starts quickly and speaks French."""

import subprocess
import sys

import click
import pytest

from maillon.site import commande, decouverte
from maillon.site.decouverte import discover
from maillon.site.pannes import Empechement


def _write(dossier, nom, source):
    (dossier / nom).mkdir(parents=True)
    (dossier / nom / "commands.py").write_text(source)


def test_commands_are_found_without_being_imported(tmp_path):
    _write(
        tmp_path / "maillon",
        "regles/file_active",
        'raise SystemExit\ndef groupe():\n    """Compte\n    les actes.\n\n    Suite."""\n',
    )
    offre = discover(tmp_path / "maillon")["file-active"]
    assert (offre.module, offre.aide, offre.is_pure) == (
        "maillon.regles.file_active.commands",
        "Compte les actes.",
        True,
    )


def test_two_packages_of_one_name_are_refused(tmp_path):
    for salle in ("regles", "pilotage"):
        _write(tmp_path / "maillon", f"{salle}/aci", 'def groupe():\n    """Aide."""\n')
    with pytest.raises(RuntimeError, match="aci"):
        discover(tmp_path / "maillon")


@pytest.mark.parametrize("offre", discover().values(), ids=discover())
def test_every_offer_has_a_help_and_a_group(offre):
    assert offre.aide
    groupe = offre.load()
    assert isinstance(groupe, click.Group)
    assert (groupe.help or "").split("\n\n")[0].replace("\n", " ") == offre.aide


def test_help_and_pure_commands_import_neither_django_nor_psycopg():
    code = (
        "import sys; from maillon.site.commande import run\n"
        "for arguments in (['--help'], ['aci', '--help']):\n"
        "    run(arguments)\n"
        "print([nom for nom in ('django', 'psycopg') if nom in sys.modules])"
    )
    sortie = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert sortie.splitlines()[-1] == "[]"
    assert "Commandes" in sortie


@pytest.mark.parametrize(
    ("arguments", "phrase"),
    [
        (["nexiste-pas"], "la commande 'nexiste-pas' n’existe pas."),
        (["travailleur", "--vite"], "l’option '--vite' n’existe pas."),
        (["servir", "--port"], "l’option '--port' attend une valeur."),
        (["servir", "--port", "huit"], "valeur refusée pour '--port' : 'huit' n’est pas un nombre valide."),
        (["servir", "--port", "70000"], "valeur refusée pour '--port' : 70000 est hors de l’intervalle 0<=x<=65535."),
        (["migrer", "vite"], "argument en trop : vite"),
    ],
)
def test_wrong_usage_is_one_french_sentence(capsys, arguments, phrase):
    assert commande.run(arguments) == 2
    assert capsys.readouterr().err == f"Erreur : {phrase}\n"


def _add_command(monkeypatch, error):
    @click.command()
    def echoue():
        raise error

    monkeypatch.setitem(commande.cli.commands, "echoue", echoue)


def test_unexpected_error_says_what_to_do(capsys, monkeypatch):
    _add_command(monkeypatch, ZeroDivisionError("secret"))
    assert commande.run(["echoue"]) == 1
    erreur = capsys.readouterr().err
    assert "--debug" in erreur
    assert "secret" not in erreur
    assert commande.run(["--debug", "echoue"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "phrase"),
    [
        (Empechement("Le port est pris.", remede="Changez-en."), "Erreur : Le port est pris.\nChangez-en.\n"),
        (OSError(28, "No space left on device"), "Erreur : le disque est plein.\nLibérez"),
        (KeyboardInterrupt(), "Interrompu.\n"),
    ],
)
def test_hindrance_is_said_as_it_is(capsys, monkeypatch, error, phrase):
    _add_command(monkeypatch, error)
    assert commande.run(["echoue"]) in (1, 130)
    assert capsys.readouterr().err.lstrip().startswith(phrase)


def test_commands_of_apps_join_the_database_only_when_they_run(monkeypatch):
    appels = []
    monkeypatch.setattr(decouverte.environnement, "join", lambda: appels.append("join"))

    @click.group()
    def groupe(): ...

    @groupe.command()
    def agit():
        appels.append("agit")

    decouverte._needs_database(groupe)
    groupe.main(["agit", "--help"], standalone_mode=False)
    assert appels == []
    groupe.main(["agit"], standalone_mode=False)
    assert appels == ["join", "agit"]
