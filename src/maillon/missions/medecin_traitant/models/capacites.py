"""The places that doctors offer."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now

from .demandes import GENRE


class CapaciteQuerySet(models.QuerySet["Capacite"]):
    def with_restantes(self) -> "models.QuerySet[Any]":
        """Annotate `restantes`: the places declared, less the patients accepted since."""
        accepted = (
            Sollicitation.objects.filter(
                cpts=OuterRef("cpts"),
                professionnel=OuterRef("professionnel"),
                appel__genre=GENRE,
                etat=EtatSollicitation.ACCEPTEE,
                repondue_le__gte=OuterRef("maj_le"),
            )
            .order_by()
            .values("professionnel")
            .annotate(nombre=Count("pk"))
            .values("nombre")
        )
        return self.annotate(
            restantes=Greatest(
                F("places") - Coalesce(Subquery(accepted, output_field=IntegerField()), 0),
                0,
                output_field=IntegerField(),
            )
        )


class Capacite(ModeleCpts):
    """How many new patients a doctor takes, and which; `places` count from `maj_le`."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField("places pour de nouveaux patients", default=0)
    accepte_ald = models.BooleanField("patients en ALD", default=True)
    accepte_enfants = models.BooleanField("enfants", default=True)
    accepte_visites = models.BooleanField("visites à domicile", default=False)
    maj_le = models.DateTimeField("mise à jour le", default=now)
    # Since when the doctor offers places without interruption: what « médecins volontaires » counts.
    volontaire_depuis = models.DateTimeField("volontaire depuis", null=True, blank=True)

    restantes: int  # what `with_restantes` adds

    historise: ClassVar[tuple[str, ...]] = ("places", "accepte_ald", "accepte_enfants", "accepte_visites", "maj_le")

    objects = CapaciteQuerySet.as_manager()

    class Meta:
        verbose_name = "places offertes par un médecin"
        verbose_name_plural = "places offertes par les médecins"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "professionnel"], name="mt_capacite_une_par_medecin"),
            models.CheckConstraint(
                condition=Q(places__lte=200),
                name="mt_capacite_plausible",
                violation_error_message="Indiquez au plus 200 places.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.professionnel_id} : {self.places}"
