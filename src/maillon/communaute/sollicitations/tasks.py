"""Jobs of the cascades: every minute, because some waves last five."""

from uuid import UUID

from maillon.socle.taches import tache_periodique

from . import services


@tache_periodique("sollicitations.echeances", cron="* * * * *")
def echeances(*, cpts_id: UUID) -> None:
    """Deadlines passed and next waves, then reminders."""
    services.expire(cpts_id=cpts_id)
    services.remind(cpts_id=cpts_id)
