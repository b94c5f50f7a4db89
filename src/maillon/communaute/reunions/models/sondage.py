"""The poll by which a date is found."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts

from ..enums import Choix
from .reunion import Participation, Reunion


class Sondage(ModeleCpts):
    """One poll a meeting; `clos_le` says that a date was chosen or the poll given up."""

    reunion = models.OneToOneField(Reunion, on_delete=models.CASCADE, related_name="sondage")
    repondre_avant = models.DateField("répondre avant le", null=True, blank=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)
    relance_le = models.DateTimeField("relancé le", null=True, blank=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("envoye_le", "clos_le")

    class Meta:
        verbose_name = "sondage de date"
        indexes = [models.Index(fields=["cpts", "clos_le"], name="sondage_ouvert")]

    def __str__(self) -> str:
        return f"Sondage – {self.reunion}"


class Creneau(ModeleCpts):
    """A slot that the poll proposes."""

    sondage = models.ForeignKey(Sondage, on_delete=models.CASCADE, related_name="creneaux")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")

    class Meta:
        verbose_name = "créneau proposé"
        ordering = ["debut"]
        constraints = [
            models.UniqueConstraint(
                fields=["sondage", "debut"],
                name="creneau_unique",
                violation_error_message="Ce créneau est déjà proposé.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="creneau_dates",
                violation_error_message="La fin du créneau précède son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.debut:%Y-%m-%d %H:%M}"


class Disponibilite(ModeleCpts):
    """What a person says of a slot: once, changed as long as the poll is open."""

    creneau = models.ForeignKey(Creneau, on_delete=models.CASCADE, related_name="disponibilites")
    participation = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="disponibilites")
    choix = models.CharField("réponse", max_length=10, choices=Choix.choices)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "disponibilité"
        constraints = [
            models.UniqueConstraint(fields=["creneau", "participation"], name="disponibilite_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.creneau} : {self.choix}"
