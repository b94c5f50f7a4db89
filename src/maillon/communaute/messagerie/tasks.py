"""Jobs of the messages: mailings, notices, MSSanté, retention."""

from uuid import UUID

from maillon.socle.contexte import use_cpts
from maillon.socle.horloge import now
from maillon.socle.taches import enqueue, tache, tache_periodique, tache_sans_transaction

from .models import BoiteMssante, Conversation
from .mssante.livraison import deliver_envoi, read_accuses, review_envois
from .services import annonces, avis, conservation, envois, mssante


@tache("messagerie.prevenir")
def prevenir(*, cpts_id: UUID, conversation_id: str) -> None:
    """Tell those who were told already within the hour, and have not read since."""
    conversation = Conversation.objects.select_related("cpts", "patient").filter(pk=conversation_id).first()
    if conversation is not None:
        avis.warn_participants(conversation)


@tache_sans_transaction("messagerie.envoyer")
def envoyer(*, cpts_id: UUID, envoi_id: str) -> None:
    """Write a mailing to each of its people, a short transaction at a time: its progress is seen."""
    left = 1
    while left:
        with use_cpts(cpts_id):
            left = envois.write_lot(envoi_id=UUID(envoi_id))


@tache("messagerie.annoncer")
def annoncer(*, cpts_id: UUID, annonce_id: str, rappel: bool) -> None:
    """Write to the people of an announcement who have not read it."""
    annonces.write_annonces(annonce_id=UUID(annonce_id), rappel=rappel)


@tache_sans_transaction("messagerie.mssante")
def envoyer_mssante(*, cpts_id: UUID, envoi_id: str) -> None:
    """Deliver one document by MSSanté."""
    deliver_envoi(cpts_id=cpts_id, envoi_id=UUID(envoi_id))


@tache_sans_transaction("messagerie.essayer_mssante")
def essayer_mssante(*, cpts_id: UUID) -> None:
    """Sign in to the servers of the mailbox."""
    mssante.check_boite(cpts_id=cpts_id)


@tache_sans_transaction("messagerie.accuses")
def accuses(*, cpts_id: UUID) -> None:
    """Read the reports of delivery."""
    read_accuses(cpts_id=cpts_id)


@tache_periodique("messagerie.relever", cron="*/10 * * * *")
def relever(*, cpts_id: UUID) -> None:
    """Ask for the reports of delivery, where there is a mailbox; what a dead worker left becomes uncertain."""
    review_envois(cpts_id=cpts_id)
    if BoiteMssante.objects.filter(cpts_id=cpts_id).exclude(imap_hote="").exists():
        enqueue("messagerie.accuses", cpts_id=cpts_id, once=f"messagerie:accuses:{cpts_id}")


@tache_periodique("messagerie.effacer", cron="17 3 * * *")
def effacer(*, cpts_id: UUID) -> None:
    """Delete what is kept no longer."""
    conservation.expire(cpts_id=cpts_id, moment=now())
