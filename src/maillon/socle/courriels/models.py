"""The outbox: a message is written with what it announces, and delivered by the worker."""

from typing import ClassVar

from django.db import models

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now


class Etat(models.TextChoices):
    A_ENVOYER = "a_envoyer", "à envoyer"
    ENVOYE = "envoye", "envoyé"
    ECHEC = "echec", "échec"
    INCERTAIN = "incertain", "envoi incertain"
    ANNULE = "annule", "annulé"


class Message(ModeleCpts):
    """One mail to one person. The address is encrypted; subject and text carry no patient data, only a link."""

    gabarit = models.CharField("gabarit", max_length=80)
    destinataire = models.BinaryField("destinataire chiffré")
    sujet = models.CharField("sujet", max_length=200)
    texte = models.TextField("texte")
    objet_id = models.UUIDField("objet", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.A_ENVOYER)
    tentatives = models.PositiveSmallIntegerField("tentatives", default=0)
    erreur = models.CharField("dernière erreur", max_length=300, blank=True)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    # One message of this kind about this object and occasion: a reminder is never sent twice.
    unicite = models.CharField("clé d'unicité", max_length=120)

    historise: ClassVar[tuple[str, ...]] = ("etat",)

    class Meta:
        verbose_name = "courriel"
        constraints = [models.UniqueConstraint(fields=["cpts", "unicite"], name="courriel_unique")]
        indexes = [
            models.Index(fields=["cpts", "-cree_le"], name="courriel_recent"),
            models.Index(fields=["cpts", "objet_id"], name="courriel_objet"),
        ]

    def __str__(self) -> str:
        return f"{self.gabarit} ({self.get_etat_display()})"
