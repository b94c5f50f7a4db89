"""How a professional opens places in one gesture."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts

from ..enums import Audience, Modalite
from .lieux import LieuConsultation


def default_audiences() -> list[str]:
    """The community, its professionals and the centre 15."""
    return [Audience.CPTS, Audience.PRO, Audience.SNP]


def default_jours() -> list[int]:
    """Monday to Friday."""
    return list(range(5))


class Habitude(ModeleCpts):
    """Where, how long and for whom, once for all; and whether the question is mailed in the morning."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+", db_index=False)
    lieu = models.ForeignKey(LieuConsultation, on_delete=models.PROTECT, related_name="+", db_index=False)
    duree = models.PositiveSmallIntegerField("durée d’un créneau (min)", default=20)
    modalite = models.CharField("modalité", max_length=8, choices=Modalite.choices, default=Modalite.CABINET)
    audiences = ArrayField(
        models.CharField(max_length=8, choices=Audience.choices), default=default_audiences, verbose_name="visible par"
    )
    matin = models.BooleanField("me demander mes places par courriel, le matin", default=False)
    jours = ArrayField(models.PositiveSmallIntegerField(), default=default_jours, blank=True, verbose_name="jours")
    demande_le = models.DateField("demandé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("duree", "matin")

    class Meta:
        verbose_name = "habitude"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "professionnel"], name="habitude_une_par_professionnel"),
            models.CheckConstraint(
                condition=Q(duree__gte=5, duree__lte=480),
                name="habitude_duree",
                violation_error_message="Un créneau dure de 5 minutes à 8 heures.",
            ),
            models.CheckConstraint(condition=~Q(audiences=[]), name="habitude_visible_de_quelqu_un"),
        ]

    def __str__(self) -> str:
        return f"{self.duree} min"
