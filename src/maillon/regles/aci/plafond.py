"""Ceiling of one contract year: what the community may receive at most, with and without a recognised crisis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from maillon.regles.aci.bareme import (
    Parts,
    TailleExpliquee,
    compute_parts,
    load_bareme,
    missions_of,
    read_missions,
    resolve_taille,
)
from maillon.regles.aci.types import RIEN, LigneExplication, Mission, Montant, MontantsContrat, Taille
from maillon.regles.erreurs import SaisieInvalide
from maillon.regles.parametres import Statut


@dataclass(frozen=True, slots=True)
class Plafond:
    """Ceiling of a contract year, in euros.

    ``total`` counts the activation of a recognised crisis, ``hors_activation`` leaves it out: both are always shown.
    ``lignes`` is empty, and ``fixe`` and ``variable`` are ``None``, when only the total is known (2019 scale, or a
    contract that states a single amount).
    """

    taille: Taille
    annee_contrat: int
    on: date
    missions: tuple[Mission, ...]
    lignes: tuple[Parts, ...]
    total: Montant
    hors_activation: Montant
    activation: Montant
    fixe: Montant | None
    variable: Montant | None
    explication: tuple[LigneExplication, ...]


def check_annee_contrat(annee_contrat: int, *, on: date) -> int:
    """The contract year, refused outside the contract's length (5 years)."""
    duree = int(load_bareme()["versements"].at(on).get("duree_contrat").nombre)
    if isinstance(annee_contrat, bool) or not 1 <= annee_contrat <= duree:
        raise SaisieInvalide(f"L’année de contrat « {annee_contrat} » n’existe pas : un contrat dure {duree} ans.")
    return annee_contrat


def compute_plafond(
    *,
    on: date,
    missions: Iterable[Mission | str] | None = None,
    annee_contrat: int = 1,
    population: int | None = None,
    taille: Taille | int | None = None,
    montants: MontantsContrat | None = None,
) -> Plafond:
    """Ceiling of contract year ``annee_contrat`` (1–5), in euros, by the scale in force at ``on``.

    Give either ``population`` (inhabitants) or ``taille``. ``missions`` are those contracted, all those of the accord
    by default. ``montants`` are the contract's own and win. Raises ``SaisieInvalide`` for an impossible fact,
    ``BaremeIncomplet`` when the parts asked for are not published (2019), ``ParametreAbsent`` before the accord.
    """
    expliquee = resolve_taille(population=population, taille=taille, on=on)
    check_annee_contrat(annee_contrat, on=on)
    choisies = missions_of(on) if missions is None else read_missions(missions, on=on)
    return compute_plafond_of(expliquee, annee_contrat, on, choisies, montants)


def compute_plafond_of(
    expliquee: TailleExpliquee, annee: int, on: date, missions: tuple[Mission, ...], montants: MontantsContrat | None
) -> Plafond:
    """Ceiling of a year from facts already checked."""
    if montants and montants.plafond is not None:
        total = Montant.of_contrat(montants.plafond, libelle="Plafond annuel", source=montants.source)
        return plafond_seul(expliquee, annee, on, missions, total)
    if montants is None and missions == missions_of(on) and not load_bareme()["mission_acces"].is_known(on):
        return plafond_seul(expliquee, annee, on, missions, compute_plafond_taille(taille=expliquee.taille, on=on))
    return _plafond_detaille(expliquee, annee, on, missions, montants)


def compute_plafond_taille(*, taille: Taille | int, on: date) -> Montant:
    """Published ceiling of a size for its first year, all missions, crisis recognised, in euros."""
    connue = Taille.read(taille)
    valeur = load_bareme()["plafond_toutes_missions"].at(on).get(connue.code)
    return Montant.of_bareme(valeur, libelle=f"Plafond annuel de la {connue.libelle}, toutes missions réunies")


def plafond_seul(
    expliquee: TailleExpliquee, annee: int, on: date, missions: tuple[Mission, ...], total: Montant
) -> Plafond:
    """A ceiling of which only the total is known."""
    total = total.weaken(expliquee.ligne.statut)
    return Plafond(
        taille=expliquee.taille,
        annee_contrat=annee,
        on=on,
        missions=missions,
        lignes=(),
        total=total,
        hors_activation=total,
        activation=RIEN,
        fixe=None,
        variable=None,
        explication=(expliquee.ligne, *total.explication),
    )


def _plafond_detaille(
    expliquee: TailleExpliquee, annee: int, on: date, missions: tuple[Mission, ...], montants: MontantsContrat | None
) -> Plafond:
    postes: tuple[Mission | None, ...] = (None, *missions)
    taille, certitude = expliquee.taille, expliquee.ligne.statut
    lignes = tuple(compute_parts(p, taille=taille, annee_contrat=annee, on=on, montants=montants) for p in postes)
    total = Montant.somme(ligne.total for ligne in lignes).weaken(certitude)
    explication = (expliquee.ligne, *total.explication)
    if annee == 1 and montants is None and missions == missions_of(on):
        recoupement = _cross_check(taille, on)
        explication = (*explication, recoupement)
        if recoupement.montant == total.valeur:  # a published total is as sure as its publication
            total = replace(total, statut=Statut.weakest((recoupement.statut, certitude)))
    return Plafond(
        taille=taille,
        annee_contrat=annee,
        on=on,
        missions=missions,
        lignes=lignes,
        total=total,
        hors_activation=Montant.somme(ligne.hors_activation for ligne in lignes).weaken(certitude),
        activation=Montant.somme(ligne.activation for ligne in lignes).weaken(certitude),
        fixe=Montant.somme(ligne.fixe for ligne in lignes).weaken(certitude),
        variable=Montant.somme(ligne.variable for ligne in lignes).weaken(certitude),
        explication=explication,
    )


def _cross_check(taille: Taille, on: date) -> LigneExplication:
    """The total of all missions is itself known: it corroborates the sum even where its parts are recalled."""
    (ligne,) = compute_plafond_taille(taille=taille, on=on).explication
    return replace(ligne, libelle=f"Recoupement : {ligne.libelle[0].lower()}{ligne.libelle[1:]}")
