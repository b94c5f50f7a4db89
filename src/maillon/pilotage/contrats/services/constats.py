"""Recording values: declared by the community, or certified. Nothing is ever changed: a new value corrects."""

import hashlib
from datetime import date
from decimal import Decimal

from django.db import transaction

from maillon.regles.aci.formats import format_nombre
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import today
from maillon.socle.journal import services as journal

from ..donnees import Piece
from ..enums import EtatConstat, Nature
from ..models import Constat, Indicateur
from ..permissions import LIRE_MISSION
from .suites import request_releve


@transaction.atomic
def record_constat(
    *,
    indicateur: Indicateur,
    valeur: Decimal,
    le: date,
    by: Acteur,
    source: str,
    certifie_par: str = "",
    document: Fichier | Piece | None = None,
    document_anonyme: bool = False,
) -> Constat:
    """Keep a dated value. With `certifie_par` it is certified and its tier pays; without, it is declared.

    The coordinator records what the CPAM certified, naming the certifier and the document. Nothing is ever changed: a
    new value for the same day corrects the former, and the same value sent twice is kept once. CPAM and ARS are given
    the document only when it is said to name nobody (`document_anonyme`). Raises SaisieInvalide
    for an impossible value or date, FichierRefuse for a document that is not accepted.
    """
    check_valeur(indicateur, valeur)
    check_date(indicateur, le)
    lock_indicateur(indicateur)
    dernier = indicateur.constats.filter(le=le).order_by("-saisi_le", "-pk").first()
    meme_valeur = dernier and (dernier.valeur, dernier.certifie_par, dernier.source) == (valeur, certifie_par, source)
    if dernier and meme_valeur and (document is None or _is_same(dernier.document, document)):
        return dernier
    fichier = _store(document, indicateur=indicateur, by=by)
    constat = Constat(
        cpts_id=indicateur.cpts_id,
        indicateur=indicateur,
        valeur=valeur,
        le=le,
        etat=EtatConstat.CERTIFIE if certifie_par else EtatConstat.DECLARE,
        source=source,
        certifie_par=certifie_par,
        document=fichier,
        document_anonyme=fichier is not None and document_anonyme,
        saisi_par=by.compte_id,
    )
    constat.save(force_insert=True)
    journal.record(
        f"pilotage.valeur_{constat.etat}",
        indicateur,
        by=by,
        valeur=str(valeur),
        le=le.isoformat(),
        constat=str(constat.pk),
        avec_document=fichier is not None,
    )
    request_releve(indicateur.cpts_id)
    return constat


@transaction.atomic
def declare_livrable(
    *,
    indicateur: Indicateur,
    le: date,
    by: Acteur,
    document: Fichier | Piece | None = None,
    valeur: Decimal | None = None,
) -> Constat:
    """Declare a deliverable done (`valeur`: how many, its threshold by default), with its document when there is one.

    It stays to be confirmed until `record_constat` names who certified it.
    """
    if indicateur.nature != Nature.LIVRABLE:
        raise SaisieInvalide(f"« {indicateur.libelle} » n’est pas un livrable : enregistrez une valeur datée.")
    if valeur is None:
        valeur = max(palier.seuil for palier in indicateur.paliers.all())
    return record_constat(
        indicateur=indicateur, valeur=valeur, le=le, by=by, source="déclaration de la communauté", document=document
    )


def _is_same(garde: Fichier | None, document: Fichier | Piece) -> bool:
    """Whether the document kept is the one received now."""
    recu = hashlib.sha256(document.contenu).hexdigest() if isinstance(document, Piece) else document.empreinte
    return garde is not None and garde.empreinte == recu


def _store(document: Fichier | Piece | None, *, indicateur: Indicateur, by: Acteur) -> Fichier | None:
    if not isinstance(document, Piece):
        return document
    return store_fichier(
        cpts_id=indicateur.cpts_id, nom=document.nom, contenu=document.contenu, by=by, permission=LIRE_MISSION.code
    )


def lock_indicateur(indicateur: Indicateur) -> None:
    """One entry at a time for an indicator: a form posted twice is seen as such."""
    Indicateur.objects.select_for_update().get(pk=indicateur.pk)


def check_valeur(indicateur: Indicateur, valeur: Decimal) -> None:
    """Raise SaisieInvalide for a value that this indicator cannot have."""
    if not valeur.is_finite() or valeur < 0:
        raise SaisieInvalide(f"La valeur « {valeur} » est impossible : donnez un nombre positif ou nul.")
    if indicateur.nature == Nature.TAUX and valeur > 100:
        raise SaisieInvalide(f"Un taux de {format_nombre(valeur)} % est impossible : donnez un taux de 0 à 100.")


def check_date(indicateur: Indicateur, le: date) -> None:
    """Raise SaisieInvalide for a day to come or outside the contract."""
    if le > today():
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} n’est pas encore passé.")
    debut, fin = indicateur.contrat.periode.lower, indicateur.contrat.periode.upper
    if not debut <= le <= fin:
        raise SaisieInvalide(f"Le {le:%d/%m/%Y} est hors du contrat, qui va du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}.")
