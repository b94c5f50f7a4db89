"""Joining documents to indicators and acts."""

import hashlib
from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.journal import services as journal

from ..models import Indicateur, Preuve
from ..permissions import LIRE_MISSION
from .constats import check_date, lock_indicateur
from .suites import request_releve


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
    deja = Preuve.objects.filter(
        cpts_id=cpts_id, indicateur=indicateur, acte=acte, le=le, empreinte=hashlib.sha256(contenu).hexdigest()
    ).first()
    if deja is not None:
        return deja
    fichier = store_fichier(cpts_id=cpts_id, nom=nom, contenu=contenu, by=by, permission=LIRE_MISSION.code)
    preuve = Preuve(
        cpts_id=cpts_id,
        indicateur=indicateur,
        acte=acte,
        libelle=libelle,
        le=le,
        fichier=fichier,
        empreinte=fichier.empreinte,
        jointe_par=by.compte_id,
    )
    preuve.save(force_insert=True)
    journal.record("pilotage.preuve_jointe", preuve, by=by, empreinte=fichier.empreinte, le=le.isoformat())
    request_releve(cpts_id)
    return preuve
