"""`maillon journal`: seal, verify, purge."""

import json
import sys
from typing import Any

import click

from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts

from . import conservation, sceaux
from .models import Genre, Sceau

_JSON = click.option("--json", "en_json", is_flag=True, help="Répond en JSON.")


@click.group()
def groupe() -> None:
    """Le journal : qui a lu, qui a écrit, et la preuve que rien n’y a été changé."""


@groupe.command()
@_JSON
def sceller(en_json: bool) -> None:
    """Scelle les lignes définitives du journal (le travailleur le fait chaque heure)."""
    total = 0
    with click.progressbar(Cpts.objects.all(), label="Scellement", file=sys.stderr, hidden=en_json) as communities:
        for cpts in communities:
            with use_cpts(cpts.pk):
                total += sceaux.seal_all(cpts_id=cpts.pk)
    click.echo(json.dumps({"scellees": total}) if en_json else f"Lignes scellées : {total}.")


@groupe.command()
@_JSON
def verifier(en_json: bool) -> None:
    """Compare chaque ligne à son sceau ; nomme la première ligne touchée, et sort avec le code 1 s’il y en a une."""
    reports: list[dict[str, Any]] = []
    with click.progressbar(Cpts.objects.all(), label="Vérification", file=sys.stderr, hidden=en_json) as communities:
        for cpts in communities:
            with use_cpts(cpts.pk):
                reports.extend(_verify_book(cpts, genre) for genre in Genre)
    broken = [report for report in reports if report["anomalie"]]
    if en_json:
        click.echo(json.dumps({"intact": not broken, "livres": reports}, ensure_ascii=False))
    elif broken:
        for report in broken:
            click.echo(f"{report['cpts']} – {report['anomalie']['phrase']}")
    else:
        click.echo(f"Le journal est intact : {sum(report['lignes'] for report in reports)} lignes scellées vérifiées.")
    if broken:
        sys.exit(1)


def _verify_book(cpts: Cpts, genre: Genre) -> dict[str, Any]:
    seals = Sceau.objects.filter(cpts_id=cpts.pk, genre=genre).order_by("numero")
    found = next(sceaux.verify(cpts_id=cpts.pk, genre=genre), None)
    last = seals.last()
    return {
        "cpts": cpts.slug,
        "livre": genre.value,
        "sceaux": seals.count(),
        "lignes": sum(len(keys) for keys in seals.filter(purge_le__isnull=True).values_list("lignes", flat=True)),
        "dernier_sceau": bytes(last.empreinte).hex() if last else "",
        "anomalie": found and {"ligne": found.ligne_id, "sceau": found.sceau, "phrase": found.phrase},
    }


@groupe.command()
@click.option("--essai", is_flag=True, help="Compte sans rien effacer.")
@_JSON
def purger(essai: bool, en_json: bool) -> None:
    """Efface les lignes dont la durée de conservation est passée (compte propriétaire de la base)."""
    erased = conservation.purge(dry_run=essai)
    if en_json:
        click.echo(json.dumps({"essai": essai, "effacees": erased}))
        return
    verb = "seraient effacées" if essai else "ont été effacées"
    for genre in Genre:
        click.echo(f"Livre des {genre.label} : {erased[genre.value]} lignes {verb}.")
