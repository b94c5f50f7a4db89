"""What a community keeps of a structure beside the national facts, and what it signed with it."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.enums import Mission
from maillon.socle.fichiers.models import Fichier

from .echeances import Duree, find_etat, find_terme
from .enums import EtatConvention


class FicheStructure(ModeleCpts):
    """What a community knows better than the national file: a blank leaves the national fact."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="fiches")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    adresse = models.CharField("adresse", max_length=200, blank=True)
    lits = models.PositiveIntegerField("lits et places", null=True, blank=True)
    site = models.URLField("site internet", blank=True)
    note = models.TextField("note", blank=True, max_length=2_000)

    class Meta:
        verbose_name = "fiche d’une structure"
        constraints = [models.UniqueConstraint(fields=["cpts", "structure"], name="fiche_structure_unique")]

    def __str__(self) -> str:
        return str(self.structure)


class Convention(ModeleCpts):
    """What a community and a structure signed; `fin` is the last day of the first term."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="conventions")
    objet = models.CharField("objet", max_length=200)
    mission = models.CharField("mission", max_length=16, choices=Mission.choices, blank=True)
    signee_le = models.DateField("signée le", null=True, blank=True)
    debut = models.DateField("prend effet le", null=True, blank=True)
    fin = models.DateField("jusqu’au", null=True, blank=True)
    reconduction = models.PositiveSmallIntegerField("mois de reconduction tacite", null=True, blank=True)
    rappel = models.PositiveSmallIntegerField("jours de rappel avant le terme", default=90)
    document = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resiliee_le = models.DateField("résiliée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("signee_le", "debut", "fin", "reconduction", "resiliee_le")

    class Meta:
        verbose_name = "convention"
        ordering = ["-signee_le", "objet"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin=None) | Q(debut=None) | Q(fin__gte=models.F("debut")),
                name="convention_dates",
                violation_error_message="La fin de la convention précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(reconduction=None) | Q(reconduction__gt=0, fin__isnull=False),
                name="convention_reconduction",
                violation_error_message="Une reconduction tacite a une durée, et la convention une fin.",
            ),
            models.CheckConstraint(
                condition=Q(resiliee_le=None) | Q(signee_le__isnull=False, resiliee_le__gte=models.F("signee_le")),
                name="convention_resiliee_apres_sa_signature",
                violation_error_message="Une convention se résilie après sa signature.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "structure"], name="convention_structure")]

    def __str__(self) -> str:
        return self.objet

    @property
    def duree(self) -> Duree:
        return Duree(self.signee_le, self.fin, self.reconduction, self.rappel, self.resiliee_le)

    def etat(self, on: date) -> EtatConvention:
        """Where it stands that day."""
        return find_etat(self.duree, on=on)

    def terme(self, on: date) -> date | None:
        """The last day of its term that day, renewals counted."""
        return find_terme(self.duree, on=on)
