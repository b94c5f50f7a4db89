"""Jobs of pay."""

from uuid import UUID

from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.horloge import today
from maillon.socle.taches import tache_periodique

from .selectors.tarifs import FENETRE
from .services.participations import collect_participations


@tache_periodique("indemnites.collecter_chaque_nuit", cron="50 4 * * *")
def collecter_chaque_nuit(*, cpts_id: UUID) -> None:
    """Propose what attendance proved in the last three months."""
    collect_participations(cpts_id=cpts_id, debut=today() - FENETRE, fin=today(), by=SYSTEME)
