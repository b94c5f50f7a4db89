"""Commands ``maillon aci …``: plafond, versements, variable. Nothing is written, nothing is asked to a clock."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import click

from maillon.regles.aci.contrat import Contrat, parse_contrat, parse_date
from maillon.regles.aci.plafond import check_annee_contrat, compute_plafond
from maillon.regles.aci.presentation import (
    echeancier_to_json,
    echeancier_to_text,
    plafond_to_json,
    plafond_to_text,
    variable_to_json,
    variable_to_text,
)
from maillon.regles.aci.types import Mission
from maillon.regles.aci.variable import compute_variable
from maillon.regles.aci.versements import compute_anniversaires, compute_versements
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide

TAILLE_MAXIMALE = 1_000_000
"""Bytes of a contract file: a real one has a few thousands."""


class Refus(click.ClickException):
    """One French sentence on stderr, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class CommandeFrancaise(click.Command):
    """Command whose refusals are one French sentence, click's own included."""

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
        except ErreurRegle as erreur:
            raise Refus(str(erreur)) from erreur


def _translate(erreur: click.UsageError) -> str:
    aide = "Voir l’aide avec --help."
    if isinstance(erreur, click.NoSuchOption):
        return f"L’option {erreur.option_name} n’existe pas. {aide}"
    if isinstance(erreur, click.BadOptionUsage):
        return f"L’option {erreur.option_name} attend une valeur. {aide}"
    return f"La commande n’attend que des options, écrites --nom valeur. {aide}"


@click.group(name="aci")
def groupe() -> None:
    """Argent de l’ACI : plafond, versements, part variable."""


@groupe.command(cls=CommandeFrancaise)
@click.option("--population", help="Nombre d’habitants du territoire.")
@click.option("--taille", help="Taille de la CPTS, 1 à 4, à la place de la population.")
@click.option("--missions", help="Missions au contrat, séparées par des virgules ; toutes par défaut.")
@click.option("--annee-contrat", default="1", show_default=True, help="Année du contrat, 1 à 5.")
@click.option("--date", "jour", help="Date du barème, AAAA-MM-JJ.")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
def plafond(
    population: str | None,
    taille: str | None,
    missions: str | None,
    annee_contrat: str,
    jour: str | None,
    en_json: bool,
) -> None:
    """Plafond d’une année de contrat, avec et sans crise reconnue."""
    habitants = _parse_entier(population, "--population")
    resultat = compute_plafond(
        on=_parse_jour(jour, "--date"),
        missions=_parse_missions(missions),
        annee_contrat=_parse_entier(annee_contrat, "--annee-contrat") or 0,
        population=habitants,
        taille=_parse_entier(taille, "--taille"),
    )
    _answer(plafond_to_json(resultat, population=habitants) if en_json else plafond_to_text(resultat))


@groupe.command(cls=CommandeFrancaise)
@click.option("--contrat", "fichier", help="Fichier du contrat, YAML ou JSON, à la place des autres options.")
@click.option("--signature", help="Date de signature, AAAA-MM-JJ.")
@click.option("--population", help="Nombre d’habitants du territoire.")
@click.option("--taille", help="Taille de la CPTS, 1 à 4, à la place de la population.")
@click.option("--missions", help="Missions au contrat, séparées par des virgules ; toutes par défaut.")
@click.option("--demarrage", "demarrages", multiple=True, help="mission=AAAA-MM-JJ ; à la signature par défaut.")
@click.option("--date", "jour", help="Date du barème, AAAA-MM-JJ ; celle de la signature par défaut.")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
def versements(
    fichier: str | None,
    signature: str | None,
    population: str | None,
    taille: str | None,
    missions: str | None,
    demarrages: tuple[str, ...],
    jour: str | None,
    en_json: bool,
) -> None:
    """Échéancier du fonctionnement et des parts fixes, sur tout le contrat."""
    if fichier is not None:
        if any((signature, population, taille, missions, demarrages, jour)):
            raise SaisieInvalide(
                "Avec --contrat, les autres options sont dans le fichier : retirez-les de la commande."
            )
        contrat = _read_contrat(fichier)
    else:
        contrat = Contrat(
            signature=_parse_jour(signature, "--signature"),
            date_bareme=_parse_jour(jour, "--date") if jour is not None else None,
            population=_parse_entier(population, "--population"),
            taille=_parse_entier(taille, "--taille"),
            missions=_parse_missions(missions),
            demarrages=dict(_parse_demarrage(texte) for texte in demarrages),
        )
    resultat = compute_versements(
        signature=contrat.signature,
        on=contrat.date_bareme,
        missions=contrat.missions,
        demarrages=contrat.demarrages,
        population=contrat.population,
        taille=contrat.taille,
        montants=contrat.montants,
    )
    _answer(echeancier_to_json(resultat) if en_json else echeancier_to_text(resultat))


@groupe.command(cls=CommandeFrancaise)
@click.option("--contrat", "fichier", help="Fichier du contrat, YAML ou JSON, avec ses indicateurs.")
@click.option("--date", "jour", help="Date de l’état, AAAA-MM-JJ.")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
def variable(fichier: str | None, jour: str | None, en_json: bool) -> None:
    """Part variable : constaté, à confirmer, encore possible, perdu."""
    if fichier is None:
        raise SaisieInvalide("Indiquez le fichier du contrat avec --contrat.")
    contrat = _read_contrat(fichier)
    if not contrat.indicateurs:
        raise SaisieInvalide("Le contrat n’a aucun indicateur : ajoutez-les sous « indicateurs ».")
    bareme = contrat.date_bareme or contrat.signature
    annee = check_annee_contrat(contrat.annee_contrat, on=bareme)
    resultat = compute_variable(
        on=_parse_jour(jour, "--date"),
        fin_periode=compute_anniversaires(contrat.signature, on=bareme)[annee],
        indicateurs=contrat.indicateurs,
        constatees=contrat.constatees,
        prevues=contrat.prevues,
        enveloppes=contrat.enveloppes,
        evaluee=contrat.evaluee,
    )
    _answer(variable_to_json(resultat) if en_json else variable_to_text(resultat))


def _answer(reponse: dict[str, object] | str) -> None:
    click.echo(reponse if isinstance(reponse, str) else json.dumps(reponse, ensure_ascii=False, indent=2))


def _read_contrat(fichier: str) -> Contrat:
    chemin = Path(fichier)
    try:
        with chemin.open("rb") as flux:
            octets = flux.read(TAILLE_MAXIMALE + 1)
        if len(octets) > TAILLE_MAXIMALE:
            raise SaisieInvalide(f"Le fichier « {fichier} » est trop gros pour un contrat (plus de 1 Mo).")
        texte = octets.decode("utf-8-sig")
    except OSError as erreur:
        raise SaisieInvalide(
            f"Le fichier « {fichier} » ne peut pas être lu : vérifiez son nom et ses droits."
        ) from erreur
    except UnicodeDecodeError as erreur:
        raise SaisieInvalide(f"Le fichier « {fichier} » n’est pas un texte en UTF-8.") from erreur
    try:
        return parse_contrat(texte, is_json=chemin.suffix.lower() == ".json")
    except ErreurRegle as erreur:
        raise SaisieInvalide(f"Fichier « {fichier} » : {erreur}") from erreur


def _parse_entier(texte: str | None, option: str) -> int | None:
    """Integer written with or without spaces between thousands."""
    if texte is None:
        return None
    compact = "".join(texte.split())
    signe, chiffres = (-1, compact[1:]) if compact.startswith("-") else (1, compact)
    if not (chiffres.isascii() and chiffres.isdigit() and len(chiffres) <= 12):
        raise SaisieInvalide(f"{option} attend un nombre entier, pas « {texte} ».")
    return signe * int(chiffres)


def _parse_jour(texte: str | None, option: str) -> date:
    if texte is None:
        raise SaisieInvalide(f"Indiquez {option}, écrit AAAA-MM-JJ.")
    return parse_date(texte, option)


def _parse_missions(texte: str | None) -> tuple[Mission, ...] | None:
    """Codes of missions, accents and capitals forgiven."""
    if texte is None:
        return None
    codes = tuple(Mission.read(_plain(code)) for code in texte.split(",") if code.strip())
    if not codes:
        raise SaisieInvalide("--missions est vide : donnez au moins une mission, ou retirez l’option pour toutes.")
    return codes


def _parse_demarrage(texte: str) -> tuple[Mission, date]:
    code, egal, jour = texte.partition("=")
    if not egal:
        raise SaisieInvalide(f"--demarrage attend mission=AAAA-MM-JJ, pas « {texte} ».")
    return Mission.read(_plain(code)), parse_date(jour.strip(), "--demarrage")


def _plain(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.strip().lower())
    return "".join(lettre for lettre in decompose if not unicodedata.combining(lettre))
