"""The slots that are sought and booked."""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_REGULEES

from ..enums import TENUS, Audience, EtatCreneau, Horaire, Modalite
from ..permissions import CHERCHER, GERER, PUBLIER, REGULER
from .commun import PARTAGE
from .lieux import LieuConsultation
from .plages import Plage


class CreneauQuerySet(models.QuerySet["Creneau"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees all slots of its community; a professional own ones, and, like who seeks, those of their
        audience; a regulator all those of the communities of their territory."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.AGENT and acteur.can(REGULER):
            return self.filter(cpts_id__in=acteur.cpts_regulees)
        community = self.filter(Q(cpts_id=acteur.cpts_id) | Q(partages__contains=[acteur.cpts_id]))
        if acteur.can(GERER):
            return community
        seen = Q(pk__in=[])
        if acteur.can(CHERCHER):
            seen |= Q(audiences__overlap=[Audience.CPTS, Audience.PRO, Audience.PUBLIC])
        if acteur.can(PUBLIER) and acteur.rpps:
            seen |= Q(professionnel__rpps=acteur.rpps)
        return community.filter(seen)

    def libres(self) -> Self:
        return self.filter(etat=EtatCreneau.LIBRE)


class Creneau(ModeleCpts):
    """One slot. What a search needs stands in the row: the zone (the département of the place), the profession and the
    moment are the key of the index that serves it.
    """

    plage = models.ForeignKey(Plage, on_delete=models.PROTECT, null=True, blank=True, related_name="creneaux")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+", db_index=False)
    lieu = models.ForeignKey(LieuConsultation, on_delete=models.PROTECT, related_name="+", db_index=False)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    etat = models.CharField("état", max_length=8, choices=EtatCreneau.choices, default=EtatCreneau.LIBRE)
    profession = models.CharField("profession", max_length=2, choices=Profession.choices)
    specialite = models.CharField("savoir-faire", max_length=8, blank=True)
    commune = models.CharField("commune du lieu", max_length=5)
    zone = models.CharField("département du lieu", max_length=3)
    modalite = models.CharField("modalité", max_length=8, choices=Modalite.choices)
    audiences = ArrayField(models.CharField(max_length=8, choices=Audience.choices), verbose_name="visible par")
    reservable = models.BooleanField("avec rendez-vous", default=True)
    horaire = models.CharField("heures", max_length=8, choices=Horaire.choices, default=Horaire.MISSION)
    partages = ArrayField(models.UUIDField(), default=list, db_default=Value("{}"), blank=True)
    ouvert_le = models.DateTimeField("ouvert le", default=now)
    # The slots of one gesture bear one moment, so that it can be undone as it was done. So does a slot that somebody
    # has: the appointment falls, and the slot is not offered again.
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    # Slots are many and live a day: what becomes of one is told by its bookings.
    suivi: ClassVar[bool] = False
    politique_lecture: ClassVar[str] = f"({CPTS_REGULEES}) OR ({PARTAGE})"

    objects = CreneauQuerySet.as_manager()

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["debut"]
        constraints = [
            # Over all communities: a professional who belongs to two is one person.
            ExclusionConstraint(
                name="creneau_sans_chevauchement",
                expressions=[
                    ("professionnel", RangeOperators.EQUAL),
                    (
                        Func(F("debut"), F("fin"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(etat__in=TENUS),
                violation_error_message="Ce professionnel a déjà un créneau à cette heure.",
            ),
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="creneau_heures"),
            models.CheckConstraint(condition=~Q(audiences=[]), name="creneau_visible_de_quelqu_un"),
        ]
        indexes = [
            # All that a search shows and that its policy reads: it is answered by the index alone.
            models.Index(
                fields=["zone", "profession", "debut"],
                include=[
                    "id",
                    "cpts",
                    "professionnel",
                    "lieu",
                    "fin",
                    "commune",
                    "modalite",
                    "reservable",
                    "audiences",
                    "partages",
                ],
                condition=Q(etat=EtatCreneau.LIBRE),
                name="creneau_libre_zone",
            ),
            models.Index(
                fields=["cpts", "profession", "debut"],
                condition=Q(etat=EtatCreneau.LIBRE),
                name="creneau_libre_cpts",
            ),
            models.Index(fields=["cpts", "debut"], name="creneau_jour"),
            models.Index(fields=["cpts", "professionnel", "debut"], name="creneau_agenda"),
        ]

    def __str__(self) -> str:
        return f"{self.debut:%d/%m/%Y %H:%M} ({self.get_etat_display()})"
