"""The openings from which slots are made."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums import Audience, Feries, Horaire, Modalite, Origine
from ..permissions import GERER, PUBLIER
from .commun import PARTAGE
from .lieux import LieuConsultation


class PlageQuerySet(models.QuerySet["Plage"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees those of its community, a professional their own."""
        if acteur.genre is Genre.SYSTEME:
            return self
        community = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return community
        if acteur.can(PUBLIER) and acteur.rpps:
            return community.filter(professionnel__rpps=acteur.rpps)
        return self.none()

    def actives(self) -> Self:
        return self.filter(retiree_le=None)


class Plage(ModeleCpts):
    """A professional receives at these hours: once, or again by a rule (RRULE). Hours are those of the community's
    clock; slots are made of it ahead, each with its moment.
    """

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    lieu = models.ForeignKey(LieuConsultation, on_delete=models.PROTECT, related_name="plages")
    jour = models.DateField("premier jour")
    de = models.TimeField("de")
    a = models.TimeField("à")
    regle = models.CharField("répétition (RRULE)", max_length=200, blank=True)
    jusque = models.DateField("dernier jour", null=True, blank=True)
    sauf = ArrayField(models.DateField(), default=list, db_default=Value("{}"), blank=True, verbose_name="jours ôtés")
    feries = models.CharField("jours fériés", max_length=12, choices=Feries.choices, default=Feries.COMMUNAUTE)
    duree = models.PositiveSmallIntegerField("durée d’un créneau (min)", default=20)
    modalite = models.CharField("modalité", max_length=8, choices=Modalite.choices, default=Modalite.CABINET)
    audiences = ArrayField(models.CharField(max_length=8, choices=Audience.choices), verbose_name="visible par")
    reservable = models.BooleanField("avec rendez-vous", default=True)
    horaire = models.CharField("heures", max_length=8, choices=Horaire.choices, default=Horaire.MISSION)
    # Other communities to which the same slots are offered.
    partages = ArrayField(models.UUIDField(), default=list, db_default=Value("{}"), blank=True)
    origine = models.CharField("ouverte", max_length=14, choices=Origine.choices, default=Origine.AGENDA)
    ouverte_par = models.ForeignKey(
        Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    ouverte_le = models.DateTimeField("ouverte le", default=now)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    # Until which day (excluded) its slots have been made.
    faite_jusque = models.DateField("créneaux faits jusqu’au", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("jour", "de", "a", "regle", "jusque", "duree", "retiree_le")
    politique_lecture: ClassVar[str] = PARTAGE

    objects = PlageQuerySet.as_manager()

    class Meta:
        verbose_name = "plage"
        ordering = ["jour", "de"]
        constraints = [
            models.CheckConstraint(
                condition=Q(a__gt=models.F("de")),
                name="plage_heures",
                violation_error_message="L’heure de fin vient après l’heure de début.",
            ),
            models.CheckConstraint(
                condition=Q(duree__gte=5, duree__lte=480),
                name="plage_duree",
                violation_error_message="Un créneau dure de 5 minutes à 8 heures.",
            ),
            models.CheckConstraint(
                condition=~Q(audiences=[]),
                name="plage_visible_de_quelqu_un",
                violation_error_message="Dites qui peut voir ces créneaux.",
            ),
            models.CheckConstraint(
                condition=Q(jusque__isnull=True) | Q(jusque__gte=models.F("jour")), name="plage_dates"
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "professionnel"], name="plage_professionnel"),
            models.Index(fields=["cpts", "faite_jusque"], condition=Q(retiree_le=None), name="plage_a_faire"),
            # The few that another community is shown.
            models.Index(fields=["lieu"], condition=~Q(partages=[]), name="plage_partagee"),
        ]

    def __str__(self) -> str:
        return f"{self.jour} {self.de:%H:%M}–{self.a:%H:%M}"
