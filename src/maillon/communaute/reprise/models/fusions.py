"""Two rows that were one person: what the merge moved, and pairs that somebody said were two people."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now


class Fusion(ModeleCpts):
    """`absorbee` became `gardee`. `avant` holds the values of `gardee` that the merge replaced, `apres` what it wrote;
    `deplaces` the keys of the rows that changed hands, by "model.field"; `restes` those that could not."""

    gardee = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    absorbee = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    faite_le = models.DateTimeField("faite le", default=now, editable=False)
    faite_par = models.UUIDField("compte", null=True, blank=True)
    avant = models.JSONField("valeurs remplacées", default=dict)
    apres = models.JSONField("valeurs écrites", default=dict)
    deplaces = models.JSONField("lignes déplacées", default=dict)
    restes = models.JSONField("lignes restées", default=dict)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("faite_le", "annulee_le")

    class Meta:
        verbose_name = "fusion de deux fiches"
        ordering = ["-faite_le"]
        constraints = [
            models.CheckConstraint(condition=~Q(gardee=models.F("absorbee")), name="fusion_de_deux"),
            models.UniqueConstraint(
                fields=["absorbee"],
                condition=Q(annulee_le=None),
                name="fusion_unique",
                violation_error_message="Cette fiche a déjà été réunie à une autre.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "faite_le"], name="fusion_recente")]

    def __str__(self) -> str:
        return f"{self.absorbee} → {self.gardee}"


class Distinction(ModeleCpts):
    """Two people who look alike and are not the same: not proposed again. `une` has the smaller key."""

    une = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="+")
    autre = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="+")
    dite_le = models.DateTimeField("dite le", default=now, editable=False)

    class Meta:
        verbose_name = "personnes distinctes"
        constraints = [
            models.UniqueConstraint(fields=["une", "autre"], name="distinction_unique"),
            models.CheckConstraint(condition=Q(une__lt=models.F("autre")), name="distinction_ordonnee"),
        ]
        indexes = [models.Index(fields=["cpts", "une"], name="distinction_une")]

    def __str__(self) -> str:
        return f"{self.une} ≠ {self.autre}"
