"""The draft of a guided entry, and its recording: whole or not at all."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..donnees import Piece
from ..enums import EtatBrouillon
from ..models import BrouillonContrat, Contrat, ContratSigne, Indicateur, Preuve
from ..permissions import LIRE, LIRE_MISSION
from ..saisie.donnees import ResultatSaisi, Saisie
from .constats import check_date, record_constat
from .contrat import create_contrat, deploy_mission
from .suites import request_releve
from .versements import record_versement


@transaction.atomic
def open_brouillon(*, cpts_id: UUID, by: Acteur) -> BrouillonContrat:
    """The draft under way in a community, begun if there is none: two people who begin together share one."""
    ouverts = BrouillonContrat.objects.filter(cpts_id=cpts_id, etat=EtatBrouillon.OUVERT)
    deja = ouverts.select_for_update().first()
    if deja is not None:
        return deja
    brouillon = BrouillonContrat(cpts_id=cpts_id, commence_par=by.compte_id, modifie_par=by.compte_id)
    try:
        with transaction.atomic():
            brouillon.save(force_insert=True)
    except IntegrityError:
        return ouverts.select_for_update().get()
    journal.record("pilotage.saisie_commencee", brouillon, by=by)
    return brouillon


@transaction.atomic
def save_etape(*, brouillon: BrouillonContrat, etape: str, contenu: Mapping[str, Any], by: Acteur) -> BrouillonContrat:
    """Keep what a step holds, complete or not: `contenu` replaces the parts of the draft that it names."""
    ouvert = _lock(brouillon)
    if all(ouvert.contenu.get(nom) == valeur for nom, valeur in contenu.items()):
        return ouvert
    ouvert.contenu = ouvert.contenu | dict(contenu)
    ouvert.modifie_le, ouvert.modifie_par = now(), by.compte_id
    ouvert.save(update_fields=["contenu", "modifie_le", "modifie_par"])
    journal.record("pilotage.saisie_modifiee", ouvert, by=by, etape=etape)
    return ouvert


def store_document(*, cpts_id: UUID, piece: Piece, by: Acteur, mission: bool = False) -> dict[str, str]:
    """Keep a document of the draft, hashed; what the draft remembers of it. `mission`: those of a mission read it.

    Raises FichierRefuse for a document that is not accepted.
    """
    permission = LIRE_MISSION if mission else LIRE
    fichier = store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=permission.code)
    return {"id": str(fichier.pk), "nom": fichier.nom, "empreinte": fichier.empreinte}


@transaction.atomic
def abandon_brouillon(*, brouillon: BrouillonContrat, by: Acteur) -> None:
    """Give the entry up: what was typed is erased. Nothing was recorded."""
    ouvert = _lock(brouillon)
    _close(ouvert, EtatBrouillon.ABANDONNE, by)
    journal.record("pilotage.saisie_abandonnee", ouvert, by=by)


@transaction.atomic
def record_saisie(*, brouillon: BrouillonContrat, saisie: Saisie, by: Acteur) -> Contrat:
    """The contract, its signed text, what was received and the past results, in one transaction.

    Raises an ErreurRegle (a French sentence with the numbers that disagree); nothing is then written.
    """
    ouvert = _lock(brouillon)
    contrat = create_contrat(cpts_id=ouvert.cpts_id, donnees=saisie.contrat, by=by)
    _record_texte(contrat, saisie, by)
    codes = {cle: donnees.code for cle, donnees in zip(saisie.cles, saisie.contrat.indicateurs, strict=True)}
    indicateurs = {i.code: i for i in contrat.indicateurs.select_related("contrat")}
    for resultat in saisie.resultats:
        _record_resultat(indicateurs[codes[resultat.cle]], resultat, by)
    _record_deploiements(contrat, saisie, by)
    _record_versements(contrat, saisie, by)
    ouvert.contrat = contrat
    _close(ouvert, EtatBrouillon.ENREGISTRE, by)
    journal.record(
        "pilotage.saisie_enregistree",
        ouvert,
        by=by,
        versements=len(saisie.versements),
        resultats=len(saisie.resultats),
    )
    request_releve(ouvert.cpts_id)
    return contrat


def _record_texte(contrat: Contrat, saisie: Saisie, by: Acteur) -> None:
    signataires = saisie.signataires
    fichier = _get_fichier(contrat.cpts_id, saisie.document)
    if fichier is None and not (signataires.cpts or signataires.cpam or signataires.ars):
        return
    ContratSigne(
        cpts_id=contrat.cpts_id,
        contrat=contrat,
        signe_cpts=signataires.cpts,
        signe_cpam=signataires.cpam,
        signe_ars=signataires.ars,
        document=fichier,
        empreinte=fichier.empreinte if fichier else "",
        saisi_par=by.compte_id,
    ).save(force_insert=True)


def _record_resultat(indicateur: Indicateur, resultat: ResultatSaisi, by: Acteur) -> None:
    record_constat(
        indicateur=indicateur,
        valeur=resultat.valeur,
        le=resultat.le,
        by=by,
        source=resultat.source,
        certifie_par=resultat.certifie_par,
        document=_get_fichier(indicateur.cpts_id, resultat.document),
    )
    fichier = _get_fichier(indicateur.cpts_id, resultat.preuve)
    if fichier is None:
        return
    check_date(indicateur, resultat.le)
    preuve = Preuve(
        cpts_id=indicateur.cpts_id,
        indicateur=indicateur,
        libelle=f"Justificatif de l’année {resultat.annee}",
        # The guided entry does not ask: until its author says otherwise, it stays in the community.
        nominative=True,
        le=resultat.le,
        fichier=fichier,
        empreinte=fichier.empreinte,
        jointe_par=by.compte_id,
    )
    preuve.save(force_insert=True)
    journal.record("pilotage.preuve_jointe", preuve, by=by, empreinte=fichier.empreinte, le=resultat.le.isoformat())


def _record_versements(contrat: Contrat, saisie: Saisie, by: Acteur) -> None:
    for versement in saisie.versements:
        record_versement(
            contrat=contrat,
            le=versement.le,
            montant=versement.montant,
            annee=versement.annee,
            nature=versement.nature,
            poste=versement.poste,
            libelle=versement.libelle,
            by=by,
        )


def _record_deploiements(contrat: Contrat, saisie: Saisie, by: Acteur) -> None:
    missions = contrat.missions.select_related("contrat").filter(mission__in=saisie.deploiements)
    for mission in missions:
        deploy_mission(mission=mission, le=saisie.deploiements[mission.mission], by=by)


def _get_fichier(cpts_id: UUID, pk: UUID | None) -> Fichier | None:
    return None if pk is None else Fichier.objects.get(pk=pk, cpts_id=cpts_id)


def _lock(brouillon: BrouillonContrat) -> BrouillonContrat:
    """The draft as it stands now; refused once recorded or abandoned."""
    ouvert = BrouillonContrat.objects.select_for_update().get(pk=brouillon.pk)
    if ouvert.etat != EtatBrouillon.OUVERT:
        raise SaisieInvalide(
            f"Cette saisie est déjà {ouvert.get_etat_display()} : rouvrez la page du contrat pour voir où elle en est."
        )
    return ouvert


def _close(brouillon: BrouillonContrat, etat: EtatBrouillon, by: Acteur) -> None:
    brouillon.etat, brouillon.contenu = etat, {}
    brouillon.modifie_le, brouillon.modifie_par = now(), by.compte_id
    brouillon.save(update_fields=["etat", "contenu", "contrat", "modifie_le", "modifie_par"])
