"""Dialogues de gestion, as calendars show them."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from maillon.pilotage.cycle.entrees import may_know
from maillon.socle.declarations import EntreeAgenda, PorteeAgenda
from maillon.socle.journal.models import Entree

from .models import Dialogue
from .permissions import LIRE

DUREE = timedelta(hours=2)


def list_entrees(portee: PorteeAgenda, debut: datetime, fin: datetime) -> list[EntreeAgenda]:
    """Dialogues planned in [debut, fin[: two hours when their hour is known, the whole day otherwise.

    The journal says how often each was moved; two queries."""
    if not may_know(portee, LIRE):
        return []
    dialogues = Dialogue.objects.filter(
        cpts_id=portee.cpts_id,
        prevu_le__gte=timezone.localtime(debut).date(),
        prevu_le__lt=timezone.localtime(fin).date(),
    ).select_related("cpts")
    changements = Counter(
        Entree.objects.filter(
            cpts_id=portee.cpts_id, evenement="dialogues.organise", objet_id__in=[d.pk for d in dialogues]
        ).values_list("objet_id", flat=True)
    )
    return [_show(dialogue, changements[dialogue.pk]) for dialogue in dialogues]


def _show(dialogue: Dialogue, sequence: int) -> EntreeAgenda:
    assert dialogue.prevu_le is not None
    de: datetime | None = None
    if dialogue.heure is not None:
        de = datetime.combine(dialogue.prevu_le, dialogue.heure, ZoneInfo(dialogue.cpts.fuseau))
    return EntreeAgenda(
        uid=f"dialogue-{dialogue.pk}@maillon",
        genre="dialogue",
        titre=str(dialogue),
        debut=de or dialogue.prevu_le,
        fin=de + DUREE if de else dialogue.prevu_le + timedelta(days=1),
        sequence=sequence,
        lieu=dialogue.lieu or dialogue.visio,
        url=reverse("dialogues:fiche", args=[dialogue.cpts.slug, dialogue.pk]),
    )
