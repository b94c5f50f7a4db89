"""A conversation, who takes part in it, and what they wrote when no patient is its subject."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from maillon.communaute.patients.models import Patient
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import Genre
from ..permissions import CONVERSER, SOIGNER


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those in which the person takes part; about a patient, only while the patient is open to them too."""
        if acteur.cpts_id is None or not acteur.can(CONVERSER):
            return self.none()
        personne = get_personne_of(acteur)
        if personne is None:
            return self.none()
        patients = Patient.objects.visible_to(acteur) if acteur.can(SOIGNER) else Patient.objects.none()
        mine = Participant.objects.filter(conversation=OuterRef("pk"), personne=personne, quittee_le=None)
        return self.filter(
            Exists(mine),
            Q(patient=None) | Q(close_le=None) & Exists(patients.filter(pk=OuterRef("patient"))),
            cpts_id=acteur.cpts_id,
        )


class Conversation(ModeleCpts):
    """People who write to each other. About a patient it has no title: what could name somebody is in its messages.

    `dernier_le` is the moment of the last message; `close_le` that of an opposition or an erasure.
    """

    genre = models.CharField("genre", max_length=12, choices=Genre.choices)
    titre = models.CharField("objet", max_length=160, blank=True)
    groupe = models.ForeignKey(Groupe, null=True, blank=True, on_delete=models.PROTECT, related_name="conversations")
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ouverte_le = models.DateTimeField("ouverte le", default=now, editable=False)
    dernier_le = models.DateTimeField("dernier message", default=now)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("close_le",)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = "conversation"
        ordering = ["-dernier_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(genre=Genre.PATIENT, patient__isnull=False, groupe=None, titre="")
                | Q(genre=Genre.GROUPE, patient=None, groupe__isnull=False)
                | Q(genre=Genre.PERSONNES, patient=None, groupe=None),
                name="conversation_un_sujet",
                violation_error_message="Une conversation est entre personnes, d’un groupe ou autour d’un patient.",
            )
        ]
        indexes = [
            models.Index(fields=["cpts", "-dernier_le"], name="conversation_recente"),
            models.Index(fields=["cpts", "patient"], name="conversation_patient", condition=Q(patient__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.titre or self.get_genre_display()


class Participant(ModeleCpts):
    """A person in a conversation: what was read until when, and when a mail last said that something waits."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="conversations")
    lu_le = models.DateTimeField("lu jusqu’au", null=True, blank=True)
    prevenu_le = models.DateTimeField("prévenu le", null=True, blank=True)
    archivee_le = models.DateTimeField("archivée le", null=True, blank=True)
    quittee_le = models.DateTimeField("quittée le", null=True, blank=True)

    suivi: ClassVar[bool] = False  # what somebody read of their own mail is nobody's history

    class Meta:
        verbose_name = "participant"
        constraints = [
            models.UniqueConstraint(fields=["conversation", "personne"], name="participant_une_fois"),
        ]
        indexes = [models.Index(fields=["cpts", "personne", "conversation"], name="participant_personne")]

    def __str__(self) -> str:
        return str(self.personne)


class MessageConversation(ModeleCpts):
    """What somebody wrote, never about a patient."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    auteur = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    texte = models.TextField("message", blank=True)
    envoye_le = models.DateTimeField("envoyé le", default=now)

    class Meta:
        verbose_name = "message"
        ordering = ["envoye_le", "pk"]
        indexes = [models.Index(fields=["cpts", "conversation", "envoye_le"], name="message_fil")]

    def __str__(self) -> str:
        return f"message du {self.envoye_le:%d/%m/%Y}"


class PieceConversation(ModeleCpts):
    """A document sent in a conversation."""

    message = models.ForeignKey(MessageConversation, on_delete=models.CASCADE, related_name="pieces")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce d’une conversation"
        indexes = [models.Index(fields=["cpts", "fichier"], name="piece_conversation_fichier")]

    def __str__(self) -> str:
        return str(self.fichier)
