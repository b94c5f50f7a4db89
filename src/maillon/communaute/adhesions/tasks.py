"""Jobs of the membership."""

from uuid import UUID

from maillon.socle.taches import tache_periodique

from . import services


@tache_periodique("adhesions.chaque_jour", cron="30 6 * * *")
def chaque_jour(*, cpts_id: UUID) -> None:
    """Reminders of dues; addresses of robots and applications without a sequel to forget."""
    services.send_relances(cpts_id=cpts_id)
    services.forget_candidatures(cpts_id=cpts_id)
