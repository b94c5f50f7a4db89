"""Threads about patients. What is written there is read here only, and each reading leaves its trace."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.shortcuts import get_object_or_404

from maillon.communaute.patients.models import Patient
from maillon.communaute.personnes.models import Personne
from maillon.socle.chiffrement import decrypt
from maillon.socle.droits.acteur import Acteur

from .. import coffre
from ..enums import RENVOYABLES
from ..models import Conversation, EnvoiMssante, MessagePatient, PiecePatient

TABLE = MessagePatient._meta.db_table


@dataclass(frozen=True, slots=True)
class PieceLue:
    """A document of a thread, with its name."""

    pk: UUID
    nom: str
    type: str
    taille: int


@dataclass(slots=True)
class MessageLu:
    """A message of a thread, decrypted."""

    pk: UUID
    auteur: Personne
    envoye_le: datetime
    texte: str
    pieces: list[PieceLue] = field(default_factory=list)


def get_fil(pk: UUID, *, for_acteur: Acteur) -> Conversation:
    """A thread about a patient whom the actor may read, and of which they are part; or 404."""
    rows = Conversation.objects.visible_to(for_acteur).select_related("patient__commune")
    return get_object_or_404(rows, pk=pk, patient__isnull=False)


def get_patient(pk: UUID, *, for_acteur: Acteur) -> Patient:
    """A patient whom the actor may read, and who was told what is done with their data; or 404."""
    rows = Patient.objects.visible_to(for_acteur).exclude(notice_version="")
    return get_object_or_404(rows.select_related("commune"), pk=pk)


def keep_informes(keys: Sequence[UUID]) -> list[UUID]:
    """Of these patients, in order, those who were told what is done with their data: nobody writes about the others."""
    informes = set(Patient.objects.filter(pk__in=keys).exclude(notice_version="").values_list("pk", flat=True))
    return [key for key in keys if key in informes]


def find_fil(patient: Patient, *, for_acteur: Acteur) -> Conversation | None:
    """The actor's latest thread about a patient, to be taken up rather than doubled."""
    return Conversation.objects.visible_to(for_acteur).filter(patient=patient).order_by("-dernier_le").first()


def read_messages(fil: Conversation, *, pourquoi: str = "conversation") -> list[MessageLu]:
    """The messages of a thread that `get_fil` gave, in order, with the names of their documents. One trace is written.

    Raises ValeurIllisible when a text was altered; nothing comes out of a closed thread.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM maillon_lire_messages_patient(%s, %s)", [fil.pk, pourquoi])
        rows = cursor.fetchall()
    auteurs = Personne.objects.in_bulk({row[1] for row in rows})
    found: dict[UUID, MessageLu] = {}
    for pk, auteur_id, envoye_le, texte, piece_id, nom, type_piece, taille in rows:
        if pk not in found:
            clair = decrypt(texte, cpts_id=fil.cpts_id, table=TABLE, column="texte", row_id=pk)
            found[pk] = MessageLu(pk, auteurs[auteur_id], envoye_le, clair)
        if piece_id is not None:
            piece = PiecePatient(pk=piece_id, cpts_id=fil.cpts_id)
            found[pk].pieces.append(PieceLue(piece_id, coffre.open_nom(piece, nom), type_piece, taille))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Document:
    nom: str
    type: str
    contenu: bytes


def get_piece(fil: Conversation, pk: UUID) -> PiecePatient:
    """A document of a thread, without its name; or 404."""
    rows = PiecePatient.objects.only(*PiecePatient.colonnes_lisibles)
    return get_object_or_404(rows, pk=pk, conversation=fil)


def read_piece(piece: PiecePatient, *, pourquoi: str) -> Document | None:
    """A document, decrypted; one trace is written. None once its thread is closed. Raises FichierRefuse."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM maillon_lire_piece_patient(%s, %s)", [piece.pk, pourquoi])
        row = cursor.fetchone()
    if row is None:
        return None
    nom, cle = row
    return Document(coffre.open_nom(piece, nom), piece.type, coffre.read_content(piece, cle))


def count_refused(acteur: Acteur, *, since: datetime) -> list[tuple[UUID, int]]:
    """Threads of the actor from which documents sent since then did not arrive for sure, with how many."""
    fils = Conversation.objects.visible_to(acteur).filter(patient__isnull=False)
    rows = EnvoiMssante.objects.filter(conversation__in=fils, etat__in=RENVOYABLES, cree_le__gte=since)
    return list(rows.order_by().values_list("conversation").annotate(nombre=Count("pk")))


def list_envois(fil: Conversation) -> list[EnvoiMssante]:
    """What left by MSSanté from a thread, the latest first."""
    return list(EnvoiMssante.objects.filter(conversation=fil))
