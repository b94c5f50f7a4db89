"""Where a professional receives."""

from typing import ClassVar

from django.db import models

from maillon.communaute.annuaire.models import Activite, Professionnel
from maillon.communaute.structures.models import Structure
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.promesses import CPTS_REGULEES

from .commun import PARTAGE

# Who is shown a shared opening is shown where it is.
LIEU_PARTAGE = f"id IN (SELECT lieu_id FROM soins_non_programmes_plage WHERE partages <> '{{}}' AND {PARTAGE})"  # noqa: S608


class LieuConsultation(ModeleCpts):
    """One place where a professional opens slots. Facts of the directory are copied, so that they may be corrected."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    activite = models.ForeignKey(Activite, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    libelle = models.CharField("nom du lieu", max_length=120)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, related_name="+")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    lon = models.FloatField("longitude", null=True, blank=True)
    lat = models.FloatField("latitude", null=True, blank=True)
    ferme_le = models.DateField("fermé depuis le", null=True, blank=True)

    politique_lecture: ClassVar[str] = f"({CPTS_REGULEES}) OR ({LIEU_PARTAGE})"

    class Meta:
        verbose_name = "lieu de consultation"
        verbose_name_plural = "lieux de consultation"
        ordering = ["libelle"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "professionnel", "libelle"],
                name="lieu_un_nom",
                violation_error_message="Ce professionnel a déjà un lieu de ce nom.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "professionnel"], name="lieu_professionnel")]

    def __str__(self) -> str:
        return self.libelle
