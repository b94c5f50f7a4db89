"""What tests look at afterwards: mails queued, events journalled; and the days that they speak of."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

from maillon.socle import horloge
from maillon.socle.courriels.models import Message
from maillon.socle.journal.models import Entree


def mails(gabarit: str) -> int:
    """How many mails of this template were queued by the mission of the médecin traitant."""
    return Message.objects.filter(gabarit=f"medecin_traitant/courriels/{gabarit}.txt").count()


def events(objet: Any) -> list[str]:
    """What happened to this object, in order."""
    entries = Entree.objects.filter(objet_id=objet.pk).order_by("id")
    return [entry.evenement.removeprefix("medecin_traitant.") for entry in entries]


def day(days: int) -> date:
    return horloge.today() + timedelta(days=days)


def after(days: float) -> AbstractContextManager[None]:
    """The clock of the block is so many days later."""
    return horloge.at(horloge.now() + timedelta(days=days))
