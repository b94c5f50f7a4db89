"""`maillon structures`: establishments of FINESS."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from maillon.communaute.lecture import FichierRefuse, list_sources
from maillon.communaute.refus import write_refus
from maillon.socle.ui.typographie import compter, format_nombre

from .importation import Rapport, import_finess


class Refuse(click.ClickException):
    """The file is not imported: nothing was changed."""

    exit_code = 2


@click.group()
def groupe() -> None:
    """Les établissements et structures de santé (FINESS)."""


@groupe.command()
@click.argument("fichier", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--essai", "--dry-run", is_flag=True, help="Compte ce qui changerait, sans rien écrire.")
@click.option("--force", is_flag=True, help="Accepte un fichier auquel manque plus d’un cinquième des structures.")
@click.option(
    "--rapport",
    "liste",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Écrit les lignes refusées dans ce fichier CSV.",
)
@click.option("--json", "en_json", is_flag=True, help="Répond en JSON.")
def importer(fichier: Path, essai: bool, force: bool, liste: Path | None, en_json: bool) -> None:
    """Met les structures à jour avec l’extraction des établissements de FINESS, texte ou archive.

    Une seule transaction : interrompu, l’import n’a rien changé et se relance. Le même fichier une seconde fois ne
    change rien. Les structures disparues du fichier restent, comptées.
    """
    try:
        total = sum(source.taille for source in list_sources([fichier]))
        with (
            write_refus(liste) as refuse,
            click.progressbar(length=total, label="Import", file=sys.stderr, hidden=en_json) as barre,
        ):
            rapport = import_finess(chemin=fichier, essai=essai, force=force, refuse=refuse, advance=barre.update)
    except FichierRefuse as refusal:
        raise Refuse(f"{refusal} Rien n’a été changé.") from None
    if en_json:
        extrait_le = rapport.extrait_le.isoformat() if rapport.extrait_le else None
        click.echo(json.dumps({**asdict(rapport), "extrait_le": extrait_le, "essai": essai}, ensure_ascii=False))
    else:
        click.echo("\n".join(describe(rapport, essai=essai)))


def describe(rapport: Rapport, *, essai: bool) -> Iterator[str]:
    """The report, in sentences."""
    yield (
        f"{compter(rapport.lignes, 'établissement')} : {compter(rapport.ajoutees, 'ajouté')}, "
        f"{compter(rapport.modifiees, 'modifié')}, {compter(sum(rapport.refus.values()), 'refusé')}."
    )
    for raison, lignes in rapport.refus.most_common():
        yield f"  {format_nombre(lignes):>10}  {raison}"
    if rapport.absentes:
        yield f"Structures connues que le fichier n’a plus, conservées : {format_nombre(rapport.absentes)}."
    if rapport.communes_inconnues:
        nombre = format_nombre(rapport.communes_inconnues)
        yield f"Structures d’une commune inconnue de Maillon, sans commune : {nombre}."
    if essai:
        yield "Rien n’a été écrit : c’était un essai."
    elif not rapport.ajoutees and not rapport.modifiees:
        yield "Les structures étaient déjà à jour : rien n’a changé."
    yield f"Durée : {format_nombre(rapport.duree_s, 1)} s."
