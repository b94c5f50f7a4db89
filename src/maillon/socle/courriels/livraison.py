"""Delivery in three short steps: claim the message, talk to the server without any transaction, record the outcome.

A worker that dies between the claim and the record leaves the message « en cours »: `review_outbox` makes it
uncertain, because nobody knows whether it left. Uncertain messages are never sent again by themselves.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from maillon.socle.contexte import use_cpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.fichiers.services import FichierRefuse, read_fichier
from maillon.socle.horloge import now
from maillon.socle.taches import enqueue

from . import sms, smtp
from .models import Etat, Message
from .services import get_destinataire

# Waiting times after each refusal, in minutes: eight tries over two days, then the failure is shown.
REPRISES = (1, 5, 15, 60, 180, 720, 1440)
# A conversation has a deadline of its own at each step; beyond this, its worker is dead.
ABANDON = timedelta(minutes=15)
# The text holds a link; once the message has left for so long, nobody needs it here.
CONSERVATION_TEXTE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Pris:
    pk: UUID
    tentatives: int
    to: str
    sujet: str
    texte: str
    pieces: tuple[Fichier, ...]


def deliver_message(*, cpts_id: UUID, message_id: str) -> Etat | None:
    """Deliver one message once; returns its state afterwards, None when there was nothing to deliver.

    Call it outside any transaction. A refusal is tried again after growing delays, then shown as failed; a refusal
    that the server calls definitive is shown at once.
    """
    taken = _claim(cpts_id, message_id)
    if taken is None:
        return None
    if settings.MAILLON_COURRIELS_CONSERVES if "@" in taken.to else settings.MAILLON_SMS_CONSERVES:
        return _record(cpts_id, taken, Etat.ENVOYE, "")
    try:
        _send(taken)
    except smtp.EnvoiIncertain as error:
        return _record(cpts_id, taken, Etat.INCERTAIN, str(error))
    except smtp.EnvoiRefuse as error:
        again = not error.definitif and taken.tentatives <= len(REPRISES)
        return _record(cpts_id, taken, Etat.A_ENVOYER if again else Etat.ECHEC, str(error))
    return _record(cpts_id, taken, Etat.ENVOYE, "")


def _send(taken: _Pris) -> None:
    """By mail, or by SMS to what is no address."""
    if "@" not in taken.to:
        sms.send(str(taken.pk), taken.to, taken.texte)
    elif settings.MAILLON_SMTP is None:
        raise smtp.EnvoiRefuse("aucun serveur de courriel n’est configuré (MAILLON_SMTP_URL)")
    else:
        smtp.send(settings.MAILLON_SMTP, _compose(taken))


def _compose(taken: _Pris) -> smtp.Enveloppe:
    try:
        pieces = [smtp.PieceJointe(piece.nom, piece.type, read_fichier(piece)) for piece in taken.pieces]
    except FichierRefuse as refus:
        raise smtp.EnvoiRefuse(f"une pièce jointe manque : {refus}"[:300], definitif=True) from refus
    return smtp.Enveloppe(str(taken.pk), taken.to, taken.sujet, taken.texte, pieces)


def _claim(cpts_id: UUID, message_id: str) -> _Pris | None:
    with use_cpts(cpts_id):
        message = Message.objects.select_for_update(skip_locked=True).filter(pk=message_id, etat=Etat.A_ENVOYER).first()
        if message is None:
            return None
        message.etat, message.pris_le, message.tentatives = Etat.EN_COURS, now(), message.tentatives + 1
        message.save(update_fields=["etat", "pris_le", "tentatives"])
        kept = {piece.pk: piece for piece in Fichier.objects.filter(pk__in=message.pieces)}
        return _Pris(
            message.pk,
            message.tentatives,
            get_destinataire(message),
            message.sujet,
            message.texte,
            tuple(kept[pk] for pk in message.pieces),
        )


def _record(cpts_id: UUID, taken: _Pris, etat: Etat, erreur: str) -> Etat | None:
    """Write the outcome, unless the message was declared uncertain meanwhile: then it stays so."""
    values: dict[str, object] = {"etat": etat, "erreur": erreur, "pris_le": None, "prochain_essai_le": None}
    minutes = REPRISES[taken.tentatives - 1] if etat is Etat.A_ENVOYER else 0
    if etat is Etat.ENVOYE:
        values["envoye_le"] = now()
    if minutes:
        values["prochain_essai_le"] = now() + timedelta(minutes=minutes)
    with use_cpts(cpts_id):
        written = Message.objects.filter(pk=taken.pk, etat=Etat.EN_COURS, tentatives=taken.tentatives).update(**values)
        if not written:
            return None
        if minutes:
            enqueue("courriels.envoyer", cpts_id=cpts_id, message_id=str(taken.pk), delay_seconds=60 * minutes)
    return etat


def review_outbox(*, cpts_id: UUID) -> dict[str, int]:
    """What no worker finishes: claims whose worker died become uncertain, messages whose job was lost get a new one.

    Texts of messages that left long ago are emptied (they are kept in a demonstration, where the inbox shows them).
    """
    moment = now()
    own = Message.objects.filter(cpts_id=cpts_id)
    uncertain = own.filter(etat=Etat.EN_COURS, pris_le__lt=moment - ABANDON).update(
        etat=Etat.INCERTAIN, erreur="l’envoi a été interrompu", pris_le=None
    )
    due = own.filter(etat=Etat.A_ENVOYER, cree_le__lt=moment - ABANDON).exclude(prochain_essai_le__gt=moment - ABANDON)
    requeued = 0
    for pk in due.values_list("pk", flat=True):
        enqueue("courriels.envoyer", cpts_id=cpts_id, message_id=str(pk), once=f"courriel:{pk}")
        requeued += 1
    emptied = 0
    if not settings.MAILLON_COURRIELS_CONSERVES:
        emptied = (
            own.filter(etat=Etat.ENVOYE, envoye_le__lt=moment - CONSERVATION_TEXTE)
            .exclude(texte_chiffre=b"")
            .update(texte_chiffre=b"")
        )
    return {"incertains": uncertain, "repris": requeued, "vides": emptied}
