"""Jobs of lists taken over: each is one transaction; what stops it goes back to a person with the reason."""

from collections.abc import Callable
from uuid import UUID

from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.fichiers.tableaux import TableauIllisible
from maillon.socle.taches import tache_sans_transaction, work_or_give_back

from . import services

REFUS = (services.RepriseRefusee, TableauIllisible, FichierRefuse)


def _run(cpts_id: UUID, reprise_id: str, work: Callable[[UUID], object]) -> None:
    cle = UUID(reprise_id)
    work_or_give_back(
        cpts_id,
        lambda: work(cle),
        refus=REFUS,
        fail=lambda raison: services.fail_reprise(reprise_id=cle, raison=raison),
        quoi=f"list {cle}",
    )


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
