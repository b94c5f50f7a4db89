"""Erasure at the end of the retention, every night."""

from uuid import UUID

from maillon.socle.horloge import today
from maillon.socle.taches import tache_periodique

from .services import erase_expired


@tache_periodique("patients.effacer", cron="41 3 * * *")
def effacer(*, cpts_id: UUID) -> None:
    """Erase the identities whose retention is over."""
    erase_expired(cpts_id=cpts_id, on=today())
