"""`maillon annuaire`: the national directory of health professionals."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from maillon.communaute.lecture import FichierRefuse, list_sources
from maillon.communaute.refus import write_refus
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.ui.typographie import compter, format_nombre

from .services import Rapport, import_annuaire


class Refuse(click.ClickException):
    """The files are not imported: nothing was changed."""

    exit_code = 2


@click.group()
def groupe() -> None:
    """L’annuaire national des professionnels de santé (RPPS)."""


@groupe.command()
@click.argument(
    "fichiers",
    metavar="FICHIER…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--essai", "--dry-run", is_flag=True, help="Compte ce qui changerait, sans rien écrire.")
@click.option("--force", is_flag=True, help="Accepte un fichier qui met fin à plus d’un cinquième des lignes.")
@click.option(
    "--rapport",
    "liste",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Écrit les lignes refusées dans ce fichier CSV.",
)
@click.option("--json", "en_json", is_flag=True, help="Répond en JSON.")
def importer(fichiers: tuple[Path, ...], essai: bool, force: bool, liste: Path | None, en_json: bool) -> None:
    """Met l’annuaire national à jour avec l’extraction en libre accès : l’archive publiée, ou ses fichiers.

    Une seule transaction : interrompu, l’import n’a rien changé et se relance. Le même fichier une seconde fois ne
    change rien. Ce que les communautés ont corrigé n’est pas touché.
    """
    try:
        total = sum(source.taille for source in list_sources(fichiers))
        with (
            write_refus(liste) as refuse,
            click.progressbar(length=total, label="Import", file=sys.stderr, hidden=en_json) as barre,
        ):
            rapport = import_annuaire(
                chemins=fichiers, by=SYSTEME, essai=essai, force=force, refuse=refuse, advance=barre.update
            )
    except FichierRefuse as refusal:
        raise Refuse(f"{refusal} Rien n’a été changé.") from None
    if en_json:
        click.echo(json.dumps(_to_json(rapport, essai=essai), ensure_ascii=False))
    else:
        click.echo("\n".join(describe(rapport, essai=essai, liste=liste)))


def _to_json(rapport: Rapport, *, essai: bool) -> dict[str, object]:
    return {
        "essai": essai,
        "fichiers": [asdict(bilan) for bilan in rapport.bilans],
        "refus": dict(rapport.refus),
        "communes_inconnues": rapport.communes_inconnues,
        "extrait_le": rapport.extrait_le.isoformat() if rapport.extrait_le else None,
        "professionnels": rapport.professionnels,
        "duree_s": rapport.duree_s,
    }


def describe(rapport: Rapport, *, essai: bool, liste: Path | None) -> Iterator[str]:
    """The report, in sentences."""
    for bilan in rapport.bilans:
        yield (
            f"{bilan.nom} : {compter(bilan.lignes, 'ligne')}, {compter(bilan.ajoutees, 'ajoutée')}, "
            f"{compter(bilan.modifiees, 'modifiée')}, {compter(bilan.terminees, 'terminée')}, "
            f"{compter(bilan.inchangees, 'inchangée')}, {compter(bilan.refusees, 'refusée')}."
        )
    for raison, nombre in rapport.refus.most_common():
        yield f"  {format_nombre(nombre):>10}  {raison}"
    if rapport.refus and liste:
        yield f"Lignes refusées : {liste}"
    if rapport.communes_inconnues:
        yield f"Commune inconnue de Maillon, gardée telle quelle : {compter(rapport.communes_inconnues, 'ligne')}."
    if rapport.professionnels:
        yield f"Professionnels des communautés mis à jour : {format_nombre(rapport.professionnels)}."
    if essai:
        yield "Rien n’a été écrit : c’était un essai."
    elif not rapport.changes:
        yield "L’annuaire était déjà à jour : rien n’a changé."
    yield f"Durée : {format_nombre(rapport.duree_s, 1)} s."
