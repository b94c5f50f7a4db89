"""Conversations without a patient: opening, writing, reading, putting away, leaving."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import people_of_groupe
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.services import store_fichier
from maillon.socle.horloge import now, today
from maillon.socle.journal import services as journal

from ..enums import Genre
from ..models import Conversation, MessageConversation, Participant, PieceConversation
from ..permissions import CONVERSER
from .avis import warn_participants
from .commun import MessageRefuse, Recu, keep_auteur


@transaction.atomic
def open_conversation(
    *,
    cpts_id: UUID,
    personnes: Iterable[Personne] = (),
    groupe: Groupe | None = None,
    titre: str = "",
    texte: str,
    pieces: Sequence[Recu] = (),
    by: Acteur,
) -> Conversation:
    """Begin a conversation with people, or with those of a group who have an account, and write its first message.

    Raises MessageRefuse when nobody would read it, FichierRefuse for a document that is not accepted.
    """
    auteur = keep_auteur(by)
    conversation = Conversation.objects.create(
        cpts_id=cpts_id, genre=Genre.GROUPE if groupe else Genre.PERSONNES, groupe=groupe, titre=titre.strip()
    )
    if groupe is None:
        join_people(conversation, [auteur, *personnes])
    else:
        _sync_groupe(conversation, auteur)
    if not Participant.objects.filter(conversation=conversation).exclude(personne=auteur).exists():
        raise MessageRefuse("Personne d’autre n’aurait accès à cette conversation : choisissez à qui écrire.")
    journal.record("messagerie.ouverte", conversation, by=by, genre=conversation.genre)
    post_message(conversation=conversation, texte=texte, pieces=pieces, by=by)
    conversation.refresh_from_db()
    return conversation


def join_people(conversation: Conversation, personnes: Iterable[Personne]) -> None:
    """Make people take part, once each. Whoever left stays out."""
    Participant.objects.bulk_create(
        [
            Participant(cpts_id=conversation.cpts_id, conversation=conversation, personne=personne)
            for personne in {personne.pk: personne for personne in personnes}.values()
        ],
        ignore_conflicts=True,
    )


def _sync_groupe(conversation: Conversation, auteur: Personne) -> None:
    """A group's conversation follows the group: newcomers take part, those who left it no longer do."""
    assert conversation.groupe is not None
    people = list(people_of_groupe(conversation.groupe, on=today()).filter(membre__actif=True))
    join_people(conversation, [auteur, *people])
    # Nobody leaves it by themselves: whoever is out had left the group, and has come back to it.
    Participant.objects.filter(conversation=conversation, personne__in=people).update(quittee_le=None)
    # Somebody from outside who wrote to the group stays: only those who were in it and are no longer go.
    gone = Participant.objects.filter(
        conversation=conversation, quittee_le=None, personne__appartenances__groupe=conversation.groupe
    ).exclude(personne__in=people)
    Participant.objects.filter(pk__in=gone.values("pk")).update(quittee_le=now())


@transaction.atomic
def add_personne(*, conversation: Conversation, personne: Personne, by: Acteur) -> None:
    """Have somebody else take part; they read what was written before. Raises MessageRefuse for a group's."""
    if conversation.genre != Genre.PERSONNES:
        raise MessageRefuse("Cette conversation suit son groupe : on y entre en entrant dans le groupe.")
    join_people(conversation, [personne])
    journal.record("messagerie.participant", conversation, by=by)
    warn_participants(conversation, auteur_id=keep_auteur(by).pk)


@transaction.atomic
def post_message(
    *, conversation: Conversation, texte: str, pieces: Sequence[Recu] = (), by: Acteur
) -> MessageConversation:
    """Write in a conversation; the others are told by mail, at most once an hour.

    Raises MessageRefuse for an empty message, FichierRefuse for a document that is not accepted.
    """
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)
    if conversation.genre == Genre.PATIENT:
        raise MessageRefuse("Cette conversation concerne un patient : écrivez depuis son fil.")
    if not texte.strip() and not pieces:
        raise MessageRefuse("Écrivez un message, ou joignez un document.")
    auteur = keep_auteur(by)
    if conversation.groupe_id is not None:
        _sync_groupe(conversation, auteur)
    message = MessageConversation.objects.create(
        cpts_id=conversation.cpts_id, conversation=conversation, auteur=auteur, texte=texte.strip()
    )
    for piece in pieces:
        fichier = store_fichier(
            cpts_id=conversation.cpts_id, nom=piece.nom, contenu=piece.contenu, by=by, permission=CONVERSER.code
        )
        PieceConversation.objects.create(cpts_id=conversation.cpts_id, message=message, fichier=fichier)
    touch(conversation, auteur, message.envoye_le)
    journal.record("messagerie.message", conversation, by=by, pieces=len(pieces))
    return message


def touch(conversation: Conversation, auteur: Personne, moment: object) -> None:
    """Something was just written: the conversation comes first, its author has read it, the others are told."""
    conversation.dernier_le = moment  # type: ignore[assignment]
    conversation.save(update_fields=["dernier_le"])
    Participant.objects.filter(conversation=conversation, personne=auteur).update(lu_le=moment)
    warn_participants(conversation, auteur_id=auteur.pk)


def mark_read(participant: Participant) -> None:
    """The person has the messages before their eyes, up to the last one."""
    last = participant.conversation.dernier_le
    if participant.lu_le is None or participant.lu_le < last:
        Participant.objects.filter(pk=participant.pk).update(lu_le=last)


def archive(*, participant: Participant, archivee: bool) -> None:
    """Put a conversation away for this person, or take it back; a new message takes it back by itself."""
    Participant.objects.filter(pk=participant.pk).update(archivee_le=now() if archivee else None)


@transaction.atomic
def leave(*, participant: Participant, by: Acteur) -> None:
    """Take part no more. Raises MessageRefuse in the conversation of a group: one leaves the group."""
    if participant.conversation.genre == Genre.GROUPE:
        raise MessageRefuse("Cette conversation suit son groupe : on la quitte en quittant le groupe.")
    Participant.objects.filter(pk=participant.pk).update(quittee_le=now())
    journal.record("messagerie.quittee", participant.conversation, by=by)


@transaction.atomic
def rejoin(*, conversation: Conversation, by: Acteur) -> None:
    """Undo a departure, the same day. Raises MessageRefuse in the conversation of a group: one enters the group."""
    if conversation.genre == Genre.GROUPE:
        raise MessageRefuse("Cette conversation suit son groupe : on y revient en revenant dans le groupe.")
    personne = keep_auteur(by)
    Participant.objects.filter(conversation=conversation, personne=personne, quittee_le__date=today()).update(
        quittee_le=None
    )
    journal.record("messagerie.rejointe", conversation, by=by)
