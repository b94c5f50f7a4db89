"""Seals, every hour."""

from uuid import UUID

from maillon.socle.taches import tache_periodique

from .sceaux import seal_all


@tache_periodique("journal.sceller", cron="17 * * * *")
def sceller(*, cpts_id: UUID) -> None:
    """Seal what has become final in the three books of the journal."""
    seal_all(cpts_id=cpts_id)
