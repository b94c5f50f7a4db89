"""Commands ``maillon gardes …``: planifier, verifier. They read files and write to the terminal, nothing else.

Exit codes: 0, a plan (its proof is in the answer) or a valid plan; 1, a plan with faults; 2, an input that cannot be
read; 3, rules that contradict.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from maillon.regles.erreurs import ErreurRegle, SaisieInvalide
from maillon.regles.gardes.ecriture import plan_to_json, verification_to_json
from maillon.regles.gardes.lecture import read_plan, read_probleme
from maillon.regles.gardes.plan import Etape, ProblemeContradictoire
from maillon.regles.gardes.presentation import plan_to_text, verification_to_text
from maillon.regles.gardes.solveur import replan, solve
from maillon.regles.gardes.types import Indisponibilite, Probleme
from maillon.regles.gardes.verification import check

_OCTETS_MAX = 50_000_000


class Refus(click.ClickException):
    """French sentences on stderr, and exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class Contradiction(Refus):
    """The rules contradict."""

    exit_code = 3


class CommandeFrancaise(click.Command):
    """Command whose refusals are French sentences, click's own included."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as erreur:
            raise Refus(_translate(erreur)) from erreur

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ProblemeContradictoire as erreur:
            lignes = "".join(f"\n- {raison.phrase}" for raison in erreur.raisons)
            raise Contradiction(f"Aucun tableau ne respecte ces règles à la fois\u00a0:{lignes}") from erreur
        except ErreurRegle as erreur:
            raise Refus(str(erreur)) from erreur


def _translate(erreur: click.UsageError) -> str:
    aide = "Voir l’aide avec --help."
    if isinstance(erreur, click.NoSuchOption):
        return f"L’option {erreur.option_name} n’existe pas. {aide}"
    if isinstance(erreur, click.MissingParameter):
        return f"Il manque un fichier. {aide}"
    if isinstance(erreur, click.BadOptionUsage):
        return f"L’option {erreur.option_name} attend une valeur. {aide}"
    return f"La commande est mal écrite. {aide}"


@click.group(name="gardes")
def groupe() -> None:
    """Tableaux de garde : le meilleur, prouvé, vérifié, expliqué."""


@groupe.command(cls=CommandeFrancaise)
@click.argument("fichier", metavar="PROBLEME.json")
@click.option("--duree", default="30", show_default=True, help="Secondes de calcul, au plus.")
@click.option("--depart", help="Plan d’où partir ; avec --absent, celui qu’il faut changer le moins.")
@click.option("--absent", "absents", multiple=True, help="personne, ou personne=AAAA-MM-JJ/AAAA-MM-JJ : qui se retire.")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
def planifier(fichier: str, duree: str, depart: str | None, absents: tuple[str, ...], en_json: bool) -> None:
    """Meilleur tableau : couverture, puis équité, puis souhaits."""
    probleme = read_probleme(_read(fichier))
    secondes = _parse_duree(duree)
    if absents and depart is None:
        raise SaisieInvalide("--absent change un tableau existant : donnez-le avec --depart.")
    plan = None if depart is None else read_plan(_read(depart), probleme)
    if plan is not None and absents:
        retraits = [_parse_absent(texte, probleme) for texte in absents]
        resultat = replan(probleme, plan, retraits, duree=secondes, avance=_show)
    else:
        resultat = solve(probleme, duree=secondes, depart=plan.affectations if plan else (), avance=_show)
    click.echo(_dump(plan_to_json(resultat)) if en_json else plan_to_text(probleme, resultat))


@groupe.command(cls=CommandeFrancaise)
@click.argument("fichier", metavar="PROBLEME.json")
@click.argument("plan", metavar="PLAN.json")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
def verifier(fichier: str, plan: str, en_json: bool) -> None:
    """Contrôle un tableau par un code qui ignore celui du calcul : chaque règle, chaque objectif."""
    probleme = read_probleme(_read(fichier))
    verification = check(probleme, read_plan(_read(plan), probleme))
    click.echo(_dump(verification_to_json(verification)) if en_json else verification_to_text(verification))
    if not verification.valide:
        raise click.exceptions.Exit(1)


def _dump(reponse: dict[str, Any]) -> str:
    return json.dumps(reponse, ensure_ascii=False, indent=2)


def _show(etape: Etape) -> None:
    """Progress, on stderr."""
    atteint = "recherche" if etape.valeur is None else f"{etape.valeur} (borne {etape.borne})"
    click.echo(f"{etape.profession}, {etape.objectif.libelle} : {atteint}", err=True)


def _read(chemin: str) -> str:
    try:
        octets = Path(chemin).read_bytes()
        if len(octets) <= _OCTETS_MAX:
            return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SaisieInvalide(f"« {chemin} » n’est pas un texte en UTF-8.") from None
    except (OSError, ValueError):
        raise SaisieInvalide(f"« {chemin} » ne peut pas être lu : vérifiez le nom et les droits.") from None
    raise SaisieInvalide(f"« {chemin} » dépasse 50 Mo.")


def _parse_duree(texte: str) -> float:
    try:
        secondes = float(texte.replace(",", "."))
    except ValueError:
        secondes = 0.0
    if not 0 < secondes <= 86_400:
        raise SaisieInvalide(f"--duree attend un nombre de secondes, pas « {texte} ».")
    return secondes


def _parse_absent(texte: str, probleme: Probleme) -> Indisponibilite:
    personne, egal, dates = texte.partition("=")
    probleme.check_personne(personne, "--absent")
    if not egal:
        return Indisponibilite(personne=personne)
    du, _, au = dates.partition("/")
    try:
        premier, dernier = date.fromisoformat(du), date.fromisoformat(au)
    except ValueError:
        raise SaisieInvalide(f"--absent attend personne=AAAA-MM-JJ/AAAA-MM-JJ, pas « {texte} ».") from None
    zone = ZoneInfo(probleme.fuseau)
    debut, fin = (datetime.combine(jour, time(), zone) for jour in (premier, dernier + timedelta(days=1)))
    return Indisponibilite(personne=personne, debut=debut, fin=fin)
