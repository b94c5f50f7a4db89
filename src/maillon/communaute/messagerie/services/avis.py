"""Telling by mail that something waits: at once, then at most once an hour for a conversation and a person."""

from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q

from maillon.socle.horloge import now
from maillon.socle.taches import enqueue

from ..models import Conversation, Participant
from ..notifications import MessageAttend
from ..selectors.conversations import is_open_to

INTERVALLE = timedelta(hours=1)


def warn_participants(conversation: Conversation, *, auteur_id: UUID | None = None) -> int:
    """Write to the participants who have not read the last message; returns how many.

    Whoever was told less than an hour ago is told later, by a job, if they still have not read.
    """
    moment = now()
    waiting = (
        Participant.objects.filter(conversation=conversation, quittee_le=None, personne__membre__actif=True)
        .exclude(personne=auteur_id)
        .filter(Q(lu_le=None) | Q(lu_le__lt=conversation.dernier_le))
        .filter(Q(prevenu_le=None) | Q(prevenu_le__lt=conversation.dernier_le))
        .select_related("personne__membre__compte")
        .order_by(F("prevenu_le").asc(nulls_first=True))
    )
    told, later = 0, False
    for participant in waiting:
        if participant.prevenu_le is not None and participant.prevenu_le > moment - INTERVALLE:
            later = True
            continue
        if is_open_to(conversation, participant.personne):
            told += _tell(conversation, participant)
    if later:
        enqueue(
            "messagerie.prevenir",
            cpts_id=conversation.cpts_id,
            once=f"messagerie:prevenir:{conversation.pk}",
            delay_seconds=int(INTERVALLE.total_seconds()),
            conversation_id=str(conversation.pk),
        )
    return told


def _tell(conversation: Conversation, participant: Participant) -> int:
    membre = participant.personne.membre
    assert membre is not None
    participant.prevenu_le = now()
    participant.save(update_fields=["prevenu_le"])
    occasion = f"{participant.pk}:{participant.prevenu_le.timestamp():.0f}"
    queued = MessageAttend.of(conversation).queue(
        to=participant.personne.courriel or membre.compte.email, occasion=occasion
    )
    return queued is not None
