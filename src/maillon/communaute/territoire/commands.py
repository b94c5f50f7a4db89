"""`maillon territoire …`"""

import json
from dataclasses import asdict

import click

from maillon.socle.ui.typographie import format_nombre

from . import selectors
from .fichiers import MENTION


class Refus(click.ClickException):
    """Wrong codes or vintage: nothing was computed."""

    exit_code = 2


@click.group()
def groupe() -> None:
    """Communes et populations d’un territoire."""


@groupe.command()
@click.argument("codes", metavar="CODE…", nargs=-1, required=True)
@click.option("--millesime", type=int, help="Année des populations (par défaut, la plus récente).")
@click.option("--json", "as_json", is_flag=True, help="Répond en JSON.")
def population(codes: tuple[str, ...], millesime: int | None, as_json: bool) -> None:
    """Additionne la population municipale de communes, données par leur code Insee."""
    try:
        if millesime is None:
            millesime = max(selectors.get_millesimes(), default=0)
        answer = selectors.compute_population(codes, millesime)
    except selectors.CompositionRefusee as refusal:
        raise Refus(str(refusal)) from None
    if as_json:
        click.echo(json.dumps({**asdict(answer), "source": MENTION}, ensure_ascii=False, indent=2))
        return
    for commune in answer.communes:
        click.echo(f"{commune.code_insee}  {format_nombre(commune.municipale):>10}  {commune.nom}")
    click.echo(f"Total  {format_nombre(answer.total):>10}  habitants, population municipale {answer.millesime}")
    click.echo(f"Source : {MENTION}.")
