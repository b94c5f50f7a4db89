"""Sealed periods."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from maillon.pilotage.contrats.models import Contrat
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_LUES


class ArreteQuerySet(models.QuerySet["Arrete"]):
    def en_vigueur(self) -> Self:
        """The last seal of each period."""
        return self.filter(remplace_par__isnull=True)

    def legers(self) -> Self:
        """Without the content, which weighs as much as the year has acts."""
        return self.defer("contenu")


class Arrete(ModeleCpts):
    """A contract year sealed on a day: its content, and the hash printed on documents. Nothing changes it.

    `debut` and `fin` are the days of the period, both held: from the start of the contract year to the day of the seal
    (intermediate) or to the anniversary (`definitif`). To seal the same period again, the new row replaces the former:
    the chain is single, because only one row of a period replaces none, and each is replaced once, within its period
    (a composite foreign key of migration 0001).
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="arretes")
    annee = models.PositiveSmallIntegerField("année de contrat")
    debut = models.DateField("du")
    fin = models.DateField("au")
    definitif = models.BooleanField("définitif")
    arrete_le = models.DateTimeField("arrêté le", default=now, editable=False)
    par = models.UUIDField("compte", null=True, blank=True)
    motif = models.CharField("motif", max_length=200)
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    remplace = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace_par"
    )

    objects = ArreteQuerySet.as_manager()

    ajout_seul: ClassVar[bool] = True
    politique_lecture: ClassVar[str] = CPTS_LUES

    class Meta:
        verbose_name = "arrêté"
        verbose_name_plural = "arrêtés"
        ordering = ["-fin", "-arrete_le"]
        indexes = [models.Index(fields=["cpts", "contrat", "annee", "-arrete_le"], name="arrete_liste")]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "contrat", "annee", "debut", "fin"],
                condition=Q(remplace__isnull=True),
                name="arrete_un_seul_par_periode",
                violation_error_message="Cette période est déjà arrêtée : le nouvel arrêté doit remplacer l’ancien.",
            ),
            models.UniqueConstraint(fields=["id", "contrat", "annee", "debut", "fin"], name="arrete_periode"),
            models.CheckConstraint(condition=Q(fin__gte=F("debut")), name="arrete_dates_ordonnees"),
            models.CheckConstraint(condition=Q(empreinte__regex=r"^[0-9a-f]{64}$"), name="arrete_empreinte_sha256"),
            models.CheckConstraint(condition=~Q(motif=""), name="arrete_motive"),
        ]

    def __str__(self) -> str:
        nature = "définitif" if self.definitif else "intermédiaire"
        return f"Arrêté {nature} de l’année {self.annee}, au {self.fin:%d/%m/%Y}"

    @property
    def chiffres(self) -> dict[str, Any]:
        """The figures of the year as sealed."""
        chiffres: dict[str, Any] = self.contenu["chiffres"]
        return chiffres
