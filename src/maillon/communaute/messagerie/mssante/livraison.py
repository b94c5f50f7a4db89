"""What leaves by MSSanté, in three short steps as the outbox does: claim, talk to the operator, record.

Nothing is sent twice by itself: a connection broken after the text, or a worker that died, makes the sending uncertain
until a report of delivery comes or a person decides.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from maillon.socle.contexte import use_cpts
from maillon.socle.courriels import smtp
from maillon.socle.courriels.adresse import ServeurSmtp
from maillon.socle.courriels.livraison import ABANDON, REPRISES
from maillon.socle.fichiers.services import FichierRefuse
from maillon.socle.horloge import now
from maillon.socle.taches import enqueue

from ..enums import EtatMssante
from ..models import BoiteMssante, EnvoiMssante, PiecePatient
from ..selectors.fils import Document, read_piece
from .accuses import Accuse, parse_accuse
from .adresses import check_hote
from .imap import Acces, BoiteInjoignable, read_mailbox

SUJET = "Document transmis par {}"


@dataclass(frozen=True, slots=True)
class _Pris:
    pk: UUID
    tentatives: int
    serveur: ServeurSmtp | None
    enveloppe: smtp.Enveloppe | None
    empechement: str = ""


def deliver_envoi(*, cpts_id: UUID, envoi_id: UUID) -> EtatMssante | None:
    """Deliver one document once; returns its state afterwards, None when there was nothing to deliver.

    Call it outside any transaction.
    """
    taken = _claim(cpts_id, envoi_id)
    if taken is None:
        return None
    if taken.serveur is None or taken.enveloppe is None:
        return _record(cpts_id, taken, EtatMssante.ECHEC, taken.empechement)
    if settings.MAILLON_COURRIELS_CONSERVES:  # as the outbox does: the demonstration writes to nobody
        return _record(cpts_id, taken, EtatMssante.ENVOYE, "")
    try:
        check_hote(taken.serveur.hote)
        smtp.send(taken.serveur, taken.enveloppe)
    except ValueError as error:
        return _record(cpts_id, taken, EtatMssante.ECHEC, str(error))
    except smtp.EnvoiIncertain as error:
        return _record(cpts_id, taken, EtatMssante.INCERTAIN, str(error))
    except smtp.EnvoiRefuse as error:
        if error.definitif:
            return _record(cpts_id, taken, EtatMssante.REFUSE, str(error))
        again = taken.tentatives <= len(REPRISES)
        return _record(cpts_id, taken, EtatMssante.A_ENVOYER if again else EtatMssante.ECHEC, str(error))
    return _record(cpts_id, taken, EtatMssante.ENVOYE, "")


def _claim(cpts_id: UUID, envoi_id: UUID) -> _Pris | None:
    with use_cpts(cpts_id):
        rows = EnvoiMssante.objects.select_for_update(skip_locked=True, of=("self",)).select_related("cpts")
        envoi = rows.filter(pk=envoi_id, etat=EtatMssante.A_ENVOYER).first()
        if envoi is None:
            return None
        envoi.etat, envoi.pris_le, envoi.tentatives = EtatMssante.EN_COURS, now(), envoi.tentatives + 1
        envoi.save(update_fields=["etat", "pris_le", "tentatives"])
        boite = BoiteMssante.objects.filter(cpts_id=cpts_id).first()
        if boite is None:
            return _Pris(envoi.pk, envoi.tentatives, None, None, "la communauté n’a plus de boîte MSSanté")
        try:
            document = _read_document(envoi)
        except FichierRefuse as refus:
            return _Pris(envoi.pk, envoi.tentatives, None, None, str(refus))
        if document is None:
            return _Pris(envoi.pk, envoi.tentatives, None, None, "le document n’est plus là")
        enveloppe = smtp.Enveloppe(
            str(envoi.pk),
            envoi.adresse,
            SUJET.format(envoi.cpts.nom)[:200],
            envoi.texte_clair,
            [smtp.PieceJointe(document.nom, document.type, document.contenu)],
            expediteur=boite.adresse,
            accuse=True,
        )
        return _Pris(envoi.pk, envoi.tentatives, boite.serveur, enveloppe)


def _read_document(envoi: EnvoiMssante) -> Document | None:
    if envoi.piece_id is None:
        return None
    piece = PiecePatient.objects.only(*PiecePatient.colonnes_lisibles).filter(pk=envoi.piece_id).first()
    return read_piece(piece, pourquoi="envoi MSSanté") if piece else None


def _record(cpts_id: UUID, taken: _Pris, etat: EtatMssante, raison: str) -> EtatMssante | None:
    """Write the outcome, unless the sending was declared uncertain or reported on meanwhile."""
    values: dict[str, object] = {"etat": etat, "raison": raison[:300], "pris_le": None}
    if etat is EtatMssante.ENVOYE:
        values["envoye_le"] = now()
    with use_cpts(cpts_id):
        rows = EnvoiMssante.objects.filter(pk=taken.pk, etat=EtatMssante.EN_COURS, tentatives=taken.tentatives)
        if not rows.update(**values):
            return None
        if etat is EtatMssante.A_ENVOYER:
            delay = 60 * REPRISES[taken.tentatives - 1]
            enqueue("messagerie.mssante", cpts_id=cpts_id, envoi_id=str(taken.pk), delay_seconds=delay)
    return etat


def review_envois(*, cpts_id: UUID) -> int:
    """What a dead worker left becomes uncertain, and is counted; what lost its job gets a new one."""
    old = now() - ABANDON
    own = EnvoiMssante.objects.filter(cpts_id=cpts_id)
    for pk in own.filter(etat=EtatMssante.A_ENVOYER, tentatives=0, cree_le__lt=old).values_list("pk", flat=True):
        enqueue("messagerie.mssante", cpts_id=cpts_id, once=f"messagerie:mssante:{pk}", envoi_id=str(pk))
    return own.filter(etat=EtatMssante.EN_COURS, pris_le__lt=old).update(
        etat=EtatMssante.INCERTAIN, raison="l’envoi a été interrompu", pris_le=None
    )


def read_accuses(*, cpts_id: UUID) -> int:
    """Read the mailbox and write what its reports say; returns how many sendings changed.

    Call it outside any transaction. An unreachable mailbox says so on its page.
    """
    with use_cpts(cpts_id):
        boite = BoiteMssante.objects.filter(cpts_id=cpts_id).exclude(imap_hote="").first()
        if boite is None:
            return 0
        acces = Acces(
            boite.imap_hote,
            boite.imap_port,
            boite.identifiant,
            boite.mot_de_passe,
            boite.uidvalidity,
            boite.dernier_uid,
        )
    try:
        releve = read_mailbox(acces)
    except BoiteInjoignable as error:
        with use_cpts(cpts_id):
            BoiteMssante.objects.filter(pk=boite.pk).update(verification=str(error))
        raise
    accuses = [accuse for mail in releve.mails if (accuse := parse_accuse(mail)) is not None]
    with use_cpts(cpts_id):
        changed = sum(apply_accuse(accuse) for accuse in accuses)
        BoiteMssante.objects.filter(pk=boite.pk).update(
            uidvalidity=releve.uidvalidity, dernier_uid=releve.dernier, relevee_le=now()
        )
    return changed


def apply_accuse(accuse: Accuse) -> bool:
    """Write what a report says of a sending. Reports come twice, late or out of order: a refusal stays, and « remis »
    is not taken back by anything but a refusal."""
    known = [EtatMssante.EN_COURS, EtatMssante.ENVOYE, EtatMssante.INCERTAIN]
    if accuse.etat is EtatMssante.REFUSE:
        known.append(EtatMssante.REMIS)
    envoi = EnvoiMssante.objects.filter(pk=accuse.message_id, etat__in=known).first()
    if envoi is None:
        return False
    envoi.etat, envoi.raison, envoi.accuse_le, envoi.pris_le = accuse.etat, accuse.raison, now(), None
    envoi.envoye_le = envoi.envoye_le or now()
    envoi.save(update_fields=["etat", "raison", "accuse_le", "pris_le", "envoye_le"])
    return True
