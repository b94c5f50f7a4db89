"""Regulators whom the SAS has made known, and the bookings that it is told of."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from maillon.missions.soins_non_programmes.models import RendezVous
from maillon.socle.cpts.models import ModeleCpts, ModeleIdentifie
from maillon.socle.horloge import now

from .enums import EtatEnvoi


class Regulateur(ModeleIdentifie):
    """A regulator's account as the SAS provisions it: national identifier, technical identifier of the SAS, or both.

    An identifier names one active regulator; that of a closed account may be given again.
    """

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    identifiant_national = models.CharField("identifiant national", max_length=64, blank=True)
    identifiant_sas = models.CharField("identifiant technique du SAS", max_length=64, blank=True)
    actif = models.BooleanField("actif", default=True)
    # Name and address of an account that was there before are its own: the SAS does not change them.
    compte_cree = models.BooleanField("compte créé par le SAS", default=False)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    modifie_le = models.DateTimeField("modifié le", default=now)
    ferme_le = models.DateTimeField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "régulateur connu du SAS"
        verbose_name_plural = "régulateurs connus du SAS"
        ordering = ["-cree_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["identifiant_national"],
                condition=Q(actif=True) & ~Q(identifiant_national=""),
                name="regulateur_national_unique",
                violation_error_message="Cet identifiant national est celui d’un autre compte actif.",
            ),
            models.UniqueConstraint(
                fields=["identifiant_sas"],
                condition=Q(actif=True) & ~Q(identifiant_sas=""),
                name="regulateur_sas_unique",
                violation_error_message="Cet identifiant est celui d’un autre compte actif.",
            ),
            models.UniqueConstraint(
                fields=["compte"],
                condition=Q(actif=True),
                name="regulateur_un_par_compte",
                violation_error_message="Ce compte est déjà celui d’un autre régulateur actif.",
            ),
            models.CheckConstraint(
                condition=~(Q(identifiant_national="") & Q(identifiant_sas="")), name="regulateur_identifie"
            ),
            models.CheckConstraint(
                condition=Q(actif=True, ferme_le__isnull=True) | Q(actif=False, ferme_le__isnull=False),
                name="regulateur_ferme_date",
            ),
        ]
        indexes = [
            models.Index(fields=["identifiant_national"], name="regulateur_national"),
            models.Index(fields=["identifiant_sas"], name="regulateur_sas"),
        ]

    def __str__(self) -> str:
        return self.identifiant_national or self.identifiant_sas


class EnvoiSas(ModeleCpts):
    """What the SAS knows of one booking of a regulator, and what remains to be told. No patient, no text: what is sent
    is made of the booking when it leaves, so that late, repeated or lost attempts end in the same state."""

    # A moved booking stays the same for the SAS: this row follows it under the identifier of the first.
    rendez_vous = models.OneToOneField(RendezVous, on_delete=models.PROTECT, related_name="+")
    identifiant = models.UUIDField("identifiant donné au SAS")
    etat = models.CharField("état", max_length=12, choices=EtatEnvoi.choices, default=EtatEnvoi.A_ENVOYER)
    # Grows with each change of the booking; equal when the SAS knows the last one.
    version = models.PositiveIntegerField("version", default=1)
    version_connue = models.PositiveIntegerField("version connue du SAS", default=0)
    # An attempt ended without an answer: the SAS may know this booking.
    doute = models.BooleanField("tentative sans réponse", default=False)
    statut = models.CharField("dernier statut transmis", max_length=12, blank=True)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    pris_le = models.DateTimeField("en cours d’envoi depuis", null=True, blank=True)
    prochain_essai_le = models.DateTimeField("prochain essai", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "version", "version_connue", "statut")

    class Meta:
        verbose_name = "envoi au SAS"
        verbose_name_plural = "envois au SAS"
        ordering = ["-cree_le"]
        constraints = [
            models.UniqueConstraint(fields=["identifiant"], name="envoi_sas_identifiant"),
            models.CheckConstraint(condition=Q(version_connue__lte=F("version")), name="envoi_sas_versions"),
            models.CheckConstraint(
                condition=Q(etat=EtatEnvoi.EN_COURS, pris_le__isnull=False)
                | (~Q(etat=EtatEnvoi.EN_COURS) & Q(pris_le__isnull=True)),
                name="envoi_sas_en_cours_depuis",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatEnvoi.ENVOYE) | Q(envoye_le__isnull=False, version_connue=F("version")),
                name="envoi_sas_envoye_connu",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "-cree_le"], name="envoi_sas_recent"),
            models.Index(fields=["cpts", "etat"], condition=~Q(etat=EtatEnvoi.ENVOYE), name="envoi_sas_a_suivre"),
        ]

    def __str__(self) -> str:
        return f"{self.rendez_vous_id} ({self.get_etat_display()})"

    @property
    def is_renvoyable(self) -> bool:
        """Whether a person may decide to send it again."""
        return self.etat in (EtatEnvoi.REFUSE, EtatEnvoi.INCERTAIN)

    @property
    def id_dialogue(self) -> str:
        """Name of the dialog that asks before sending again, in the page."""
        return f"renvoi-{self.pk}"
