"""The job that makes a pack: a short transaction a document, so that its progress is seen and nothing is lost."""

import logging
from uuid import UUID

from maillon.socle.contexte import use_cpts
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.taches import tache_sans_transaction

from .documents.archive import ArchiveRefusee
from .documents.tableau import TableauRefuse
from .services import fail_dossier, finish_dossier, freeze_matiere, produce_piece

logger = logging.getLogger(__name__)
IMPREVU = (
    "Une erreur imprévue a arrêté la préparation. Les documents déjà faits sont gardés. Maillon réessaie de lui-même ; "
    "si ce message reste, prévenez la personne qui administre Maillon."
)


@tache_sans_transaction("dossiers.produire")
def produire(*, cpts_id: UUID, dossier_id: str) -> None:
    """Make the documents of a pack that are not made yet."""
    cle = UUID(dossier_id)
    try:
        with use_cpts(cpts_id):
            genres = freeze_matiere(dossier_id=cle)
        for genre in genres:
            with use_cpts(cpts_id):
                produce_piece(dossier_id=cle, genre=genre)
        with use_cpts(cpts_id):
            finish_dossier(dossier_id=cle)
    except (ArchiveRefusee, FichierRefuse, TableauRefuse) as refus:
        with use_cpts(cpts_id):
            fail_dossier(dossier_id=cle, raison=str(refus))
    except Exception:
        logger.exception("pack %s could not be made", cle)
        with use_cpts(cpts_id):
            fail_dossier(dossier_id=cle, raison=IMPREVU)
        raise
