"""Every night: what CPAM and ARS compare with the sealed years is published again."""

from uuid import UUID

from maillon.socle.taches import tache_periodique

from .services import publish_annees


@tache_periodique("arretes.publier_chaque_nuit", cron="35 4 * * *")
def publier_chaque_nuit(*, cpts_id: UUID) -> None:
    """At 4.35, after the current year: a past year that moved shows it to all who read its seal."""
    publish_annees(cpts_id=cpts_id)
