"""Jobs of lists taken over: each is one transaction; what stops it goes back to a person with the reason."""

import logging
from collections.abc import Callable
from uuid import UUID

from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.fichiers.tableaux import TableauIllisible
from maillon.socle.taches import tache_sans_transaction

from . import services

logger = logging.getLogger(__name__)
IMPREVU = "Une erreur imprévue a arrêté le travail : rien n’a été écrit. Recommencez ; si elle revient, prévenez la "
IMPREVU += "personne qui administre Maillon."


def _run(cpts_id: UUID, reprise_id: str, work: Callable[[UUID], None]) -> None:
    cle = UUID(reprise_id)
    try:
        with use_cpts(cpts_id):
            work(cle)
    except (services.RepriseRefusee, TableauIllisible, FichierRefuse) as refus:
        with use_cpts(cpts_id):
            services.fail_reprise(reprise_id=cle, raison=str(refus))
    except Exception:
        logger.exception("list %s stopped", cle)
        with use_cpts(cpts_id):
            services.fail_reprise(reprise_id=cle, raison=IMPREVU)
        raise


@tache_sans_transaction("reprise.examiner", retry=False)
def examiner(*, cpts_id: UUID, reprise_id: str) -> None:
    """Look at what a long list would do."""
    _run(cpts_id, reprise_id, lambda cle: services.run_examen(reprise_id=cle))


@tache_sans_transaction("reprise.appliquer", retry=False)
def appliquer(*, cpts_id: UUID, reprise_id: str) -> None:
    """Write a list."""
    _run(cpts_id, reprise_id, lambda cle: services.apply_reprise(reprise_id=cle, by=SYSTEME))


@tache_sans_transaction("reprise.annuler", retry=False)
def annuler(*, cpts_id: UUID, reprise_id: str) -> None:
    """Undo a list."""
    _run(cpts_id, reprise_id, lambda cle: services.undo_reprise(reprise_id=cle, by=SYSTEME))
