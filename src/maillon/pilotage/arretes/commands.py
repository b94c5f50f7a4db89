"""`maillon arretes`: verify that nothing sealed was changed."""

import json
import sys
from typing import Any

import click

from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts

from .selectors import verify_arretes


@click.group()
def groupe() -> None:
    """Les arrêtés : les périodes figées, et la preuve que rien n’y a été changé."""


@groupe.command()
@click.option("--json", "en_json", is_flag=True, help="Répond en JSON.")
def verifier(en_json: bool) -> None:
    """Recalcule l’empreinte de chaque arrêté ; nomme ceux qui ont été touchés, et sort avec le code 1 s’il y en a."""
    lus: list[dict[str, Any]] = []
    for cpts in Cpts.objects.all():
        with use_cpts(cpts.pk):
            for verification in verify_arretes(cpts.pk):
                lus.append(
                    {
                        "cpts": cpts.slug,
                        "arrete": str(verification.arrete.pk),
                        "libelle": str(verification.arrete),
                        "empreinte": verification.arrete.empreinte,
                        "recalculee": verification.recalculee,
                        "anomalie": verification.anomalie,
                    }
                )
    touches = [lu for lu in lus if lu["anomalie"]]
    if en_json:
        click.echo(json.dumps({"intact": not touches, "arretes": lus}, ensure_ascii=False))
    elif touches:
        for lu in touches:
            click.echo(f"{lu['cpts']} – {lu['libelle']} ({lu['arrete']}) : {lu['anomalie']}")
    else:
        click.echo(f"Tous les arrêtés sont intacts : {len(lus)} vérifiés.")
    if touches:
        sys.exit(1)
