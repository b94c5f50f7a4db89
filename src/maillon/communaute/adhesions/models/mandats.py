"""Offices of the association, held between two dates."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.models import Mandat

from ..enums import FONCTIONS_UNIQUES, Fonction


class MandatStatutaire(ModeleCpts):
    """An office that the statutes give. `acces` is the role that it opened in Maillon, for who has an account."""

    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="mandats")
    fonction = models.CharField("fonction", max_length=16, choices=Fonction.choices)
    periode = DateRangeField("période")
    acces = models.ForeignKey(Mandat, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    historise: ClassVar[tuple[str, ...]] = ("periode",)

    class Meta:
        verbose_name = "mandat de l’association"
        constraints = [
            ExclusionConstraint(
                name="mandat_statutaire_unique",
                expressions=[
                    ("cpts", RangeOperators.EQUAL),
                    ("fonction", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                condition=Q(fonction__in=[fonction.value for fonction in FONCTIONS_UNIQUES]),
                violation_error_message="Cette fonction est déjà tenue par une autre personne à ces dates.",
            ),
            ExclusionConstraint(
                name="mandat_statutaire_sans_chevauchement",
                expressions=[
                    ("personne", RangeOperators.EQUAL),
                    ("fonction", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Cette personne tient déjà cette fonction à ces dates.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "personne"], name="mandat_statutaire_personne")]

    def __str__(self) -> str:
        return f"{self.personne} – {self.get_fonction_display()}"

    @property
    def dernier_jour(self) -> date | None:
        """The last day of the mandate; None while it has no end."""
        return self.periode.upper - timedelta(days=1) if self.periode.upper else None
