"""Mails of the messages. About a conversation, only that something waits: never who wrote, nor a word of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.urls import reverse

from maillon.socle.courriels.models import Message
from maillon.socle.courriels.services import Courriel
from maillon.socle.cpts.models import Cpts
from maillon.socle.fichiers.models import Fichier

from .models import Annonce, Conversation, Destinataire, Envoi


def absolute(nom: str, *arguments: object) -> str:
    """The full address of a page, as a mail carries it."""
    return settings.MAILLON_ADRESSE + reverse(f"messagerie:{nom}", args=arguments)


class MessageAttend(Courriel):
    """To a participant: something waits. The same words whatever the conversation is about."""

    sujet: ClassVar[str] = "Un message vous attend"
    gabarit: ClassVar[str] = "messagerie/courriels/message_attend.txt"

    @classmethod
    def of(cls, conversation: Conversation) -> "MessageAttend":
        cpts = conversation.cpts
        lien = absolute("conversation", cpts.slug, conversation.pk)
        return cls(cpts_id=cpts.pk, objet_id=conversation.pk, contexte={"cpts": cpts, "lien": lien})


class AnnonceParue(Courriel):
    """To somebody to whom an announcement is addressed: its title and where it is read."""

    sujet: ClassVar[str] = "Une annonce de votre CPTS"
    gabarit: ClassVar[str] = "messagerie/courriels/annonce.txt"

    @classmethod
    def of(cls, annonce: Annonce, *, rappel: bool) -> "AnnonceParue":
        cpts = annonce.cpts
        lien = absolute("annonce", cpts.slug, annonce.pk)
        contexte = {"cpts": cpts, "lien": lien, "annonce": annonce, "rappel": rappel}
        return cls(cpts_id=cpts.pk, objet_id=annonce.pk, contexte=contexte)


class CourrielEnvoi(Courriel):
    """A mailing to one person: what was written, the documents, and the way out."""

    sujet: ClassVar[str] = ""
    gabarit: ClassVar[str] = "messagerie/courriels/envoi.txt"

    def __init__(
        self, *, cpts: Cpts, objet: Destinataire | Envoi, sujet: str, texte: str, lien: str, pieces: Sequence[Fichier]
    ) -> None:
        contexte = {"cpts": cpts, "texte": texte, "lien": lien}
        super().__init__(cpts_id=cpts.pk, objet_id=objet.pk, contexte=contexte, pieces=pieces)
        self.objet = sujet

    def write_sujet(self) -> str:
        """As the sender wrote it."""
        return self.objet

    def queue_essai(self, *, to: str, moment: datetime) -> Message | None:
        """To its author alone, before it leaves; as many times as they like."""
        self.objet = f"[Essai] {self.objet}"[:200]
        return self.queue(to=to, occasion=f"essai:{moment.isoformat()}")
