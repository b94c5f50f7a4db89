"""Delivery by SMTP, from the worker."""

from uuid import UUID

from maillon.socle.taches import tache_periodique, tache_sans_transaction

from .livraison import deliver_message, review_outbox


@tache_sans_transaction("courriels.envoyer")
def envoyer(*, cpts_id: UUID, message_id: str) -> None:
    """Deliver one message once."""
    deliver_message(cpts_id=cpts_id, message_id=message_id)


@tache_periodique("courriels.reprendre", cron="*/5 * * * *")
def reprendre(*, cpts_id: UUID) -> None:
    """Finish what no worker finishes."""
    review_outbox(cpts_id=cpts_id)
