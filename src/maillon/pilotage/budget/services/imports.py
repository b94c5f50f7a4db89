"""A file of operations: stored, matched, tried, then written whole."""

from uuid import UUID

from django.db import transaction

from maillon.pilotage.contrats.donnees import Piece
from maillon.regles.erreurs import SaisieInvalide
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now
from maillon.socle.journal import services as journal

from ..enums import EtatImport, EtatOperation
from ..lignes_import import CHAMPS, LigneLue, list_manquantes
from ..models import ImportOperations, Operation, Reglages
from ..permissions import ECRIRE
from ..selectors.imports import find_colonnes, preview_import
from ..tableur import read_tableau
from .operations import lock_reglages, must_be_approved, next_reference


@transaction.atomic
def prepare_import(*, cpts_id: UUID, piece: Piece, by: Acteur) -> ImportOperations:
    """Keep the file and match its columns, as last time for the same heads. Nothing of it is written yet.

    Raises SaisieInvalide for a file without rows, FichierRefuse for a document that is not accepted.
    """
    entetes, _ = read_tableau(piece.nom, piece.contenu)
    fichier = store_fichier(cpts_id=cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=ECRIRE.code)
    depot = ImportOperations(
        cpts_id=cpts_id,
        fichier=fichier,
        entetes=entetes,
        colonnes=find_colonnes(cpts_id, entetes),
        depose_par=by.compte_id,
    )
    depot.save(force_insert=True)
    journal.record("budget.import_depose", depot, by=by, empreinte=fichier.empreinte)
    return depot


@transaction.atomic
def match_colonnes(*, depot: ImportOperations, colonnes: dict[str, str], by: Acteur) -> ImportOperations:
    """Say which column gives which field. Raises SaisieInvalide for a needed field without column."""
    depot = _lock(depot)
    choisies = {champ: entete for champ, entete in colonnes.items() if champ in CHAMPS and entete in depot.entetes}
    if manquantes := list_manquantes(choisies):
        raise SaisieInvalide(f"Choisissez la colonne de : {', '.join(manquantes)}.")
    depot.colonnes = choisies
    depot.save(update_fields=["colonnes"])
    journal.record("budget.import_lu", depot, by=by, colonnes=len(choisies))
    return depot


@transaction.atomic
def apply_import(*, depot: ImportOperations, by: Acteur) -> ImportOperations:
    """Write every good row, in one transaction. Raises SaisieInvalide when there is none, or when it was done."""
    depot = _lock(depot)
    reglages = lock_reglages(depot.cpts_id)
    apercu = preview_import(depot)
    if not apercu.bonnes:
        raise SaisieInvalide("Aucune ligne de ce fichier n’est à importer.")
    creees: dict[str, Operation] = {}
    numeros: dict[int, int] = {}
    for ligne in sorted(apercu.bonnes, key=lambda ligne: bool(ligne.contrepasse)):
        operation = _operation(depot, ligne, reglages, numeros, creees, by=by)
        operation.save(force_insert=True)
        creees[operation.reference] = operation
    depot.etat = EtatImport.APPLIQUE
    depot.creees, depot.doublons, depot.refusees = len(creees), len(apercu.doublons), len(apercu.refusees)
    depot.save()
    journal.record(
        "budget.import_applique", depot, by=by, creees=depot.creees, doublons=depot.doublons, refusees=depot.refusees
    )
    return depot


def _operation(
    depot: ImportOperations,
    ligne: LigneLue,
    reglages: Reglages,
    numeros: dict[int, int],
    creees: dict[str, Operation],
    *,
    by: Acteur,
) -> Operation:
    donnees = ligne.donnees
    assert donnees is not None
    reference = donnees.reference
    if not reference:
        annee = donnees.le.year
        suivant = int(next_reference(depot.cpts_id, annee).split("-")[1])
        numeros[annee] = max(suivant, numeros.get(annee, 0) + 1)
        reference = f"{annee}-{numeros[annee]:04d}"
    origine = None
    if ligne.contrepasse:
        origine = creees.get(ligne.contrepasse) or Operation.objects.get(
            cpts_id=depot.cpts_id, reference=ligne.contrepasse
        )
    payee = ligne.etat == EtatOperation.PAYEE
    return Operation(
        cpts_id=depot.cpts_id,
        reference=reference,
        le=donnees.le,
        sens=donnees.sens,
        etat=ligne.etat,
        poste=donnees.poste,
        categorie=donnees.categorie,
        libelle=donnees.libelle,
        tiers=donnees.tiers,
        montant=donnees.montant,
        recurrente=donnees.recurrente,
        contrepasse=origine,
        validee_le=now() if payee else None,
        a_approuver=not payee and must_be_approved(reglages, donnees.sens, donnees.montant),
        saisie_par=by.compte_id,
    )


@transaction.atomic
def drop_import(*, depot: ImportOperations, by: Acteur) -> ImportOperations:
    """Give up an import before it is written."""
    depot = _lock(depot)
    depot.etat = EtatImport.ABANDONNE
    depot.save(update_fields=["etat"])
    journal.record("budget.import_abandonne", depot, by=by)
    return depot


def _lock(depot: ImportOperations) -> ImportOperations:
    depot = ImportOperations.objects.select_for_update().get(pk=depot.pk)
    if depot.etat != EtatImport.PREPARE:
        raise SaisieInvalide(f"Cet import est déjà {depot.get_etat_display()}.")
    return depot
