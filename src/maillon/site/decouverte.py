"""The commands of ``maillon``: the ``commands.py`` of every package, found without importing anything.

A package that offers commands has a ``commands.py`` with ``groupe``, a click group; its docstring is the help, and the
package's name is the command's. Commands under ``maillon.regles`` are pure: they run at once. All others see their
environment completed and Django set up before their module is imported, and the database up before they run.
"""

from __future__ import annotations

import ast
import functools
import importlib
from dataclasses import dataclass
from pathlib import Path

import click

import maillon
from maillon.site import environnement

_PURES = "maillon.regles."
RACINE = Path(maillon.__file__).parent


@dataclass(frozen=True)
class Offre:
    """A package's commands: what ``maillon --help`` needs, without the import."""

    nom: str
    module: str
    aide: str

    @property
    def is_pure(self) -> bool:
        return self.module.startswith(_PURES)

    def load(self) -> click.Command:
        """Import the commands; those of Django apps start the database only when one of them runs."""
        if self.is_pure:
            return importlib.import_module(self.module).groupe
        environnement.prepare()
        environnement.start_django()
        groupe = importlib.import_module(self.module).groupe
        _needs_database(groupe)
        return groupe


def discover(racine: Path = RACINE) -> dict[str, Offre]:
    """Every offer of commands by name. Two packages of one name are an error of the project."""
    offres: dict[str, Offre] = {}
    for fichier in sorted(racine.rglob("commands.py")):
        paquet = fichier.parent.relative_to(racine.parent)
        offre = Offre(
            nom=paquet.name.replace("_", "-"), module=".".join([*paquet.parts, "commands"]), aide=_help_of(fichier)
        )
        if offre.nom in offres:
            raise RuntimeError(f"two packages offer {offre.nom}: {offres[offre.nom].module}, {offre.module}")
        offres[offre.nom] = offre
    return offres


def _help_of(fichier: Path) -> str:
    arbre = ast.parse(fichier.read_text(encoding="utf-8"))
    for noeud in arbre.body:
        if isinstance(noeud, ast.FunctionDef) and noeud.name == "groupe":
            return (ast.get_docstring(noeud) or "").split("\n\n")[0].replace("\n", " ")
    return ""


def _needs_database(commande: click.Command) -> None:
    if isinstance(commande, click.Group):
        for sous_commande in commande.commands.values():
            _needs_database(sous_commande)
        return
    action = commande.callback
    if action is None or hasattr(action, "joins_database"):
        return

    @functools.wraps(action)
    def run(*args, **kwargs):
        environnement.join()
        return action(*args, **kwargs)

    run.joins_database = True  # type: ignore[attr-defined]
    commande.callback = run


class GroupePrincipal(click.Group):
    """Own commands plus the discovered ones, imported when they are called."""

    @functools.cached_property
    def offres(self) -> dict[str, Offre]:
        return discover()

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.offres})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (propre := super().get_command(ctx, cmd_name)) is not None:
            return propre
        offre = self.offres.get(cmd_name)
        return None if offre is None else offre.load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lignes = []
        for nom in self.list_commands(ctx):
            commande = self.commands.get(nom)
            aide = commande.get_short_help_str(90) if commande is not None else self.offres[nom].aide
            lignes.append((nom, aide))
        with formatter.section("Commandes"):
            formatter.write_dl(lignes)
