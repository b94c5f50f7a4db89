"""Commands ``maillon aci …``: plafond, versements, variable. Nothing is written, nothing is asked to a clock."""

from __future__ import annotations

import csv
import gc
import io
import json
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any

import click

from maillon.regles.aci.champs import parse_date
from maillon.regles.aci.contrat import Contrat
from maillon.regles.aci.lots import compute_lot, compute_of_contrat, read_fichier
from maillon.regles.aci.plafond import check_annee_contrat, compute_plafond
from maillon.regles.aci.presentation import (
    plafond_to_json,
    plafond_to_text,
    variable_to_json,
    variable_to_text,
)
from maillon.regles.aci.presentation_versements import (
    ENTETES_CSV,
    echeancier_to_csv,
    echeancier_to_json,
    echeancier_to_text,
    rapprochement_to_json,
    rapprochement_to_text,
    resiliation_to_json,
    resiliation_to_text,
)
from maillon.regles.aci.recus import compare_recus
from maillon.regles.aci.resiliation import compute_resiliation
from maillon.regles.aci.types import Mission
from maillon.regles.aci.variable import compute_variable
from maillon.regles.aci.versements import Echeancier, compute_anniversaires
from maillon.regles.aci.vie import sum_recus
from maillon.regles.erreurs import ErreurRegle, SaisieInvalide


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
@click.option("--contrats", "lot", help="Dossier de contrats, ou fichier .ndjson (un contrat par ligne).")
@click.option("--signature", help="Date de signature, AAAA-MM-JJ.")
@click.option("--population", help="Nombre d’habitants du territoire.")
@click.option("--taille", help="Taille de la CPTS, 1 à 4, à la place de la population.")
@click.option("--missions", help="Missions au contrat, séparées par des virgules ; toutes par défaut.")
@click.option("--demarrage", "demarrages", multiple=True, help="mission=AAAA-MM-JJ ; à la signature par défaut.")
@click.option("--date", "jour", help="Date du barème, AAAA-MM-JJ ; celle de la signature par défaut.")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
@click.option("--csv", "en_csv", is_flag=True, help="Réponse en CSV, une ligne par versement.")
def versements(
    fichier: str | None,
    lot: str | None,
    signature: str | None,
    population: str | None,
    taille: str | None,
    missions: str | None,
    demarrages: tuple[str, ...],
    jour: str | None,
    en_json: bool,
    en_csv: bool,
) -> None:
    """Échéancier de tout le contrat : fonctionnement, parts fixes, parts variables, avenants, résiliation."""
    if en_json and en_csv:
        raise SaisieInvalide("Choisissez --json ou --csv, pas les deux.")
    autres = (signature, population, taille, missions, demarrages, jour)
    if lot is not None:
        if any((fichier, *autres)):
            raise SaisieInvalide("Avec --contrats, tout est dans les fichiers : retirez les autres options.")
        answer_lot(lot, en_csv=en_csv)
        return
    if fichier is not None:
        if any(autres):
            raise SaisieInvalide(
                "Avec --contrat, les autres options sont dans le fichier : retirez-les de la commande."
            )
        contrat = read_fichier(fichier)
    else:
        contrat = Contrat(
            signature=_parse_jour(signature, "--signature"),
            date_bareme=_parse_jour(jour, "--date") if jour is not None else None,
            population=_parse_entier(population, "--population"),
            taille=_parse_entier(taille, "--taille"),
            missions=_parse_missions(missions),
            demarrages=dict(_parse_demarrage(texte) for texte in demarrages),
        )
    answer_contrat(contrat, en_json=en_json, en_csv=en_csv)


@groupe.command(cls=CommandeFrancaise)
@click.option("--contrat", "fichier", help="Fichier du contrat, YAML ou JSON, avec ses indicateurs.")
@click.option("--date", "jour", help="Date de l’état, AAAA-MM-JJ.")
@click.option("--json", "en_json", is_flag=True, help="Réponse en JSON.")
def variable(fichier: str | None, jour: str | None, en_json: bool) -> None:
    """Part variable : constaté, à confirmer, encore possible, perdu."""
    if fichier is None:
        raise SaisieInvalide("Indiquez le fichier du contrat avec --contrat.")
    contrat = read_fichier(fichier)
    if not contrat.indicateurs:
        raise SaisieInvalide("Le contrat n’a aucun indicateur : ajoutez-les sous « indicateurs ».")
    bareme = contrat.date_bareme or contrat.signature
    annee = check_annee_contrat(contrat.annee_contrat, on=bareme)
    fin = compute_anniversaires(contrat.signature, on=bareme)[annee]
    resultat = compute_variable(
        on=_parse_jour(jour, "--date"),
        fin_periode=fin,
        indicateurs=contrat.indicateurs_before(fin),
        constatees=contrat.constatees,
        prevues=contrat.prevues,
        enveloppes=contrat.enveloppes_before(fin),
        evaluee=contrat.evaluee,
    )
    _answer(variable_to_json(resultat) if en_json else variable_to_text(resultat))


def answer_lot(lot: str, *, en_csv: bool) -> None:
    """Schedules of many contracts: nothing is written before all of them are computed."""
    # Everything computed is kept until it is written: looking for garbage meanwhile costs a third of the time.
    gc.disable()
    try:
        echeanciers = list(compute_lot(lot))
    finally:
        gc.enable()
    if en_csv:
        _write_csv(echeanciers)
        return
    reponses = [{"contrat": nom, **echeancier_to_json(e, explained=False)} for nom, e in echeanciers]
    click.echo(json.dumps(reponses, ensure_ascii=False))


def answer_contrat(contrat: Contrat, *, en_json: bool, en_csv: bool) -> None:
    """The schedule of one contract, what was received, and its termination when there is one."""
    echeancier, vie = compute_of_contrat(contrat), contrat.vie
    compte = fin = None
    if vie.recus:
        compte = compare_recus(echeancier, vie.recus, on=max(recu.date for recu in vie.recus))
    if vie.resiliation is not None:
        annee = sum(jour < vie.resiliation for jour in echeancier.anniversaires)
        fin = compute_resiliation(
            signature=contrat.signature,
            termes=contrat.termes,
            le=vie.resiliation,
            recus=sum_recus(vie.recus, annee, vie.resiliation),
        )
    if en_csv:
        _write_csv([(contrat.cpts or "contrat", echeancier)])
    elif en_json:
        reponse = echeancier_to_json(echeancier)
        reponse |= {"recus": rapprochement_to_json(compte)} if compte else {}
        _answer(reponse | ({"resiliation": resiliation_to_json(fin)} if fin else {}))
    else:
        suites = [rapprochement_to_text(compte)] if compte else []
        suites += [resiliation_to_text(fin)] if fin else []
        _answer("\n\n".join([echeancier_to_text(echeancier), *suites]))


def _write_csv(echeanciers: Iterable[tuple[str, Echeancier]]) -> None:
    tampon = io.StringIO()
    lignes = csv.writer(tampon, delimiter=";", lineterminator="\n")
    lignes.writerow(ENTETES_CSV)
    for nom, echeancier in echeanciers:
        # A name that starts as a formula would run in a spreadsheet.
        sur = f"'{nom}" if nom.startswith(("=", "+", "-", "@", "\t", "\r")) else nom
        lignes.writerows(echeancier_to_csv(sur, echeancier))
    click.echo(tampon.getvalue(), nl=False)


def _answer(reponse: dict[str, object] | str) -> None:
    click.echo(reponse if isinstance(reponse, str) else json.dumps(reponse, ensure_ascii=False, indent=2))


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
