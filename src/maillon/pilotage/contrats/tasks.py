"""Jobs: the figures that CPAM and ARS read, after each change and every night (the anniversary moves alone)."""

from uuid import UUID

from maillon.socle.taches import tache, tache_periodique

from .releves import refresh_releve
from .services import close_finished


@tache("pilotage.rafraichir")
def rafraichir(*, cpts_id: UUID) -> None:
    """Write again the figures of one community. Missions enqueue it by name when an act changes."""
    refresh_releve(cpts_id=cpts_id)


@tache_periodique("pilotage.clore_chaque_nuit", cron="5 4 * * *")
def clore_chaque_nuit(*, cpts_id: UUID) -> None:
    """Every night, close the contract whose term has come, before its figures are written again."""
    close_finished(cpts_id=cpts_id)


@tache_periodique("pilotage.rafraichir_chaque_nuit", cron="15 4 * * *")
def rafraichir_chaque_nuit(*, cpts_id: UUID) -> None:
    """Every night at 4.15, so that the days left and the closed years are right each morning."""
    refresh_releve(cpts_id=cpts_id)
