"""Communes of France and their populations (national), and the dated territory of a CPTS."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from maillon.communaute.recherche import NomRecherche, trigram_index
from maillon.socle.cpts.models import ModeleCpts

from .enums import TypeCommune


class Region(models.Model):
    """A région; an overseas collectivity counts as its own, under its own code."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """A département, or an overseas collectivity."""

    code = models.CharField("code", max_length=3, primary_key=True)
    nom = models.CharField("nom", max_length=60)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="departements", verbose_name="région")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Commune(models.Model):
    """A commune, or an arrondissement municipal of Paris, Lyon or Marseille, under its INSEE code.

    `superficie_km2` is the geodesic area of the contour, not the cadastral area that the Insee publishes.
    """

    code_insee = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField("nom", max_length=60)
    nom_recherche = NomRecherche(max_length=60, sources=("nom",))
    type = models.CharField("type", max_length=24, choices=TypeCommune.choices, default=TypeCommune.COMMUNE)
    commune_parente = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="arrondissements", db_index=False
    )
    codes_postaux = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    departement = models.CharField("département", max_length=3, db_index=True)
    region = models.CharField("région", max_length=3)
    epci = models.CharField("EPCI", max_length=9, blank=True)
    epci_nom = models.CharField("nom de l’EPCI", max_length=120, blank=True)
    superficie_km2 = models.DecimalField("superficie (km²)", max_digits=9, decimal_places=3, null=True, blank=True)
    lon = models.FloatField("longitude", null=True, blank=True)
    lat = models.FloatField("latitude", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom_recherche", "code_insee"]
        constraints = [
            models.CheckConstraint(condition=Q(code_insee__regex=r"^[0-9][0-9AB][0-9]{3}$"), name="commune_code_insee"),
            models.CheckConstraint(
                condition=Q(type=TypeCommune.COMMUNE, commune_parente=None)
                | Q(type=TypeCommune.ARRONDISSEMENT_MUNICIPAL, commune_parente__isnull=False),
                name="commune_parente_des_arrondissements",
            ),
        ]
        indexes = [
            trigram_index("commune_nom_trgm"),
            GinIndex(fields=["codes_postaux"], name="commune_codes_postaux"),
            models.Index(
                fields=["commune_parente"], name="commune_parente", condition=Q(commune_parente__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def is_arrondissement(self) -> bool:
        return self.type == TypeCommune.ARRONDISSEMENT_MUNICIPAL


class Population(models.Model):
    """Municipal population of a commune for one vintage, in the communes of the shipped geography."""

    pk = models.CompositePrimaryKey("commune_id", "millesime")
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="populations", db_index=False)
    millesime = models.PositiveSmallIntegerField("millésime")
    municipale = models.PositiveIntegerField("population municipale")

    class Meta:
        verbose_name = "population"

    def __str__(self) -> str:
        return f"{self.commune_id} {self.millesime}"


class FichierCharge(models.Model):
    """A shipped data file as it was last loaded: a second run has nothing to do."""

    nom = models.CharField("fichier", max_length=60, primary_key=True)
    empreinte = models.CharField("SHA-256", max_length=64)
    charge_le = models.DateTimeField("chargé le")

    class Meta:
        verbose_name = "fichier chargé"

    def __str__(self) -> str:
        return self.nom


# Which communes a community covers is public information (its contract is published, its page shows it to patients,
# CPAM and ARS map it): every actor reads it, only the community writes it.
LISIBLE_PAR_TOUS = "true"


class Territoire(ModeleCpts):
    """The communes of a CPTS over a period."""

    periode = DateRangeField("période")
    communes = models.ManyToManyField(Commune, through="TerritoireCommune", related_name="+")

    politique_lecture: ClassVar[str] = LISIBLE_PAR_TOUS

    class Meta:
        verbose_name = "territoire"
        constraints = [
            ExclusionConstraint(
                name="territoire_un_seul_a_une_date",
                expressions=[("cpts", RangeOperators.EQUAL), ("periode", RangeOperators.OVERLAPS)],
                violation_error_message="Cette communauté a déjà un territoire sur cette période.",
            )
        ]

    def __str__(self) -> str:
        return f"territoire de {self.cpts}"


class TerritoireCommune(ModeleCpts):
    """A commune of a territory."""

    territoire = models.ForeignKey(Territoire, on_delete=models.CASCADE, related_name="+", db_index=False)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")

    politique_lecture: ClassVar[str] = LISIBLE_PAR_TOUS

    class Meta:
        verbose_name = "commune du territoire"
        verbose_name_plural = "communes du territoire"
        constraints = [
            models.UniqueConstraint(
                fields=["territoire", "commune"],
                name="territoire_commune_unique",
                violation_error_message="Cette commune est déjà dans le territoire.",
            )
        ]

    def __str__(self) -> str:
        return str(self.commune)
