"""Joining documents to indicators and acts, giving a new version of one, withdrawing one. Nothing is ever removed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import FichierRefuse, store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..donnees import DonneesPreuve, Piece
from ..enums import EtatContrat, GenrePreuve
from ..models import Indicateur, Preuve, RetraitPreuve
from ..permissions import LIRE_MISSION
from ..releves import refresh_releve
from .constats import check_date, lock_indicateur
from .suites import request_releve


@dataclass(frozen=True, slots=True)
class Depot:
    """What became of several documents: those joined, and a French sentence for each refused."""

    preuves: tuple[Preuve, ...]
    refus: tuple[str, ...]


@transaction.atomic
def attach_preuve(
    *,
    by: Acteur,
    libelle: str,
    le: date,
    nom: str,
    contenu: bytes,
    indicateur: Indicateur | None = None,
    acte: str = "",
    cpts_id: UUID | None = None,
    genre: GenrePreuve = GenrePreuve.AUTRE,
    nominative: bool = False,
) -> Preuve:
    """Join a document to an indicator, to one act (`acte`: its pseudonymous reference), or to both.

    `cpts_id` is needed only without indicator. The same document sent twice is joined once. Raises FichierRefuse for
    a document that is not accepted, SaisieInvalide when it proves nothing or comes from the future.
    """
    if indicateur is None and not acte:
        raise SaisieInvalide("Dites quel indicateur ou quel acte ce document justifie.")
    if indicateur is not None:
        check_date(indicateur, le)
        lock_indicateur(indicateur)
        cpts_id = indicateur.cpts_id
    if cpts_id is None:
        raise SaisieInvalide("Dites à quelle communauté appartient l’acte que ce document justifie.")
    donnees = DonneesPreuve(libelle=libelle, le=le, genre=genre, nominative=nominative)
    preuves = _attach(
        by=by,
        cpts_id=cpts_id,
        indicateur=indicateur,
        actes=[acte],
        donnees=donnees,
        piece=Piece(nom, contenu),
        jointe_le=now(),
    )
    request_releve(cpts_id)
    return preuves[0]


@transaction.atomic
def attach_documents(
    *,
    by: Acteur,
    indicateur: Indicateur,
    donnees: DonneesPreuve,
    pieces: Sequence[Piece],
    actes: Sequence[str] = (),
    numero: int | None = None,
) -> Depot:
    """Join several documents to an indicator, or each of them to several of its acts (their own references).

    A document refused leaves the others joined. Evidence of acts shows at once in the figures of year `numero` (of
    the current year by default), so that the page which asked for it asks no more. Raises SaisieInvalide for a date
    out of the contract or to come.
    """
    check_date(indicateur, donnees.le)
    lock_indicateur(indicateur)
    preuves: list[Preuve] = []
    refus: list[str] = []
    jointe_le = now()
    for piece in pieces:
        try:
            preuves += _attach(
                by=by,
                cpts_id=indicateur.cpts_id,
                indicateur=indicateur,
                actes=actes or [""],
                donnees=donnees,
                piece=piece,
                jointe_le=jointe_le,
            )
        except FichierRefuse as motif:
            refus.append(str(motif))
    if preuves:
        _publish(indicateur, actes=bool(actes), numero=numero)
    return Depot(tuple(preuves), tuple(refus))


@transaction.atomic
def replace_preuve(*, preuve: Preuve, donnees: DonneesPreuve, piece: Piece, by: Acteur) -> list[Preuve]:
    """Give a new version of a document, for all that it proves. The former stays readable.

    Raises SaisieInvalide when the document is no longer in force or has not changed, FichierRefuse for a document that
    is not accepted.
    """
    lot = _lock_lot(preuve)
    if preuve.indicateur is not None:
        check_date(preuve.indicateur, donnees.le)
    if hashlib.sha256(piece.contenu).hexdigest() == preuve.empreinte:
        raise SaisieInvalide("Ce document est le même que celui qu’il devait remplacer : son empreinte est identique.")
    fichier = store_fichier(
        cpts_id=preuve.cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=LIRE_MISSION.code
    )
    jointe_le = now()
    nouvelles = [
        Preuve(
            cpts_id=ancienne.cpts_id,
            indicateur_id=ancienne.indicateur_id,
            acte=ancienne.acte,
            libelle=donnees.libelle,
            genre=donnees.genre,
            nominative=donnees.nominative,
            le=donnees.le,
            remplace=ancienne,
            version=ancienne.version + 1,
            fichier=fichier,
            empreinte=fichier.empreinte,
            jointe_le=jointe_le,
            jointe_par=by.compte_id,
        )
        for ancienne in lot
    ]
    Preuve.objects.bulk_create(nouvelles)
    nouvelle = next(n for n in nouvelles if n.remplace_id == preuve.pk)
    journal.record(
        "pilotage.preuve_remplacee", nouvelle, by=by, remplace=str(preuve.pk), empreinte=fichier.empreinte, de=len(lot)
    )
    _publish(preuve.indicateur, actes=bool(preuve.acte))
    request_releve(preuve.cpts_id)
    return nouvelles


@transaction.atomic
def withdraw_preuve(*, preuve: Preuve, motif: str, by: Acteur, partout: bool = False) -> int:
    """Record that a document proves nothing any more, and why; `partout`: for all that it proves. How many.

    It stays visible as withdrawn. Raises SaisieInvalide when it is no longer in force or the reason is empty.
    """
    motif = motif.strip()
    if not motif:
        raise SaisieInvalide("Dites pourquoi ce justificatif est retiré.")
    lot = _lock_lot(preuve)
    retirees = lot if partout else [preuve]
    RetraitPreuve.objects.bulk_create(
        RetraitPreuve(cpts_id=p.cpts_id, preuve=p, motif=motif, par=by.compte_id) for p in retirees
    )
    journal.record("pilotage.preuve_retiree", preuve, by=by, de=len(retirees))
    _publish(preuve.indicateur, actes=bool(preuve.acte))
    request_releve(preuve.cpts_id)
    return len(retirees)


@transaction.atomic
def undo_depot(*, preuve: Preuve, by: Acteur) -> int:
    """Withdraw all that was joined together with this document, at once after a mistake."""
    ensemble = Preuve.objects.en_vigueur().filter(
        cpts_id=preuve.cpts_id, indicateur=preuve.indicateur, jointe_le=preuve.jointe_le, jointe_par=by.compte_id
    )
    fichiers = {p.fichier_id: p for p in ensemble}
    return sum(
        withdraw_preuve(preuve=p, motif="Joint par erreur, annulé aussitôt", by=by, partout=True)
        for p in fichiers.values()
    )


def _attach(
    *,
    by: Acteur,
    cpts_id: UUID,
    indicateur: Indicateur | None,
    actes: Sequence[str],
    donnees: DonneesPreuve,
    piece: Piece,
    jointe_le: datetime,
) -> list[Preuve]:
    """One document, stored once, for each act; what it already proves that day is not joined again."""
    empreinte = hashlib.sha256(piece.contenu).hexdigest()
    memes = Preuve.objects.en_vigueur().filter(
        cpts_id=cpts_id, indicateur=indicateur, le=donnees.le, empreinte=empreinte, acte__in=actes
    )
    deja = {preuve.acte: preuve for preuve in memes}
    nouveaux = [acte for acte in dict.fromkeys(actes) if acte not in deja]
    if not nouveaux:
        return list(deja.values())
    fichier = store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=LIRE_MISSION.code)
    preuves = [
        Preuve(
            cpts_id=cpts_id,
            indicateur=indicateur,
            acte=acte,
            libelle=donnees.libelle,
            genre=donnees.genre,
            nominative=donnees.nominative,
            le=donnees.le,
            fichier=fichier,
            empreinte=fichier.empreinte,
            jointe_le=jointe_le,
            jointe_par=by.compte_id,
        )
        for acte in nouveaux
    ]
    Preuve.objects.bulk_create(preuves)
    journal.record(
        "pilotage.preuve_jointe",
        preuves[0],
        by=by,
        empreinte=fichier.empreinte,
        le=donnees.le.isoformat(),
        actes=sum(bool(acte) for acte in nouveaux),
    )
    return [*deja.values(), *preuves]


def _lock_lot(preuve: Preuve) -> list[Preuve]:
    """All that this document proves today, this row included; locked by its indicator."""
    if preuve.indicateur is not None:
        lock_indicateur(preuve.indicateur)
    lot = list(Preuve.objects.en_vigueur().filter(cpts_id=preuve.cpts_id, fichier_id=preuve.fichier_id))
    if preuve not in lot:
        raise SaisieInvalide("Ce justificatif a déjà été remplacé ou retiré : ouvrez sa dernière version.")
    return lot


def _publish(indicateur: Indicateur | None, *, actes: bool, numero: int | None = None) -> None:
    """The evidence that lacks is read from the published acts: they are written now, the rest by the job."""
    if indicateur is None:
        return
    if actes and indicateur.contrat.etat != EtatContrat.BROUILLON:
        refresh_releve(cpts_id=indicateur.cpts_id)
        if numero is not None:
            refresh_releve(cpts_id=indicateur.cpts_id, contrat=indicateur.contrat, numero=numero)
    request_releve(indicateur.cpts_id)
