"""Expenses paid back."""

from django.db import models
from django.db.models import Q

from maillon.socle.fichiers.models import Fichier

from ..enums import GenreFrais
from .approbation import Approbation
from .tarifs import BaremeKilometrique


class Frais(Approbation):
    """One expense of one person: kilometres at the community's scale, or what a receipt shows. It is a refund: the
    yearly cap does not count it."""

    genre = models.CharField("genre", max_length=16, choices=GenreFrais.choices)
    kilometres = models.DecimalField("kilomètres", max_digits=6, decimal_places=1, null=True, blank=True)
    bareme = models.ForeignKey(
        BaremeKilometrique, null=True, blank=True, on_delete=models.PROTECT, related_name="frais"
    )
    justificatif = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Approbation.Meta):
        verbose_name = "frais"
        verbose_name_plural = "frais"
        constraints = [
            *Approbation.Meta.constraints,
            models.CheckConstraint(
                condition=Q(genre=GenreFrais.KILOMETRES, kilometres__gt=0, bareme__isnull=False)
                | ~Q(genre=GenreFrais.KILOMETRES) & Q(kilometres=None, bareme=None, justificatif__isnull=False),
                name="indemnites_frais_justifies",
                violation_error_message="Un trajet a ses kilomètres, un autre frais son justificatif.",
            ),
        ]
