"""Depositing a file, keeping its mapping, recording its values. Each is atomic, names its author and is journalled."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from maillon.pilotage.contrats.enums import SOURCE_FICHIER
from maillon.pilotage.contrats.models import Constat
from maillon.pilotage.contrats.permissions import LIRE_MISSION
from maillon.pilotage.contrats.services import record_constat
from maillon.regles.catalogue import fold
from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.contenu import detect_type
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from .correspondances import Colonnes, propose_colonnes
from .enums import TRANSITIONS, EtatImportation, Issue, Organisme
from .essais import Essai, LigneEssai, columns_of
from .lecture import ImportRefuse, read_tableau
from .models import Correspondance, Importation, LigneImportation
from .nominatif import refuse_nominatif
from .selectors import compute_essai, read_importation

# Rows kept of a confirmed file; beyond, they are only counted. Those that wrote a value are always kept.
LIGNES_GARDEES = 2_000


@transaction.atomic
def create_correspondance(*, cpts_id: UUID, nom: str, organisme: str, certificateur: str, by: Acteur) -> Correspondance:
    """Name a source of files and who establishes its figures. Raises ImportRefuse for a name already taken."""
    if Correspondance.objects.filter(cpts_id=cpts_id, nom=nom).exists():
        raise ImportRefuse(f"Une source s’appelle déjà « {nom} » : choisissez-la dans la liste.")
    source = Correspondance(cpts_id=cpts_id, nom=nom, organisme=Organisme(organisme), certificateur=certificateur)
    source.save(force_insert=True)
    journal.record("importations.source_creee", source, by=by, organisme=organisme)
    return source


@transaction.atomic
def deposit_fichier(*, correspondance: Correspondance, nom: str, contenu: bytes, by: Acteur) -> Importation:
    """Keep a file to import and propose how to read it; no value is written.

    Raises ImportRefuse for a file that cannot be read or that names people, FichierRefuse for another type: neither
    is kept.
    """
    if contenu.startswith(b"PK\x03\x04") and detect_type(contenu) is not TypeFichier.XLSX:
        raise ImportRefuse("Ce fichier n’est pas un classeur Excel sans macro. Enregistrez-le en .xlsx ou en CSV.")
    correspondance = Correspondance.objects.select_for_update().get(pk=correspondance.pk)
    tableau = read_tableau(contenu)
    refuse_nominatif(tableau, on=today())
    cpts_id = correspondance.cpts_id
    fichier = store_fichier(cpts_id=cpts_id, nom=nom, contenu=contenu, by=by, permission=LIRE_MISSION.code)
    if columns_of(correspondance).missing(tableau) or not correspondance.colonnes_vues:
        nom_cpts = Cpts.objects.values_list("nom", flat=True).get(pk=cpts_id)
        _keep_colonnes(correspondance, propose_colonnes(tableau, nom_cpts=nom_cpts), vues=False)
    importation = Importation(
        cpts_id=cpts_id,
        correspondance=correspondance,
        fichier=fichier,
        feuille=tableau.feuille,
        deposee_par=by.compte_id,
        lues=len(tableau.lignes),
    )
    importation.save(force_insert=True)
    journal.record("importations.deposee", importation, by=by, empreinte=fichier.empreinte, lignes=len(tableau.lignes))
    return importation


@transaction.atomic
def deposit_from_new_source(
    *, cpts_id: UUID, source: str, organisme: str, certificateur: str, nom: str, contenu: bytes, by: Acteur
) -> Importation:
    """Name a source and deposit its first file: both, or neither when the file is refused."""
    correspondance = create_correspondance(
        cpts_id=cpts_id, nom=source, organisme=organisme, certificateur=certificateur, by=by
    )
    return deposit_fichier(correspondance=correspondance, nom=nom, contenu=contenu, by=by)


def _keep_colonnes(correspondance: Correspondance, colonnes: Colonnes, *, vues: bool) -> None:
    correspondance.colonne_indicateur = colonnes.indicateur
    correspondance.colonne_valeur = colonnes.valeur
    correspondance.colonne_date = colonnes.date
    correspondance.colonne_territoire = colonnes.territoire
    correspondance.territoire = colonnes.garde
    correspondance.colonnes_vues = vues
    champs = ["colonne_indicateur", "colonne_valeur", "colonne_date", "colonne_territoire", "territoire"]
    correspondance.save(update_fields=[*champs, "colonnes_vues"])


@transaction.atomic
def choose_colonnes(
    *, importation: Importation, colonnes: Colonnes, date_fixe: date | None, feuille: str, by: Acteur
) -> Importation:
    """Keep which columns are read, for this file and the next of its source. Raises ImportRefuse once it is closed."""
    importation = _lock(importation)
    _keep_colonnes(_lock_source(importation), colonnes, vues=True)
    importation.date_fixe, importation.feuille = date_fixe, feuille
    importation.save(update_fields=["date_fixe", "feuille"])
    journal.record("importations.colonnes", importation, by=by)
    return importation


@transaction.atomic
def choose_libelles(*, importation: Importation, libelles: Mapping[str, str], by: Acteur) -> Importation:
    """Keep which indicator each label names ("" leaves it aside). Raises ImportRefuse once the import is closed."""
    importation = _lock(importation)
    source = _lock_source(importation)
    source.libelles = source.libelles | {fold(libelle): code for libelle, code in libelles.items()}
    source.save(update_fields=["libelles"])
    journal.record("importations.libelles", importation, by=by, nombre=sum(map(bool, libelles.values())))
    return importation


@transaction.atomic
def confirm_importation(*, importation: Importation, by: Acteur) -> Importation:
    """Record every value that the dry run would add or correct, certified by the source where the contract names it.

    The same file confirmed twice, or deposited again, changes nothing. Raises ImportRefuse once it is closed.
    """
    importation = _lock(importation)
    essai = compute_essai(importation, read_importation(importation))
    source = importation.correspondance
    texte = f"{SOURCE_FICHIER}« {importation.fichier.nom} », {source.nom}"[:200]
    constats = {}
    for ligne in essai.ecrites:
        assert ligne.indicateur is not None
        assert ligne.valeur is not None
        assert ligne.le is not None
        constats[id(ligne)] = record_constat(
            indicateur=ligne.indicateur,
            valeur=ligne.valeur,
            le=ligne.le,
            source=texte,
            certifie_par=source.certificateur if ligne.certifiee else "",
            document=importation.fichier,
            # A file of people is refused when it is deposited.
            document_anonyme=True,
            by=by,
        )
    autres = [ligne for ligne in essai.lignes if id(ligne) not in constats]
    LigneImportation.objects.bulk_create(
        [_row(importation, ligne, constats.get(id(ligne))) for ligne in [*essai.ecrites, *autres[:LIGNES_GARDEES]]],
        batch_size=500,
    )
    return _close(importation, EtatImportation.CONFIRMEE, essai, by)


def _row(importation: Importation, ligne: LigneEssai, constat: Constat | None) -> LigneImportation:
    return LigneImportation(
        cpts_id=importation.cpts_id,
        importation=importation,
        numero=ligne.numero,
        libelle=ligne.libelle,
        indicateur=ligne.indicateur,
        issue=ligne.issue,
        motif=ligne.motif[:300],
        valeur=ligne.valeur,
        ancienne=ligne.ancienne,
        le=ligne.le,
        constat=constat,
    )


def _close(importation: Importation, etat: EtatImportation, essai: Essai | None, by: Acteur) -> Importation:
    comptes = essai.comptes if essai else {}
    importation.etat, importation.close_le = etat, now()
    importation.ecartees = essai.ecartees if essai else 0
    importation.ajoutees = comptes.get(Issue.AJOUT, 0)
    importation.corrigees = comptes.get(Issue.CORRECTION, 0)
    importation.inchangees = comptes.get(Issue.INCHANGEE, 0)
    importation.secretes = comptes.get(Issue.SECRET, 0)
    importation.refusees = comptes.get(Issue.REFUSEE, 0)
    importation.save()
    journal.record(
        f"importations.{etat}",
        importation,
        by=by,
        ajoutees=importation.ajoutees,
        corrigees=importation.corrigees,
        refusees=importation.refusees,
    )
    return importation


@transaction.atomic
def abandon_importation(*, importation: Importation, by: Acteur) -> Importation:
    """Close an import without writing anything; the file stays. Raises ImportRefuse once it is closed."""
    return _close(_lock(importation), EtatImportation.ABANDONNEE, None, by)


def _lock(importation: Importation) -> Importation:
    """The import, locked and still open. Its source is read after the lock: a row joined to one that was waited for is
    that of before the wait."""
    ouverte = Importation.objects.select_for_update().get(pk=importation.pk)
    if ouverte.etat not in TRANSITIONS:
        raise ImportRefuse(
            f"Cette importation est {ouverte.get_etat_display()} : elle ne change plus. Déposez un nouveau fichier."
        )
    return ouverte


def _lock_source(importation: Importation) -> Correspondance:
    """What its source says, locked: its other files write there too."""
    importation.correspondance = Correspondance.objects.select_for_update().get(pk=importation.correspondance_id)
    return importation.correspondance
