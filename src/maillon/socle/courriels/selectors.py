"""Reading the outbox. Addresses are masked where the page is not the message's own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models

from maillon.socle.contexte import use_cpts
from maillon.socle.cpts.models import Cpts

from .models import Etat, Message

BOITE_MAX = 100


def mask_adresse(adresse: str) -> str:
    """`j***@example.org`, `+336 *** 12`: enough to recognise an address that one knows."""
    name, _, domain = adresse.rpartition("@")
    if not name:
        return f"{adresse[:4]} *** {adresse[-2:]}" if adresse.startswith("+") else ""
    return f"{name[:1]}***@{domain}"


def count_unsettled(*, cpts_id: UUID) -> dict[str, int]:
    """How many messages failed or may not have left, by state; states without any are absent."""
    unsettled = Message.objects.filter(cpts_id=cpts_id, etat__in=(Etat.ECHEC, Etat.INCERTAIN))
    return dict(unsettled.values_list("etat").annotate(models.Count("pk")))


def is_parti(*, cpts_id: UUID, objet_id: UUID, gabarit: str) -> bool:
    """Whether a mail of this template about an object left, or may have."""
    waiting = (Etat.A_ENVOYER, Etat.ANNULE)
    return (
        Message.objects.filter(cpts_id=cpts_id, objet_id=objet_id, gabarit=gabarit).exclude(etat__in=waiting).exists()
    )


@dataclass(frozen=True, slots=True)
class MessageDemo:
    """A line of the demonstration's inbox."""

    pk: UUID
    slug: str
    cpts: str
    adresse: str
    sujet: str
    etat: str
    cree_le: datetime


def list_demo_messages(*, adresse: str = "") -> list[MessageDemo]:
    """The latest messages of every community, the newest first; `adresse` keeps those whose address contains it.

    For the demonstration only: addresses are in clear. One transaction a community.
    """
    found: list[MessageDemo] = []
    for cpts in Cpts.objects.filter(fictive=True):
        with use_cpts(cpts.pk):
            for message in Message.objects.filter(cpts_id=cpts.pk).order_by("-cree_le")[:BOITE_MAX]:
                opened = message.adresse
                if adresse.lower() in opened.lower():
                    found.append(
                        MessageDemo(
                            message.pk,
                            cpts.slug,
                            cpts.nom,
                            opened,
                            message.sujet,
                            message.get_etat_display(),
                            message.cree_le,
                        )
                    )
    return sorted(found, key=lambda message: message.cree_le, reverse=True)[:BOITE_MAX]
