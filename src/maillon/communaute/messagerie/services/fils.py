"""Threads about patients: encrypted, between people with the right, closed by an opposition, deleted in time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from maillon.communaute.patients.models import Patient
from maillon.communaute.patients.services import touch_patient
from maillon.communaute.personnes.models import Personne
from maillon.socle.courriels.services import cancel_for, forget_for
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import check_type, clean_nom
from maillon.socle.horloge import now
from maillon.socle.identifiants import new_id
from maillon.socle.journal import services as journal

from .. import coffre
from ..enums import EtatMssante, Genre
from ..models import Conversation, EnvoiMssante, MessagePatient, PiecePatient
from ..selectors.conversations import find_soignants
from .avis import warn_participants
from .commun import MessageRefuse, Recu, keep_auteur
from .conversations import join_people, touch


@transaction.atomic
def open_fil(
    *, patient: Patient, personnes: Iterable[Personne], texte: str, pieces: Sequence[Recu] = (), by: Acteur
) -> Conversation:
    """Begin a thread about a patient. `patient` was obtained for the author; each of `personnes` must have the right.

    Raises MessageRefuse when one of them has not, or when nobody is chosen; FichierRefuse for a document not accepted.
    """
    chosen = {personne.pk for personne in personnes}
    allowed = list(find_soignants(patient, by).filter(pk__in=chosen))
    if not allowed or len(allowed) != len(chosen):
        raise MessageRefuse(
            "Choisissez parmi les personnes qui suivent ce patient. Pour une autre, ouvrez d’abord sa relation de soin."
        )
    fil = Conversation.objects.create(cpts_id=patient.cpts_id, genre=Genre.PATIENT, patient=patient)
    join_people(fil, [keep_auteur(by), *allowed])
    journal.record("messagerie.fil_ouvert", fil, by=by, participants=len(allowed) + 1)
    post_in_fil(fil=fil, texte=texte, pieces=pieces, by=by)
    fil.refresh_from_db()
    return fil


@transaction.atomic
def add_soignant(*, fil: Conversation, patient: Patient, personne: Personne, by: Acteur) -> None:
    """Have somebody else who follows the patient take part; they read what was written before.

    Raises MessageRefuse for anybody else.
    """
    if not find_soignants(patient, by).filter(pk=personne.pk).exists():
        raise MessageRefuse("Cette personne ne suit pas ce patient : ouvrez d’abord sa relation de soin.")
    join_people(fil, [personne])
    journal.record("messagerie.participant", fil, by=by)
    warn_participants(fil, auteur_id=keep_auteur(by).pk)


@transaction.atomic
def post_in_fil(*, fil: Conversation, texte: str, pieces: Sequence[Recu] = (), by: Acteur) -> MessagePatient:
    """Write about the patient; the others learn by mail that something waits, and nothing else.

    Raises MessageRefuse for an empty message or a closed thread, FichierRefuse for a document not accepted.
    """
    fil = Conversation.objects.select_for_update(of=("self",)).select_related("patient").get(pk=fil.pk)
    if fil.patient is None or fil.close_le is not None or fil.patient.opposition:
        raise MessageRefuse("Ce fil est clos : on n’y écrit plus.")
    if not texte.strip() and not pieces:
        raise MessageRefuse("Écrivez un message, ou joignez un document.")
    auteur = keep_auteur(by)
    message = MessagePatient(id=new_id(), cpts_id=fil.cpts_id, conversation=fil, auteur=auteur, envoye_le=now())
    message.write_texte(texte.strip())
    message.save(force_insert=True)
    for piece in pieces:
        _keep_piece(message, piece)
    touch(fil, auteur, message.envoye_le)
    touch_patient(patient=fil.patient)
    journal.record("messagerie.message_patient", fil, by=by, pieces=len(pieces))
    return message


def _keep_piece(message: MessagePatient, recu: Recu) -> PiecePatient:
    nom = clean_nom(recu.nom)
    piece = PiecePatient(
        id=new_id(),
        cpts_id=message.cpts_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
        type=check_type(nom, recu.contenu),
        taille=len(recu.contenu),
    )
    coffre.write_content(piece, nom=nom, contenu=recu.contenu)
    piece.save(force_insert=True)
    return piece


def close_opposed(*, cpts_id: UUID, patient_id: UUID, by: Acteur) -> int:
    """Close the threads about a patient who opposes, and what had not left yet. Returns how many were closed."""
    fils = Conversation.objects.filter(cpts_id=cpts_id, patient=patient_id, close_le=None)
    keys = list(fils.values_list("pk", flat=True))
    fils.update(close_le=now())
    _stop_envois(cpts_id, keys)
    return len(keys)


def _stop_envois(cpts_id: UUID, fils: Sequence[UUID]) -> None:
    for key in fils:
        cancel_for(cpts_id=cpts_id, objet_id=key)
    EnvoiMssante.objects.filter(conversation__in=fils, etat=EtatMssante.A_ENVOYER).update(etat=EtatMssante.ANNULE)


@transaction.atomic
def erase_fils(*, cpts_id: UUID, patient_id: UUID) -> int:
    """Erase what was written about a patient; returns the number of messages and documents."""
    return _erase(cpts_id, Conversation.objects.filter(cpts_id=cpts_id, patient=patient_id))


@transaction.atomic
def expire_fils(*, cpts_id: UUID, before: datetime) -> int:
    """Erase the threads about patients where nothing was written since `before`; returns messages and documents."""
    return _erase(cpts_id, Conversation.objects.filter(cpts_id=cpts_id, patient__isnull=False, dernier_le__lt=before))


def _erase(cpts_id: UUID, fils: QuerySet[Conversation]) -> int:
    """Texts and documents go, with the addresses of what left by MSSanté; that a thread existed stays."""
    keys = list(fils.values_list("pk", flat=True))
    if not keys:
        return 0
    pieces = PiecePatient.objects.filter(conversation__in=keys)
    chemins = [coffre.find_content(piece) for piece in pieces.only("id", "cpts_id")]
    _stop_envois(cpts_id, keys)
    forget_for(cpts_id=cpts_id, objet_ids=keys)
    EnvoiMssante.objects.filter(conversation__in=keys).update(destinataire=b"", texte=b"", piece=None)
    documents, _ = pieces.delete()
    messages, _ = MessagePatient.objects.filter(conversation__in=keys).delete()
    Conversation.objects.filter(pk__in=keys, close_le=None).update(close_le=now())

    def unlink() -> None:
        for chemin in chemins:
            chemin.unlink(missing_ok=True)

    transaction.on_commit(unlink)
    return documents + messages
