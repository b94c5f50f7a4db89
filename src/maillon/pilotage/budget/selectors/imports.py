"""A file of operations compared with what the community has."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from maillon.socle.fichiers.services import read_fichier
from maillon.socle.horloge import today

from ..donnees import DonneesOperation
from ..enums import EtatImport
from ..lignes_import import Connue, Contexte, LigneLue, guess_colonnes, read_lignes, sign_ligne
from ..models import ImportOperations, Operation
from ..tableur import read_tableau
from .cadre import get_reglages


@dataclass(frozen=True, slots=True)
class Apercu:
    """What an import would do, row by row, and nothing is written yet."""

    entetes: list[str]
    lignes: list[LigneLue]

    @property
    def bonnes(self) -> list[LigneLue]:
        return [ligne for ligne in self.lignes if ligne.bonne]

    @property
    def doublons(self) -> list[LigneLue]:
        return [ligne for ligne in self.lignes if ligne.doublon]

    @property
    def refusees(self) -> list[LigneLue]:
        return [ligne for ligne in self.lignes if ligne.refus]


def preview_import(depot: ImportOperations) -> Apercu:
    """The dry run. Raises SaisieInvalide when the file cannot be read."""
    entetes, lignes = read_tableau(depot.fichier.nom, read_fichier(depot.fichier))
    return Apercu(entetes, read_lignes(entetes, lignes, depot.colonnes, build_contexte(depot.cpts_id)))


def build_contexte(cpts_id: UUID) -> Contexte:
    """The operations of a community, as rows are compared with them."""
    contexte = Contexte(today(), get_reglages(cpts_id).seuil_approbation, {}, Counter())
    contrepassees = set(
        Operation.objects.filter(cpts_id=cpts_id, contrepasse__isnull=False).values_list("contrepasse_id", flat=True)
    )
    for operation in Operation.objects.filter(cpts_id=cpts_id):
        contexte.connues[operation.reference] = Connue(
            operation.etat,
            operation.sens,
            operation.poste,
            operation.categorie,
            operation.montant,
            contrepasse=operation.contrepasse_id is not None or operation.pk in contrepassees,
        )
        donnees = DonneesOperation(
            operation.le,
            operation.poste,
            operation.categorie,
            operation.libelle,
            operation.montant,
            operation.sens,
            operation.tiers,
        )
        contexte.sans_reference[sign_ligne(donnees)] += 1
    return contexte


def find_colonnes(cpts_id: UUID, entetes: list[str]) -> dict[str, str]:
    """The matching that somebody kept for the same heads, else the one that their names suggest."""
    dernier = (
        ImportOperations.objects.filter(cpts_id=cpts_id, entetes=entetes, etat=EtatImport.APPLIQUE)
        .order_by("-depose_le")
        .first()
    )
    return dernier.colonnes if dernier else guess_colonnes(entetes)
