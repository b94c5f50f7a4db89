"""Roles follow the dates of their mandates; what the service no longer needs is deleted."""

from uuid import UUID

from procrastinate.contrib.django import app

from maillon.socle.horloge import today
from maillon.socle.taches import tache_quotidienne

from .models import Membre
from .purge import purge_service
from .services import refresh_roles


@tache_quotidienne("droits.roles_du_jour", heure=0, minute=5)
def roles_du_jour(*, cpts_id: UUID) -> None:
    """When the day begins at the clock of the community, give the roles that begin and take those that ended."""
    for membre in Membre.objects.select_related("compte").filter(cpts_id=cpts_id).iterator():
        refresh_roles(membre=membre, on=today())


@app.periodic(cron="25 2 * * *")
@app.task(name="droits.purger", queueing_lock="droits.purger")
def purger(timestamp: int) -> None:
    """Every night: expired sessions, old sign-in attempts, dead links, finished jobs."""
    purge_service()
