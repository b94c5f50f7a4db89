"""What a community has decided of its unscheduled care."""

from datetime import time
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.cpts.models import ModeleCpts


def default_professions() -> list[str]:
    """A doctor, a physiotherapist and a nurse every afternoon."""
    return [Profession.MEDECIN, Profession.MASSEUR_KINESITHERAPEUTE, Profession.INFIRMIER]


class Reglages(ModeleCpts):
    """One row a community; without it, the defaults hold."""

    ouvert_les_feries = models.BooleanField("ouvert les jours fériés", default=False)
    # Slots at the hours of the PDSA: refused, or kept apart from the figures of the mission.
    pdsa_refusee = models.BooleanField("refuser les créneaux aux heures de la permanence des soins", default=False)
    promis_de = models.TimeField("chaque après-midi, de", default=time(14))
    promis_a = models.TimeField("à", default=time(20))
    promis = ArrayField(
        models.CharField(max_length=2, choices=Profession.choices),
        default=default_professions,
        verbose_name="professions présentes",
    )
    retenue_minutes = models.PositiveSmallIntegerField("un créneau choisi est gardé (min)", default=5)
    vague_minutes = models.PositiveSmallIntegerField("délai de réponse d’une vague (min)", default=10)
    par_vague = models.PositiveSmallIntegerField("professionnels par vague", default=3)
    rappel_heures = models.PositiveSmallIntegerField("rappel avant le rendez-vous (h)", default=3)

    historise: ClassVar[tuple[str, ...]] = (
        "ouvert_les_feries",
        "pdsa_refusee",
        "promis_de",
        "promis_a",
        "retenue_minutes",
        "vague_minutes",
        "par_vague",
    )

    class Meta:
        verbose_name = "réglages des soins non programmés"
        constraints = [
            models.UniqueConstraint(fields=["cpts"], name="reglages_soins_un_par_cpts"),
            models.CheckConstraint(condition=Q(promis_a__gt=F("promis_de")), name="reglages_soins_heures"),
            models.CheckConstraint(
                condition=Q(retenue_minutes__gte=1, retenue_minutes__lte=60, vague_minutes__gte=1, par_vague__gte=1),
                name="reglages_soins_delais",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promis_de:%H:%M}–{self.promis_a:%H:%M}"
