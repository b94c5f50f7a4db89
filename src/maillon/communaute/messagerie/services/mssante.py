"""The MSSanté mailbox of a community, and the documents sent from it."""

from typing import Any
from uuid import UUID

from django.db import transaction

from maillon.socle.contexte import use_cpts
from maillon.socle.courriels import smtp
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.identifiants import new_id
from maillon.socle.journal import services as journal
from maillon.socle.taches import enqueue

from ..enums import RENVOYABLES, EtatMssante
from ..models import BoiteMssante, Conversation, EnvoiMssante, PiecePatient
from ..mssante.adresses import check_adresse, check_hote
from ..mssante.imap import Acces, BoiteInjoignable, read_mailbox
from .commun import MessageRefuse


@transaction.atomic
def save_boite(*, cpts_id: UUID, champs: dict[str, Any], mot_de_passe: str, by: Acteur) -> BoiteMssante:
    """Keep the mailbox of the community; an empty password keeps the one that is known, for the same server.

    Raises ValueError, in French, for an address or a server that is not allowed.
    """
    check_adresse(champs["adresse"])
    for name in ("smtp_hote", "imap_hote"):
        if champs.get(name):
            champs[name] = check_hote(champs[name])
    boite = BoiteMssante.objects.select_for_update().filter(cpts_id=cpts_id).first()
    moved = boite is None or (boite.smtp_hote, boite.imap_hote) != (champs["smtp_hote"], champs["imap_hote"])
    if moved and not mot_de_passe:
        raise ValueError("Saisissez de nouveau le mot de passe : il n’est jamais envoyé à un autre serveur.")
    boite = boite or BoiteMssante(id=new_id(), cpts_id=cpts_id)
    for name, value in champs.items():
        setattr(boite, name, value)
    if mot_de_passe:
        boite.write_secret(mot_de_passe)
    boite.verifiee_le, boite.verification = None, ""
    if moved:
        boite.uidvalidity = boite.dernier_uid = 0
    boite.save()
    journal.record("messagerie.mssante_reglee", boite, by=by)
    return boite


def ask_check(*, boite: BoiteMssante, by: Acteur) -> None:
    """Have the mailbox tried by a job: no request waits for somebody else's server."""
    journal.record("messagerie.mssante_essayee", boite, by=by)
    enqueue("messagerie.essayer_mssante", cpts_id=boite.cpts_id, once=f"messagerie:essai:{boite.pk}")


def check_boite(*, cpts_id: UUID) -> str:
    """Sign in to both servers; returns what is wrong, empty when all is well. Call it outside any transaction."""
    with use_cpts(cpts_id):
        boite = BoiteMssante.objects.filter(cpts_id=cpts_id).first()
        if boite is None:
            return ""
        serveur = boite.serveur
        acces = Acces(boite.imap_hote, boite.imap_port, boite.identifiant, serveur.mot_de_passe)
    trouble = ""
    try:
        check_hote(serveur.hote)
        smtp.check_serveur(serveur)
        if acces.hote:
            read_mailbox(acces)
    except (smtp.EnvoiRefuse, BoiteInjoignable, ValueError) as error:
        trouble = str(error)
    with use_cpts(cpts_id):
        BoiteMssante.objects.filter(pk=boite.pk).update(verifiee_le=now(), verification=trouble[:300])
    return trouble


@transaction.atomic
def delete_boite(*, boite: BoiteMssante, by: Acteur) -> None:
    """Forget the mailbox and its password; what waits to leave fails, and says so."""
    journal.record("messagerie.mssante_oubliee", boite, by=by)
    boite.delete()


@transaction.atomic
def send_document(*, fil: Conversation, piece: PiecePatient, adresse: str, texte: str, by: Acteur) -> EnvoiMssante:
    """Send a document of a thread to one MSSanté address. The thread was obtained for the actor.

    Raises ValueError for an address outside MSSanté, MessageRefuse without a mailbox.
    """
    adresse = check_adresse(adresse)
    if not BoiteMssante.objects.filter(cpts_id=fil.cpts_id).exists():
        raise MessageRefuse("La communauté n’a pas encore de boîte MSSanté : la coordination peut la régler.")
    envoi = EnvoiMssante(id=new_id(), cpts_id=fil.cpts_id, conversation=fil, piece=piece, auteur_id=by.compte_id)
    envoi.write_secrets(adresse=adresse, texte=texte.strip())
    envoi.save(force_insert=True)
    journal.record("messagerie.mssante_demandee", envoi, by=by)
    enqueue("messagerie.mssante", cpts_id=fil.cpts_id, envoi_id=str(envoi.pk))
    return envoi


@transaction.atomic
def resend_document(*, envoi: EnvoiMssante, by: Acteur) -> bool:
    """Send again what was refused, failed or is uncertain, because a person decided so. False in any other state."""
    rows = EnvoiMssante.objects.filter(pk=envoi.pk, etat__in=RENVOYABLES).exclude(destinataire=b"")
    if not rows.update(etat=EtatMssante.A_ENVOYER, tentatives=0, raison="", accuse_le=None, envoye_le=None):
        return False
    journal.record("messagerie.mssante_renvoyee", envoi, by=by)
    enqueue("messagerie.mssante", cpts_id=envoi.cpts_id, envoi_id=str(envoi.pk))
    return True
