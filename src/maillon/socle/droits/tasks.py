"""Roles follow the dates of their mandates."""

from uuid import UUID

from maillon.socle.horloge import today
from maillon.socle.taches import tache_periodique

from .models import Membre
from .services import refresh_roles


@tache_periodique("droits.roles_du_jour", cron="5 0 * * *")
def roles_du_jour(*, cpts_id: UUID) -> None:
    """Every night, give the roles that begin and take those that ended."""
    for membre in Membre.objects.select_related("compte").filter(cpts_id=cpts_id).iterator():
        refresh_roles(membre=membre, on=today())
