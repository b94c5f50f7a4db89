"""`maillon territoire …`"""

import json
from dataclasses import asdict
from datetime import datetime

import click
from django.db import transaction

from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today
from maillon.socle.ui.typographie import compter, format_nombre

from . import selectors, services
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


@groupe.command()
@click.argument("slug")
@click.argument("codes", metavar="CODE…", nargs=-1, required=True)
@click.option("--nom", required=True, help="Nom de la communauté, tel qu’il s’affiche.")
@click.option(
    "--depuis", type=click.DateTime(["%Y-%m-%d"]), help="Premier jour du territoire (par défaut, aujourd’hui)."
)
@click.option("--essai", is_flag=True, help="Vérifie sans rien écrire.")
@click.option("--json", "as_json", is_flag=True, help="Répond en JSON.")
def fonder(slug: str, codes: tuple[str, ...], nom: str, depuis: datetime | None, essai: bool, as_json: bool) -> None:
    """Ouvre une communauté sur ses communes. SLUG est son adresse courte, par exemple « grand-lac »."""
    start = depuis.date() if depuis else today()
    try:
        with transaction.atomic():
            cpts = services.found_cpts(slug=slug, nom=nom, codes=codes, start=start, by=SYSTEME)
            transaction.set_rollback(essai)
    except selectors.CompositionRefusee as refusal:
        raise Refus(str(refusal)) from None
    if as_json:
        answer = {"slug": slug, "nom": cpts.nom, "communes": len(codes), "depuis": start.isoformat(), "essai": essai}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    click.echo(f"{'Essai : ' if essai else ''}{cpts.nom}, {compter(len(codes), 'commune')} : /p/{slug}/")
    click.echo(f"Ensuite : maillon droits inviter {slug} COURRIEL --prenom … --nom … --role coordination")
