"""The places that doctors offer."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.sollicitations.enums import EtatSollicitation
from maillon.communaute.sollicitations.models import Sollicitation
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums import Langue
from ..enums_places import Dit, Secteur, Voie
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
            .annotate(nombre=Count("*"))
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

    # Adults without a long-term illness; with the two kinds above, everybody.
    accepte_adultes = models.BooleanField("adultes sans ALD", default=True, db_default=True)
    places_prevues = models.PositiveSmallIntegerField("places de plus d’ici six mois", default=0, db_default=0)
    prevues_des = models.DateField("places de plus à partir du", null=True, blank=True)
    secteur = models.CharField("secteur", max_length=2, choices=Secteur.choices, blank=True, default="", db_default="")
    langues = ArrayField(
        models.CharField(max_length=5, choices=Langue.choices),
        default=list,
        db_default=Value("{}"),
        blank=True,
        verbose_name="langues parlées",
    )
    acces_pmr = models.BooleanField("cabinet accessible en fauteuil roulant", null=True, blank=True)
    # The last day somebody said that this still holds; since `maj_le`, « rien n’a changé » moves it alone.
    confirmee_le = models.DateTimeField("confirmée le", null=True, blank=True)

    restantes: int  # what `with_restantes` adds

    historise: ClassVar[tuple[str, ...]] = (
        "places",
        "accepte_ald",
        "accepte_enfants",
        "accepte_visites",
        "accepte_adultes",
        "places_prevues",
        "prevues_des",
        "maj_le",
    )

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
            models.CheckConstraint(
                condition=Q(places_prevues=0, prevues_des=None)
                | Q(places_prevues__gt=0, places_prevues__lte=200, prevues_des__isnull=False),
                name="mt_capacite_prevues_datees",
                violation_error_message="Des places à venir ont une date.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.professionnel_id} : {self.places}"

    @property
    def dite_le(self) -> datetime:
        """When this was last said, or said to hold still."""
        return max(self.maj_le, self.confirmee_le or self.maj_le)

    @property
    def accepte_tous(self) -> bool:
        """Whether the doctor takes everybody: adults, children, long-term illnesses."""
        return self.accepte_adultes and self.accepte_enfants and self.accepte_ald


class PlacesLieu(ModeleCpts):
    """How the places of a doctor who works at several places are shared between them, as declared."""

    capacite = models.ForeignKey(Capacite, on_delete=models.CASCADE, related_name="par_lieu")
    activite = models.ForeignKey(Activite, on_delete=models.CASCADE, related_name="+")
    places = models.PositiveSmallIntegerField("places", default=0)

    historise: ClassVar[tuple[str, ...]] = ("places",)

    class Meta:
        verbose_name = "places d’un lieu d’exercice"
        verbose_name_plural = "places par lieu d’exercice"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "capacite", "activite"], name="mt_places_un_lieu"),
            models.CheckConstraint(condition=Q(places__lte=200), name="mt_places_lieu_plausible"),
        ]

    def __str__(self) -> str:
        return f"{self.activite_id} : {self.places}"


class DeclarationPlaces(ModeleCpts):
    """What a doctor said of places, when, and by whom: never changed, never erased."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("le", default=now)
    dit = models.CharField("ce qui est dit", max_length=8, choices=Dit.choices)
    voie = models.CharField("comment", max_length=8, choices=Voie.choices)
    membre = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    places = models.PositiveSmallIntegerField("places")
    places_prevues = models.PositiveSmallIntegerField("places de plus d’ici six mois", default=0)
    prevues_des = models.DateField("à partir du", null=True, blank=True)
    # What was left just before: what « Annuler » gives back.
    avant = models.PositiveSmallIntegerField("places libres juste avant", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "déclaration de places"
        verbose_name_plural = "déclarations de places"
        indexes = [
            models.Index(fields=["cpts", "professionnel", "-le"], name="mt_declaration_medecin"),
            models.Index(fields=["cpts", "le"], name="mt_declaration_date"),
        ]

    def __str__(self) -> str:
        return f"{self.professionnel_id} : {self.places} ({self.get_dit_display()})"
