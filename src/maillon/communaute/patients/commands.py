"""`maillon patients`: erasure at the end of the retention."""

import json
import sys
from typing import Any

import click

from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today
from maillon.socle.rotation import rewrite_values

from .services import erase_expired


@click.group()
def groupe() -> None:
    """Les données des patients : effacement à la fin de la conservation, changement de clé."""


@groupe.command()
@click.option("--essai", is_flag=True, help="Compte sans rien effacer.")
@click.option("--cpts", "slug", default="", help="Une seule communauté, par son adresse courte.")
@click.option("--json", "en_json", is_flag=True, help="Répond en JSON.")
def effacer(essai: bool, slug: str, en_json: bool) -> None:
    """Efface l’identité des patients dont la durée de conservation est passée.

    À relancer après une restauration : tout ce qui est échu est repris.
    """
    communities = Cpts.objects.filter(slug=slug) if slug else Cpts.objects.all()
    if slug and not communities:
        raise click.ClickException(f"aucune communauté n’a l’adresse courte « {slug} ».")
    reports: list[dict[str, Any]] = []
    with click.progressbar(communities, label="Effacement", file=sys.stderr, hidden=en_json) as progress:
        for cpts in progress:
            with use_cpts(cpts.pk):
                report = erase_expired(cpts_id=cpts.pk, on=today(), dry_run=essai)
            reports.append({"cpts": cpts.slug, "patients": report.patients, "lignes": report.lignes})
    if en_json:
        click.echo(json.dumps({"essai": essai, "jour": today().isoformat(), "communautes": reports}))
        return
    total = sum(report["patients"] for report in reports)
    click.echo(
        f"Patients {'à effacer' if essai else 'effacés'} : {total}, dans {len(reports)} communauté(s)."
        + (" Rien n’a été effacé : c’était un essai." if essai else "")
    )


@groupe.command()
@click.option("--essai", is_flag=True, help="Compte sans rien réécrire.")
@click.option("--json", "en_json", is_flag=True, help="Répond en JSON.")
def rechiffrer(essai: bool, en_json: bool) -> None:
    """Réécrit avec la première clé de MAILLON_CLES ce qui l’a été avec une autre.

    Le service reste ouvert. L’ancienne clé peut être retirée quand un essai ne compte plus rien.
    """
    rewritten = rewrite_values(dry_run=essai)
    if en_json:
        click.echo(json.dumps({"essai": essai, "lignes": rewritten}))
        return
    for label, count in rewritten.items():
        click.echo(f"{label} : {count} ligne(s) {'à réécrire' if essai else 'réécrites'}.")
