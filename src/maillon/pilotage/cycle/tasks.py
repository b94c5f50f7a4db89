"""Jobs: the deadlines that CPAM and ARS read."""

from uuid import UUID

from maillon.socle.taches import tache, tache_periodique

from .services import refresh_suivi


@tache("cycle.rafraichir")
def rafraichir(*, cpts_id: UUID) -> None:
    """Write again the deadlines of one community. The contracts enqueue it by name when a mission moves."""
    refresh_suivi(cpts_id=cpts_id)


@tache_periodique("cycle.rafraichir_chaque_nuit", cron="25 4 * * *")
def rafraichir_chaque_nuit(*, cpts_id: UUID) -> None:
    """Every night at 4.25, so that what is near or exceeded is right each morning."""
    refresh_suivi(cpts_id=cpts_id)
