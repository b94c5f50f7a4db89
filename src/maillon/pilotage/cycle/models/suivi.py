"""What CPAM and ARS read of a community's life: steps and deadlines, no person."""

from typing import ClassVar

from django.db import models

from maillon.regles.parametres import Statut
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_LUES

from ..enums import Etape, EtatEcheance, GenreEcheance


class SuiviCycle(ModeleCpts):
    """Where a community is: one row each, written by a job from the selector of the members' page."""

    etape = models.CharField("étape", max_length=16, choices=Etape.choices, default=Etape.PREPARATION)
    etape_le = models.DateField("depuis le", null=True, blank=True)
    prochaine_echeance = models.CharField("prochaine échéance", max_length=200, blank=True)
    prochaine_echeance_le = models.DateField("date de la prochaine échéance", null=True, blank=True)
    depassees = models.PositiveSmallIntegerField("échéances dépassées", default=0)
    # What happened: date, label, organism; no signatory, no note.
    jalons = models.JSONField("jalons", default=list)
    etabli_le = models.DateTimeField("établi le", default=now)

    politique_lecture: ClassVar[str] = CPTS_LUES
    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "suivi du cycle de vie"
        constraints = [models.UniqueConstraint(fields=["cpts"], name="suivi_cycle_un_par_cpts")]

    def __str__(self) -> str:
        return self.get_etape_display()


class EcheanceSuivie(ModeleCpts):
    """A deadline of a community."""

    suivi_cycle = models.ForeignKey(SuiviCycle, on_delete=models.CASCADE, related_name="echeances")
    code = models.CharField("code", max_length=48)
    genre = models.CharField("genre", max_length=16, choices=GenreEcheance.choices)
    libelle = models.CharField("échéance", max_length=200)
    le = models.DateField("date")
    etat = models.CharField("état", max_length=10, choices=EtatEcheance.choices)
    fait_le = models.DateField("faite le", null=True, blank=True)
    regle = models.CharField("règle", max_length=300)
    source = models.CharField("texte", max_length=300)
    statut = models.CharField("certitude", max_length=12, choices=[(s.value, s.libelle) for s in Statut])

    politique_lecture: ClassVar[str] = CPTS_LUES
    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "échéance"
        ordering = ["le", "code"]
        indexes = [models.Index(fields=["cpts", "le"], name="echeance_suivie_date")]
        constraints = [models.UniqueConstraint(fields=["cpts", "code"], name="echeance_suivie_une_fois")]

    def __str__(self) -> str:
        return self.libelle

    @property
    def a_confirmer(self) -> bool:
        """Whether no text read gives its date."""
        return Statut(self.statut).a_confirmer
