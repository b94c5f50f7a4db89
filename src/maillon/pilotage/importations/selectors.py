"""What the pages of imports read."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from maillon.pilotage.contrats.models import Contrat
from maillon.pilotage.contrats.selectors import get_contrat
from maillon.regles.catalogue import fold
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import read_fichier

from .correspondances import extract, list_libelles
from .enums import EtatImportation
from .essais import Essai, columns_of, try_import
from .lecture import ImportRefuse, Tableau, read_tableau
from .models import Importation


def list_importations(cpts_id: UUID) -> QuerySet[Importation]:
    return Importation.objects.filter(cpts_id=cpts_id).select_related("fichier", "correspondance")


def get_importation(pk: UUID, *, for_acteur: Acteur) -> Importation:
    """The import of the person's community, or 404."""
    importation = Importation.objects.select_related("fichier", "correspondance").filter(pk=pk).first()
    if importation is None or importation.cpts_id != for_acteur.cpts_id:
        raise Http404
    return importation


def read_importation(importation: Importation) -> Tableau:
    """The table of the file as it was received. Raises ImportRefuse or FichierRefuse."""
    return read_tableau(read_fichier(importation.fichier), feuille=importation.feuille)


def find_contrat(cpts_id: UUID) -> Contrat:
    """The contract whose indicators files feed. Raises ImportRefuse without one."""
    contrat = get_contrat(cpts_id)
    if contrat is None:
        raise ImportRefuse("Saisissez d’abord le contrat : ce sont ses indicateurs que le fichier alimente.")
    return contrat


def compute_essai(importation: Importation, tableau: Tableau) -> Essai:
    """The dry run of an import as it stands."""
    contrat = find_contrat(importation.cpts_id)
    return try_import(tableau, importation.correspondance, contrat, date_fixe=importation.date_fixe)


def find_libelles(importation: Importation, tableau: Tableau) -> list[str]:
    """The labels of the file, through the columns chosen. Raises ImportRefuse."""
    colonnes = columns_of(importation.correspondance)
    return list_libelles(extract(tableau, colonnes, date_fixe=importation.date_fixe))


def find_etape(importation: Importation, tableau: Tableau) -> int:
    """2 when columns are still to choose, 3 when labels are, 4 when the dry run can be read. Raises ImportRefuse."""
    correspondance = importation.correspondance
    colonnes = columns_of(correspondance)
    has_date = bool(colonnes.date) or importation.date_fixe is not None
    if not correspondance.colonnes_vues or colonnes.missing(tableau) or not has_date:
        return 2
    inconnus = {fold(libelle) for libelle in find_libelles(importation, tableau)} - set(correspondance.libelles)
    return 3 if inconnus or not any(correspondance.libelles.values()) else 4


def find_deja(importation: Importation) -> Importation | None:
    """The same file, already recorded."""
    return (
        list_importations(importation.cpts_id)
        .filter(fichier__empreinte=importation.fichier.empreinte, etat=EtatImportation.CONFIRMEE)
        .exclude(pk=importation.pk)
        .first()
    )
