"""Jobs of the people."""

from uuid import UUID

from maillon.socle.taches import tache_periodique

from . import services


@tache_periodique("personnes.chaque_jour", cron="20 5 * * *")
def chaque_jour(*, cpts_id: UUID) -> None:
    """A person for each account that came by another way than an invitation."""
    services.link_membres(cpts_id=cpts_id)
