"""Messages are declared one class each; queueing writes the outbox row in the caller's transaction."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.template.loader import render_to_string

from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.identifiants import new_id
from maillon.socle.journal.services import record
from maillon.socle.taches import enqueue
from maillon.socle.une_fois import insert_once

from . import sms
from .models import Etat, Message


class Courriel:
    """One class a message: a subject, a text template (`gabarit`, plain French), a context without patient data.

    class DemandeAcceptee(Courriel):
        sujet = "Votre demande a avancé"
        gabarit = "medecin_traitant/courriels/acceptee.txt"

    DemandeAcceptee(cpts_id=…, objet_id=…, contexte={"lien": …}).queue(to=adresse, occasion="1")

    `pieces` are documents of the community sent as attachments: never about patients.
    """

    sujet: ClassVar[str]
    gabarit: ClassVar[str]

    def __init__(
        self,
        *,
        cpts_id: UUID,
        objet_id: UUID,
        contexte: dict[str, Any] | None = None,
        pieces: Sequence[Fichier] = (),
    ) -> None:
        self.cpts_id = cpts_id
        self.objet_id = objet_id
        self.contexte = contexte or {}
        self.pieces = pieces

    def write_sujet(self) -> str:
        """The subject of this message: that of its class, unless somebody wrote one."""
        return self.sujet

    def queue(self, *, to: str, occasion: str = "") -> Message | None:
        """Write the message and its job; None when `to` is empty or this occasion was already written."""
        if not to:
            return None
        message_id = new_id()
        unicite = f"{type(self).__name__}:{self.objet_id}:{occasion}"
        message = Message(
            id=message_id,
            cpts_id=self.cpts_id,
            gabarit=self.gabarit,
            sujet=self.write_sujet(),
            objet_id=self.objet_id,
            pieces=[piece.pk for piece in self.pieces],
            unicite=unicite,
        )
        message.write_secrets(adresse=to, texte=render_to_string(self.gabarit, self.contexte))
        if not insert_once(message):
            return None
        enqueue("courriels.envoyer", cpts_id=self.cpts_id, message_id=str(message_id))
        return message


class Sms(Courriel):
    """The same by SMS: `sujet` is what the outbox shows. Nothing is written to what is not a mobile number, nor where
    no gateway is configured; `queue` then returns None, and the caller has no other way to tell this person."""

    def queue(self, *, to: str, occasion: str = "") -> Message | None:
        return super().queue(to=sms.parse_mobile(to) if sms.is_offered() else "", occasion=occasion)


def get_destinataire(message: Message) -> str:
    """The address of a message, decrypted."""
    return message.adresse


def resend(*, message: Message, by: Acteur) -> bool:
    """Send again a message that failed or is uncertain, because a person decided so. False in any other state.

    An uncertain message may reach its addressee twice: the page says it before.
    """
    failed = Message.objects.filter(pk=message.pk, etat__in=(Etat.ECHEC, Etat.INCERTAIN)).exclude(destinataire=b"")
    taken = failed.update(etat=Etat.A_ENVOYER, tentatives=0, erreur="", prochain_essai_le=None)
    if not taken:
        return False
    record("courriels.renvoye", message, by=by, gabarit=message.gabarit)
    enqueue("courriels.envoyer", cpts_id=message.cpts_id, message_id=str(message.pk))
    return True


def cancel_for(*, cpts_id: UUID, objet_id: UUID) -> int:
    """Cancel what is not sent yet about an object: nobody is reminded of what no longer is. Returns how many."""
    return Message.objects.filter(cpts_id=cpts_id, objet_id=objet_id, etat=Etat.A_ENVOYER).update(etat=Etat.ANNULE)


def forget_for(*, cpts_id: UUID, objet_ids: Iterable[UUID]) -> int:
    """Empty the address and the text of every message about these objects, and cancel those not sent yet.

    For the erasure of a person: the rows stay, with their states and dates. Returns how many messages were touched.
    """
    own = Message.objects.filter(cpts_id=cpts_id, objet_id__in=list(objet_ids))
    own.filter(etat=Etat.A_ENVOYER).update(etat=Etat.ANNULE)
    return own.exclude(destinataire=b"", texte_chiffre=b"").update(destinataire=b"", texte_chiffre=b"")
