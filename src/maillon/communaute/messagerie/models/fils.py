"""What is written about a patient: encrypted, and not readable by the runtime role without a trace.

The texts and the names and keys of documents come out of two functions of the database that write one trace in the
same transaction (see migrations/lecture.sql). The content of a document lies encrypted on the disk under a key of its
own, kept in its row: without the row, nobody reads it any more.
"""

from typing import ClassVar

from django.db import models

from maillon.communaute.personnes.models import Personne
from maillon.socle.chiffrement import encrypt
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.enums import TypeFichier
from maillon.socle.horloge import now

from .conversations import Conversation


class MessagePatient(ModeleCpts):
    """A message about a patient."""

    conversation = models.ForeignKey(Conversation, on_delete=models.DO_NOTHING, related_name="messages_patient")
    auteur = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    texte = models.BinaryField("texte chiffré")
    envoye_le = models.DateTimeField("envoyé le", default=now)

    colonnes_lisibles: ClassVar[tuple[str, ...]] = ("id", "cpts_id", "conversation_id", "auteur_id", "envoye_le")
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("texte",)

    class Meta:
        verbose_name = "message au sujet d’un patient"
        indexes = [models.Index(fields=["cpts", "conversation", "envoye_le"], name="message_patient_fil")]

    def __str__(self) -> str:
        return f"message du {self.envoye_le:%d/%m/%Y}"

    def write_texte(self, texte: str) -> None:
        """Encrypt the text into the row's column."""
        self.texte = encrypt(texte, cpts_id=self.cpts_id, table=self._meta.db_table, column="texte", row_id=self.pk)


class PiecePatient(ModeleCpts):
    """A document about a patient; its name may name them."""

    conversation = models.ForeignKey(Conversation, on_delete=models.DO_NOTHING, related_name="pieces_patient")
    message = models.ForeignKey(MessagePatient, on_delete=models.DO_NOTHING, related_name="pieces")
    nom = models.BinaryField("nom chiffré")
    cle = models.BinaryField("clé chiffrée")
    type = models.CharField("type", max_length=80, choices=TypeFichier.choices)
    taille = models.PositiveIntegerField("taille en octets")

    colonnes_lisibles: ClassVar[tuple[str, ...]] = (
        "id",
        "cpts_id",
        "conversation_id",
        "message_id",
        "type",
        "taille",
    )
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("nom", "cle")

    class Meta:
        verbose_name = "document au sujet d’un patient"
        indexes = [models.Index(fields=["cpts", "conversation"], name="piece_patient_fil")]

    def __str__(self) -> str:
        return f"{self.get_type_display()}"

    @property
    def chemin(self) -> str:
        """Where the content lies, encrypted, under MEDIA_ROOT."""
        return f"fils/{self.cpts_id.hex}/{self.pk.hex[-2:]}/{self.pk.hex}"
