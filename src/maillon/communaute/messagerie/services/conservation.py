"""How long messages are kept: threads about patients, then the rest, each by its own setting."""

from calendar import monthrange
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from maillon.socle.cpts.models import Cpts
from maillon.socle.droits.acteur import SYSTEME
from maillon.socle.fichiers.services import find_content
from maillon.socle.journal import services as journal

from ..models import Conversation, PieceConversation
from .fils import expire_fils


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of that month."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


@transaction.atomic
def expire(*, cpts_id: UUID, moment: datetime) -> tuple[int, int]:
    """Erase threads about patients and delete conversations that have been silent for as long as the settings say.

    Returns how many messages and documents about patients, and how many conversations.
    """
    lignes = expire_fils(cpts_id=cpts_id, before=months_before(moment, settings.MAILLON_CONSERVATION_FILS_MOIS))
    old = Conversation.objects.filter(
        cpts_id=cpts_id,
        patient=None,
        dernier_le__lt=months_before(moment, settings.MAILLON_CONSERVATION_MESSAGES_MOIS),
    )
    pieces = PieceConversation.objects.filter(message__conversation__in=old).select_related("fichier")
    chemins = [find_content(piece.fichier) for piece in pieces]
    nombre = old.count()
    old.delete()

    def unlink() -> None:
        for chemin in chemins:
            chemin.unlink(missing_ok=True)

    transaction.on_commit(unlink)
    if lignes or nombre:
        cpts = Cpts.objects.get(pk=cpts_id)
        journal.record("messagerie.expiree", cpts, by=SYSTEME, cpts_id=cpts_id, lignes=lignes, conversations=nombre)
    return lignes, nombre
