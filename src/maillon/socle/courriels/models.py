"""The outbox: a message is written with what it announces, and delivered by the worker."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now


class Etat(models.TextChoices):
    A_ENVOYER = "a_envoyer", "à envoyer"
    EN_COURS = "en_cours", "envoi en cours"
    ENVOYE = "envoye", "envoyé"
    ECHEC = "echec", "échec"
    INCERTAIN = "incertain", "envoi incertain"
    ANNULE = "annule", "annulé"


class Message(ModeleCpts):
    """One mail to one person. Address and text are encrypted: the text holds a signed link, and neither carries patient
    data. `texte` and `adresse` open them."""

    gabarit = models.CharField("gabarit", max_length=80)
    destinataire = models.BinaryField("destinataire chiffré")
    sujet = models.CharField("sujet", max_length=200)
    texte_chiffre = models.BinaryField("texte chiffré")
    objet_id = models.UUIDField("objet", null=True, blank=True)
    # Documents (`fichiers.Fichier`) that leave with the text; their content is read when the message is delivered.
    pieces = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True, verbose_name="pièces jointes")
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.A_ENVOYER)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    pris_le = models.DateTimeField("pris par le facteur le", null=True, blank=True)
    prochain_essai_le = models.DateTimeField("prochain essai", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    # One message of this kind about this object and occasion: a reminder is never sent twice.
    unicite = models.CharField("clé d’unicité", max_length=120)

    historise: ClassVar[tuple[str, ...]] = ("etat",)
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("destinataire", "texte_chiffre")

    class Meta:
        verbose_name = "courriel"
        constraints = [models.UniqueConstraint(fields=["cpts", "unicite"], name="courriel_unique")]
        indexes = [
            models.Index(fields=["cpts", "-cree_le"], name="courriel_recent"),
            models.Index(fields=["cpts", "objet_id"], name="courriel_objet"),
            models.Index(fields=["cpts", "etat", "-cree_le"], name="courriel_etat"),
        ]

    def __str__(self) -> str:
        return f"{self.gabarit} ({self.get_etat_display()})"

    @property
    def is_renvoyable(self) -> bool:
        """Whether a person may decide to send it again; an erased person's mail goes nowhere."""
        return self.etat in (Etat.ECHEC, Etat.INCERTAIN) and bool(self.destinataire)

    @property
    def id_dialogue(self) -> str:
        """Name of the dialog that asks before sending again, in the page."""
        return f"renvoi-{self.pk}"

    @property
    def adresse(self) -> str:
        """The address, decrypted."""
        return self._open("destinataire")

    @property
    def texte(self) -> str:
        """The text, decrypted; empty once it is no longer kept."""
        return self._open("texte_chiffre")

    def write_secrets(self, *, adresse: str, texte: str) -> None:
        """Encrypt the address and the text into the row's columns."""
        for column, value in (("destinataire", adresse), ("texte_chiffre", texte)):
            sealed = encrypt(value, cpts_id=self.cpts_id, table=self._meta.db_table, column=column, row_id=self.pk)
            setattr(self, column, sealed)

    def _open(self, column: str) -> str:
        return decrypt(
            getattr(self, column), cpts_id=self.cpts_id, table=self._meta.db_table, column=column, row_id=self.pk
        )
