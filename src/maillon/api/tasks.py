"""The SAS is told of bookings by the worker."""

from uuid import UUID

from maillon.socle.taches import tache_periodique, tache_sans_transaction

from .livraison import deliver, review
from .services.envois import TACHE


@tache_sans_transaction(TACHE)
def envoyer_rendez_vous(*, cpts_id: UUID, envoi_id: str) -> None:
    """Tell the SAS of one booking, once."""
    deliver(cpts_id=cpts_id, envoi_id=envoi_id)


@tache_periodique("api.reprendre_envois", cron="*/5 * * * *")
def reprendre_envois(*, cpts_id: UUID) -> None:
    """Finish what no worker finishes."""
    review(cpts_id=cpts_id)
