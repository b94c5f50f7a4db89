"""Jobs of the desk."""

import logging
from collections.abc import Callable
from uuid import UUID

from maillon.socle.contexte import use_cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.taches import tache, tache_periodique, tache_quotidienne, tache_sans_transaction, work_or_give_back

from . import services
from .models import ActionRefusee

logger = logging.getLogger(__name__)
IMPREVU_CALCUL = (
    "Une erreur imprévue a arrêté le calcul. Rien n’a été envoyé. Lancez une nouvelle répartition ; si ce message "
    "revient, prévenez la personne qui administre Maillon."
)


@tache_periodique("medecin_traitant.echeances", cron="*/15 * * * *")
def echeances(*, cpts_id: UUID) -> None:
    """Patients who have not answered."""
    services.remind(cpts_id=cpts_id)
    services.ask_suites(cpts_id=cpts_id)


@tache_periodique("medecin_traitant.chaque_jour", cron="10 5 * * *")
def chaque_jour(*, cpts_id: UUID) -> None:
    """Owners gone, priorities that grow with the wait, traces of robots to forget."""
    services.give_orphans(cpts_id=cpts_id)
    services.give_taches(cpts_id=cpts_id)
    services.refresh_priorites(cpts_id=cpts_id)
    services.forget_passages(cpts_id=cpts_id)
    services.erase_sans_accord(cpts_id=cpts_id)
    services.forget_listes(cpts_id=cpts_id)


@tache_periodique("medecin_traitant.garder_jours", cron="25 0 * * *")
def garder_jours(*, cpts_id: UUID) -> None:
    """The totals of the days gone by. Alone in its transaction: it takes a lock that every write shares."""
    services.keep_jours(cpts_id=cpts_id)


def _run(cpts_id: UUID, liste_id: str, work: Callable[[UUID], object]) -> None:
    cle = UUID(liste_id)
    work_or_give_back(
        cpts_id,
        lambda: work(cle),
        refus=ActionRefusee,
        fail=lambda raison: services.fail_liste(liste_id=cle, raison=raison),
        quoi=f"waiting list {cle}",
    )


@tache_sans_transaction("medecin_traitant.examiner_liste", retry=False)
def examiner_liste(*, cpts_id: UUID, liste_id: str) -> None:
    """Look at what a long waiting list would do."""
    _run(cpts_id, liste_id, lambda cle: services.run_examen(liste_id=cle))


@tache_sans_transaction("medecin_traitant.appliquer_liste", retry=False)
def appliquer_liste(*, cpts_id: UUID, liste_id: str) -> None:
    """Write a waiting list."""
    _run(cpts_id, liste_id, lambda cle: services.apply_liste(liste_id=cle, by=SYSTEME))


@tache_sans_transaction("medecin_traitant.annuler_liste", retry=False)
def annuler_liste(*, cpts_id: UUID, liste_id: str) -> None:
    """Undo a waiting list."""
    _run(cpts_id, liste_id, lambda cle: services.undo_liste(liste_id=cle, by=SYSTEME))


@tache("medecin_traitant.priorites")
def priorites(*, cpts_id: UUID) -> None:
    """The weights changed: count again what is open."""
    services.refresh_priorites(cpts_id=cpts_id)


@tache("medecin_traitant.recensement_envoyer")
def recensement_envoyer(*, cpts_id: UUID, campagne_id: str) -> None:
    """The first mails of a campaign."""
    services.send_campagne(cpts_id=cpts_id, campagne_id=UUID(campagne_id))


@tache_quotidienne("medecin_traitant.recensement", heure=8, minute=40)
def recensement(*, cpts_id: UUID) -> None:
    """Reminders of the campaign, departures whose day has come."""
    services.remind_campagne(cpts_id=cpts_id)
    services.apply_departs(cpts_id=cpts_id)


@tache_sans_transaction("medecin_traitant.calculer_repartition")
def calculer_repartition(*, cpts_id: UUID, repartition_id: str) -> None:
    """Compute an assignment; no transaction is open while the rule works."""
    cle = UUID(repartition_id)
    try:
        with use_cpts(cpts_id):
            matiere = services.read_matiere(repartition_id=cle)
        if matiere is None:
            return
        calcul = services.apply_rule(matiere)
        with use_cpts(cpts_id):
            services.write_calcul(repartition_id=cle, matiere=matiere, calcul=calcul)
    except Exception:
        logger.exception("assignment %s could not be computed", cle)
        with use_cpts(cpts_id):
            services.fail_repartition(repartition_id=cle, raison=IMPREVU_CALCUL)


@tache_sans_transaction("medecin_traitant.envoyer_repartition")
def envoyer_repartition(*, cpts_id: UUID, repartition_id: str) -> None:
    """Send an assignment lot by lot, a short transaction each: its progress is seen."""
    left = 1
    while left:
        with use_cpts(cpts_id):
            left = services.send_lot(repartition_id=UUID(repartition_id))
