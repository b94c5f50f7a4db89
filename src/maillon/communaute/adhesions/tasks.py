"""Jobs of the membership."""

from uuid import UUID

from maillon.socle.taches import tache_quotidienne

from . import services


@tache_quotidienne("adhesions.chaque_jour", heure=8, minute=30)
def chaque_jour(*, cpts_id: UUID) -> None:
    """Reminders of dues; addresses of robots and applications without a sequel to forget."""
    services.send_relances(cpts_id=cpts_id)
    services.forget_candidatures(cpts_id=cpts_id)
