"""Jobs of meetings."""

from uuid import UUID

from maillon.socle.taches import tache, tache_quotidienne

from . import services
from .enums import Envoi
from .services.decisions import remind_taches


@tache("reunions.ecrire")
def ecrire(*, cpts_id: UUID, reunion_id: str, envoi: str) -> None:
    """The mails of one kind about one meeting."""
    services.write_to(reunion_id=UUID(reunion_id), envoi=Envoi(envoi))


@tache_quotidienne("reunions.chaque_jour", heure=8, minute=40)
def chaque_jour(*, cpts_id: UUID) -> None:
    """Those who have not answered are reminded."""
    services.remind_daily(cpts_id=cpts_id)


@tache_quotidienne("reunions.taches_chaque_jour", heure=8, minute=50)
def taches_chaque_jour(*, cpts_id: UUID) -> None:
    """Those whose task is due or late are reminded, once each."""
    remind_taches(cpts_id=cpts_id)
