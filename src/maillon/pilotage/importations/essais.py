"""The dry run: what confirming a file would add, correct, leave and refuse. Writes nothing."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from maillon.pilotage.contrats.models import Constat, Contrat, Indicateur
from maillon.pilotage.contrats.services.constats import check_date, check_valeur
from maillon.regles.catalogue import fold
from maillon.regles.erreurs import SaisieInvalide

from .correspondances import Colonnes, Donnee, extract
from .enums import ECRITES, Issue, Organisme
from .lecture import Tableau
from .models import Correspondance
from .valeurs import SECRET, Illisible, read_jour, read_nombre

NOMS = {
    Organisme.ASSURANCE_MALADIE: ("assurance maladie", "cpam", "cnam"),
    Organisme.ARS: ("ars", "agence regionale"),
}


@dataclass(frozen=True, slots=True)
class LigneEssai:
    """One row of the dry run."""

    numero: int
    libelle: str
    issue: Issue
    indicateur: Indicateur | None = None
    valeur: Decimal | None = None
    le: date | None = None
    ancienne: Decimal | None = None
    motif: str = ""
    certifiee: bool = False


@dataclass(frozen=True, slots=True)
class Essai:
    """The dry run of a file: its rows that concern our indicators, and how many do not."""

    lignes: tuple[LigneEssai, ...]
    lues: int
    ecartees: int

    def of(self, issue: Issue) -> list[LigneEssai]:
        return [ligne for ligne in self.lignes if ligne.issue == issue]

    @property
    def comptes(self) -> Counter[Issue]:
        return Counter(ligne.issue for ligne in self.lignes)

    @property
    def ecrites(self) -> list[LigneEssai]:
        return [ligne for ligne in self.lignes if ligne.issue in ECRITES]


def certifies(certificateur: str, organisme: str) -> bool:
    """Whether this body is the one that the contract names: only then does a value of its file count as certified."""
    mots = fold(certificateur)
    return any(re.search(rf"\b{nom}\b", mots) for nom in NOMS.get(Organisme(organisme), ()))


def try_import(
    tableau: Tableau, correspondance: Correspondance, contrat: Contrat, *, date_fixe: date | None = None
) -> Essai:
    """Compare every figure of the file with what is recorded. Queries: two, whatever the number of rows.

    Raises ImportRefuse when the file lacks a column of the mapping.
    """
    colonnes = columns_of(correspondance)
    par_code = {i.code: i for i in contrat.indicateurs.select_related("contrat")}
    connus = _read_constats(contrat)
    lignes: list[LigneEssai] = []
    ecartees = len(tableau.lignes)
    numeros = set()
    for donnee in extract(tableau, colonnes, date_fixe=date_fixe):
        indicateur = par_code.get(correspondance.libelles.get(fold(donnee.libelle), ""))
        if indicateur is not None:
            numeros.add(donnee.numero)
            lignes.append(_compare(donnee, indicateur, correspondance, connus))
    return Essai(tuple(_settle_doubles(lignes)), len(tableau.lignes), ecartees - len(numeros))


def columns_of(correspondance: Correspondance) -> Colonnes:
    return Colonnes(
        correspondance.colonne_indicateur,
        correspondance.colonne_valeur,
        correspondance.colonne_date,
        correspondance.colonne_territoire,
        correspondance.territoire,
    )


Connus = dict[tuple[object, date], Constat]


def _read_constats(contrat: Contrat) -> Connus:
    """The last value recorded for each indicator and day."""
    constats = Constat.objects.filter(indicateur__contrat=contrat).order_by("saisi_le", "pk")
    return {(constat.indicateur_id, constat.le): constat for constat in constats}


def _compare(donnee: Donnee, indicateur: Indicateur, source: Correspondance, connus: Connus) -> LigneEssai:
    ligne = LigneEssai(donnee.numero, donnee.libelle, Issue.REFUSEE, indicateur)
    try:
        le = read_jour(donnee.le)
        lue = read_nombre(donnee.valeur)
    except Illisible as refus:
        return replace(ligne, motif=f"{str(refus)[0].upper()}{str(refus)[1:]}.")
    if lue is SECRET:
        return replace(
            ligne, issue=Issue.SECRET, le=le, motif="Valeur inconnue, gardée comme telle : ce n’est pas zéro."
        )
    assert isinstance(lue, Decimal)
    ligne = replace(ligne, valeur=lue, le=le, certifiee=certifies(indicateur.certificateur, source.organisme))
    try:
        check_valeur(indicateur, lue)
        check_date(indicateur, le)
    except SaisieInvalide as refus:
        return replace(ligne, motif=str(refus))
    avant = connus.get((indicateur.pk, le))
    if avant is None:
        return replace(ligne, issue=Issue.AJOUT, motif=_warn(ligne, indicateur))
    if avant.valeur == lue and (avant.certifie_par or not ligne.certifiee):
        return replace(ligne, issue=Issue.INCHANGEE, ancienne=avant.valeur)
    if avant.valeur == lue:
        return replace(ligne, issue=Issue.CORRECTION, ancienne=lue, motif="La valeur déclarée devient certifiée.")
    if avant.certifie_par and not ligne.certifiee:
        return replace(
            ligne,
            ancienne=avant.valeur,
            motif=f"Une autre valeur est déjà certifiée à cette date par {avant.certifie_par} : elle l’emporte.",
        )
    return replace(ligne, issue=Issue.CORRECTION, ancienne=avant.valeur, motif=_warn(ligne, indicateur))


def _warn(ligne: LigneEssai, indicateur: Indicateur) -> str:
    if ligne.certifiee:
        return ""
    return f"Restera à confirmer : le contrat nomme « {indicateur.certificateur} »."


def _settle_doubles(lignes: Sequence[LigneEssai]) -> Iterable[LigneEssai]:
    """One value for an indicator and a day: the same told twice counts once, two that differ are both refused."""
    groupes: dict[tuple[object, date], set[Decimal]] = defaultdict(set)
    for ligne in lignes:
        if ligne.issue in (*ECRITES, Issue.INCHANGEE) and ligne.le and ligne.valeur is not None:
            groupes[ligne.indicateur, ligne.le].add(ligne.valeur)
    deja = set()
    for ligne in lignes:
        cle = (ligne.indicateur, ligne.le)
        if ligne.issue not in (*ECRITES, Issue.INCHANGEE) or ligne.le is None:
            yield ligne
        elif len(groupes[ligne.indicateur, ligne.le]) > 1:
            yield replace(ligne, issue=Issue.REFUSEE, motif="Le fichier donne deux valeurs différentes pour ce jour.")
        elif cle in deja:
            yield replace(ligne, issue=Issue.INCHANGEE, motif="Déjà dite plus haut dans le fichier.")
        else:
            deja.add(cle)
            yield ligne
