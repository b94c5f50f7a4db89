"""Delivery by SMTP, from the worker."""

import smtplib
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from maillon.socle.horloge import now
from maillon.socle.taches import enqueue, tache

from .models import Etat, Message
from .services import get_destinataire

TENTATIVES = 8


@tache("courriels.envoyer")
def envoyer(*, cpts_id: UUID, message_id: str) -> None:
    """Deliver one message once; a refusal is retried with growing delays, then shown as failed."""
    message = Message.objects.select_for_update().filter(pk=message_id, etat=Etat.A_ENVOYER).first()
    if message is None:
        return
    message.tentatives += 1
    try:
        with get_connection(timeout=20) as connection:
            EmailMessage(
                message.sujet,
                message.texte,
                settings.MAILLON_EXPEDITEUR,
                [get_destinataire(message)],
                headers={"Message-ID": f"<{message.pk}@maillon>"},
                connection=connection,
            ).send()
    except (smtplib.SMTPException, OSError) as error:
        message.erreur = type(error).__name__
        if message.tentatives >= TENTATIVES:
            message.etat = Etat.ECHEC
        else:
            enqueue(
                "courriels.envoyer", cpts_id=cpts_id, message_id=message_id, delay_seconds=30 * 2**message.tentatives
            )
    else:
        message.etat, message.envoye_le = Etat.ENVOYE, now()
    message.save()
