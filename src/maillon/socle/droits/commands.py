"""Commands about rights: `maillon droits …`."""

import csv
import io
import json
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

import click
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError

from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts
from maillon.socle.horloge import today
from maillon.socle.journal.services import record

from .acteur import SYSTEME
from .enums import Role, RoleTerritorial
from .permissions import Permission
from .services import invite_membre

ROLES = [*Role, *RoleTerritorial]


def load_permissions() -> list[Permission]:
    """Every declared permission, by code."""
    for config in apps.get_app_configs():
        if config.name.startswith("maillon.") and find_spec(f"{config.name}.permissions"):
            import_module(f"{config.name}.permissions")
    return [Permission.registre[code] for code in sorted(Permission.registre)]


@click.group()
def groupe() -> None:
    """Droits d’accès : matrice, invitations, ouverture des espaces patients."""


@groupe.command("matrice")
@click.option("--json", "en_json", is_flag=True, help="En JSON.")
@click.option("--csv", "en_csv", is_flag=True, help="En CSV, une colonne par rôle.")
def matrice(en_json: bool, en_csv: bool) -> None:
    """Qui peut faire quoi : chaque permission et les rôles qui la portent."""
    permissions = load_permissions()
    if en_json:
        rows = [
            {"code": p.code, "libelle": p.libelle, "roles": sorted(role.value for role in p.roles)} for p in permissions
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif en_csv:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["permission", "libellé", *(role.value for role in ROLES)])
        for p in permissions:
            writer.writerow([p.code, p.libelle, *("x" if role in p.roles else "" for role in ROLES)])
        click.echo(text.getvalue(), nl=False)
    else:
        for p in permissions:
            names = ", ".join(str(role.label) for role in ROLES if role in p.roles) or "personne"
            click.echo(f"{p.code}\n  {p.libelle}\n  {names}")


def _get_cpts(slug: str) -> Cpts:
    cpts = Cpts.objects.filter(slug=slug).first()
    if cpts is None:
        known = ", ".join(Cpts.objects.values_list("slug", flat=True)) or "aucune"
        raise click.ClickException(f"Aucune communauté « {slug} ». Connues : {known}.")
    return cpts


@groupe.command("inviter")
@click.argument("slug")
@click.argument("courriel")
@click.option("--prenom", required=True)
@click.option("--nom", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--rpps", default="", help="11 chiffres, pour Pro Santé Connect.")
@click.option("--essai", is_flag=True, help="Ne rien écrire.")
def inviter(slug: str, courriel: str, prenom: str, nom: str, roles: tuple[str, ...], rpps: str, essai: bool) -> None:
    """Inviter la première personne d’une communauté (les suivantes le sont par elle, dans l’application)."""
    cpts = _get_cpts(slug)
    if not essai:
        try:
            with use_cpts(cpts.pk):
                invite_membre(
                    cpts, email=courriel, prenom=prenom, nom=nom, roles=[Role(r) for r in roles], rpps=rpps, by=SYSTEME
                )
        except ValidationError as error:
            raise click.ClickException(" ".join(error.messages)) from error
    click.echo(f"{'Essai : ' if essai else ''}{courriel} est invité dans {cpts.nom} ({', '.join(roles)}).")


@groupe.command("ouvrir-patients")
@click.argument("slug")
@click.option("--hebergement", required=True, help="Référence du contrat ou du certificat d’hébergement (HDS).")
@click.option("--aipd", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Date de l’analyse d’impact.")
@click.option("--essai", is_flag=True, help="Ne rien écrire.")
def ouvrir_patients(slug: str, hebergement: str, aipd: datetime, essai: bool) -> None:
    """Consigner l’hébergement et l’AIPD d’une communauté, ce qui ouvre ses espaces patients."""
    cpts = _get_cpts(slug)
    if not settings.MAILLON_DPO:
        raise click.ClickException(
            "MAILLON_DPO manque : les notices disent aux patients à qui écrire au sujet de leurs données. "
            "Donnez l’adresse du délégué à la protection des données, puis recommencez."
        )
    if not essai:
        with use_cpts(cpts.pk):
            Cpts.objects.filter(pk=cpts.pk).update(patients_ouverts_le=today())
            record(
                "droits.patients_ouverts",
                cpts,
                by=SYSTEME,
                cpts_id=cpts.pk,
                hebergement=hebergement,
                aipd=f"{aipd:%Y-%m-%d}",
            )
    click.echo(f"{'Essai : les' if essai else 'Les'} espaces patients de {cpts.nom} sont ouverts.")
