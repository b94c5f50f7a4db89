"""The MSSanté mailbox of a community, and what leaves by it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.courriels.adresse import ServeurSmtp
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now

from ..enums import RENVOYABLES, EtatMssante, Securite
from .conversations import Conversation
from .fils import PiecePatient


class BoiteMssante(ModeleCpts):
    """An account at an MSSanté operator: where mail leaves, and where the reports of delivery come back.

    `uidvalidity` and `dernier_uid` say how far the mailbox was read.
    """

    adresse = models.EmailField("adresse MSSanté")
    smtp_hote = models.CharField("serveur d’envoi", max_length=200)
    smtp_port = models.PositiveIntegerField("port d’envoi", default=465)
    smtp_securite = models.CharField("chiffrement", max_length=10, choices=Securite.choices, default=Securite.TLS)
    imap_hote = models.CharField("serveur de réception", max_length=200, blank=True)
    imap_port = models.PositiveIntegerField("port de réception", default=993)
    identifiant = models.CharField("identifiant", max_length=200)
    secret = models.BinaryField("mot de passe chiffré")
    verifiee_le = models.DateTimeField("essayée le", null=True, blank=True)
    verification = models.CharField("résultat de l’essai", max_length=300, blank=True)
    uidvalidity = models.BigIntegerField("validité des numéros", default=0)
    dernier_uid = models.BigIntegerField("dernier numéro lu", default=0)
    relevee_le = models.DateTimeField("relevée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("verifiee_le",)
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("secret",)

    class Meta:
        verbose_name = "boîte MSSanté"
        constraints = [
            models.UniqueConstraint(fields=["cpts"], name="boite_mssante_unique"),
            models.CheckConstraint(
                condition=Q(smtp_port__range=(1, 65535), imap_port__range=(1, 65535)), name="boite_mssante_ports"
            ),
        ]

    def __str__(self) -> str:
        return self.adresse

    def write_secret(self, mot_de_passe: str) -> None:
        """Encrypt the password into the row's column."""
        self.secret = encrypt(
            mot_de_passe, cpts_id=self.cpts_id, table=self._meta.db_table, column="secret", row_id=self.pk
        )

    @property
    def mot_de_passe(self) -> str:
        """The password, decrypted."""
        return decrypt(self.secret, cpts_id=self.cpts_id, table=self._meta.db_table, column="secret", row_id=self.pk)

    @property
    def serveur(self) -> ServeurSmtp:
        """The server that takes the mail."""
        return ServeurSmtp(self.smtp_securite, self.smtp_hote, self.smtp_port, self.identifiant, self.mot_de_passe)


class EnvoiMssante(ModeleCpts):
    """A document of a thread sent to one MSSanté address. The key of the row is the Message-ID of the mail."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="envois_mssante")
    # Without constraint: an erasure takes the document away and leaves that it was sent.
    piece = models.ForeignKey(
        PiecePatient, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    destinataire = models.BinaryField("destinataire chiffré")
    texte = models.BinaryField("texte chiffré")
    etat = models.CharField("état", max_length=12, choices=EtatMssante.choices, default=EtatMssante.A_ENVOYER)
    raison = models.CharField("ce qui s’est passé", max_length=300, blank=True)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    auteur_id = models.UUIDField("compte", null=True, blank=True)
    cree_le = models.DateTimeField("demandé le", default=now, editable=False)
    pris_le = models.DateTimeField("pris le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    accuse_le = models.DateTimeField("accusé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "envoye_le", "accuse_le")
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("destinataire", "texte")

    class Meta:
        verbose_name = "envoi MSSanté"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatMssante.ENVOYE, EtatMssante.REMIS]) | Q(envoye_le__isnull=False),
                name="envoi_mssante_date",
            )
        ]
        indexes = [
            models.Index(fields=["cpts", "-cree_le"], name="envoi_mssante_recent"),
            models.Index(fields=["cpts", "conversation"], name="envoi_mssante_fil"),
        ]

    def __str__(self) -> str:
        return f"envoi MSSanté du {self.cree_le:%d/%m/%Y}"

    @property
    def is_renvoyable(self) -> bool:
        """Whether a person may decide to send it again."""
        return self.etat in RENVOYABLES and bool(self.destinataire)

    @property
    def adresse(self) -> str:
        """The address, decrypted; empty after an erasure."""
        return self._open("destinataire")

    @property
    def texte_clair(self) -> str:
        """The text, decrypted."""
        return self._open("texte")

    def write_secrets(self, *, adresse: str, texte: str) -> None:
        """Encrypt the address and the text into the row's columns."""
        for column, value in (("destinataire", adresse), ("texte", texte)):
            sealed = encrypt(value, cpts_id=self.cpts_id, table=self._meta.db_table, column=column, row_id=self.pk)
            setattr(self, column, sealed)

    def _open(self, column: str) -> str:
        return decrypt(
            getattr(self, column), cpts_id=self.cpts_id, table=self._meta.db_table, column=column, row_id=self.pk
        )
