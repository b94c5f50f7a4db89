"""The console script ``maillon``."""

from __future__ import annotations

import os
import signal
import sys
import traceback

import click

from maillon.site import environnement, francais
from maillon.site.decouverte import GroupePrincipal
from maillon.site.pannes import Empechement

_HOTE = click.option("--host", default="localhost", show_default=True, help="Adresse d’écoute.")
_PORT = click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port d’écoute (0 : un port libre)."
)


@click.group(
    cls=GroupePrincipal,
    context_settings={"help_option_names": ["-h", "--help"]},
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
)
@click.option("--debug", is_flag=True, help="Montre le détail technique d’une erreur.")
@click.version_option(package_name="maillon", prog_name="maillon", help="Affiche la version.")
def cli(debug: bool) -> None:
    """Maillon, le système d’information libre des CPTS."""


@cli.command()
@_HOTE
@_PORT
def demarrer(host: str, port: int) -> None:
    """Prépare tout et démarre Maillon, avec la démonstration."""
    from maillon.site import marche

    marche.start_everything(host, port)


@cli.command()
def migrer() -> None:
    """Met la structure de la base à jour, avec ses données de référence."""
    from maillon.site import marche

    environnement.prepare()
    environnement.join()
    environnement.start_django()
    marche.migrate(verbosity=1)
    marche.load_referentiels()


@cli.command()
@_HOTE
@_PORT
def servir(host: str, port: int) -> None:
    """Sert les pages (processus web seul)."""
    from maillon.site import ecoute, marche

    environnement.prepare(port=port)
    ecoute.check_loopback(host)
    _run_program(lambda: marche.web_command([f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]))


@cli.command()
def travailleur() -> None:
    """Exécute les tâches de fond : courriels, rappels, calculs."""
    from maillon.site import marche

    environnement.prepare()
    _run_program(marche.worker_command)


def _run_program(command) -> None:
    """Run one of Maillon's programs in the foreground, with the database up and checked."""
    import subprocess

    from maillon.site import roles
    from maillon.site.processus import die_with_parent

    environnement.join()
    roles.check_database(production=os.environ["MAILLON_MODE"] == "production")
    if environnement.embedded() is None:
        arguments = command()
        os.execv(arguments[0], arguments)  # noqa: S606 - nothing to keep alive beside it
    processus = subprocess.Popen(command(), preexec_fn=die_with_parent())
    try:
        code = processus.wait()
    except KeyboardInterrupt:
        code = processus.wait()  # Ctrl-C reached it too
    sys.exit(code)


def main() -> int:
    """The console script's entry point; returns the exit code."""
    for flux in (sys.stdout, sys.stderr):
        if hasattr(flux, "reconfigure"):
            flux.reconfigure(errors="replace")
    for numero in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(numero, signal.default_int_handler)  # they clean up as Ctrl-C does
    try:
        return run(sys.argv[1:])
    finally:
        for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(numero, signal.SIG_IGN)  # the database is stopping, and that is all that is left to do
        environnement.leave()


def run(arguments: list[str]) -> int:
    """Run a command; errors come out as French sentences. Returns the exit code (2 for a wrong usage)."""
    debug = "--debug" in arguments[:1]
    francais.install()
    try:
        return cli.main(arguments, prog_name="maillon", standalone_mode=False) or 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 0
    except click.ClickException as error:
        click.echo(f"Erreur : {error.format_message()}", err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrompu.", err=True)
        return 130
    except Empechement as error:
        click.echo(f"Erreur : {error}", err=True)
        return 1
    except Exception as error:
        if debug:
            traceback.print_exc()
        else:
            click.echo(_sentence(error, arguments), err=True)
        return 1


def _sentence(error: Exception, arguments: list[str]) -> str:
    if isinstance(error, OSError) and error.errno == 28:
        return "Erreur : le disque est plein.\nLibérez de la place (400 Mo suffisent), puis recommencez."
    return (
        f"Erreur inattendue ({type(error).__name__}).\n"
        f"Recommencez avec « maillon --debug {' '.join(arguments)} » pour le détail technique, "
        "et signalez-la si elle persiste."
    )


if __name__ == "__main__":
    sys.exit(main())
