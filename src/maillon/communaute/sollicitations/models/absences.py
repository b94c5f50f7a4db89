"""A professional is away: nobody asks them anything meanwhile."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now


class Absence(ModeleCpts):
    """Away over a period of days (its end excluded). Nothing is kept of why."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    periode = DateRangeField("période")
    dite_le = models.DateTimeField("dite le", default=now)

    historise: ClassVar[tuple[str, ...]] = ("periode",)

    class Meta:
        verbose_name = "absence"
        ordering = ["periode"]
        constraints = [
            ExclusionConstraint(
                name="absence_sans_chevauchement",
                expressions=[
                    ("cpts", RangeOperators.EQUAL),
                    ("professionnel", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Vous avez déjà dit une absence sur ces jours.",
            ),
            models.CheckConstraint(
                condition=models.Q(periode__startswith__isnull=False, periode__endswith__isnull=False),
                name="absence_bornee",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "professionnel"], name="absence_pro")]

    def __str__(self) -> str:
        return f"{self.professionnel_id} ({self.periode})"

    @property
    def dernier_jour(self) -> date:
        """The last day away."""
        last: date = self.periode.upper - timedelta(days=1)
        return last
