"""Documents kept as evidence: the row says what, whose and its hash; the content is a file of opaque name."""

from typing import ClassVar

from django.db import models

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now

from .enums import TypeFichier


class Fichier(ModeleCpts):
    """A document as it was received: never changed, a new version is a new row."""

    nom = models.CharField("nom d’origine", max_length=160)
    type = models.CharField("type", max_length=80, choices=TypeFichier.choices)
    taille = models.PositiveIntegerField("taille en octets")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    permission = models.CharField("droit qui l’ouvre", max_length=60)
    depose_le = models.DateTimeField("déposé le", default=now, editable=False)
    depose_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "document"
        indexes = [models.Index(fields=["cpts", "empreinte"], name="fichier_empreinte")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(empreinte__regex=r"^[0-9a-f]{64}$"), name="fichier_empreinte_sha256"
            )
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def chemin(self) -> str:
        """Where the content lies under MEDIA_ROOT: nothing in it comes from the sender."""
        cle = self.pk.hex
        return f"fichiers/{self.cpts_id.hex}/{cle[-2:]}/{cle}"
