"""Dues: the campaign of a year, its amounts, what each member owes, what was received, the reminders sent."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import EtatCotisation, ModePaiement
from ..permissions import COTISATIONS
from .adhesions import Adhesion

PALIERS = (-30, 0, 30, 60)


def get_paliers() -> list[int]:
    """Days from the due date at which a member is reminded."""
    return list(PALIERS)


class Campagne(ModeleCpts):
    """The dues of one year: due on `echeance`; `consigne` says how to pay, in the words of the reminders."""

    annee = models.PositiveSmallIntegerField("année")
    echeance = models.DateField("à payer avant le")
    paliers = ArrayField(models.SmallIntegerField(), default=get_paliers, verbose_name="rappels, en jours")
    consigne = models.CharField("comment payer", max_length=400)
    ouverte_le = models.DateField("ouverte le")
    close_le = models.DateField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "campagne de cotisation"
        ordering = ["-annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "annee"],
                name="campagne_annee_unique",
                violation_error_message="Cette année a déjà une campagne.",
            ),
            models.CheckConstraint(condition=Q(annee__range=(2000, 2100)), name="campagne_annee"),
            models.CheckConstraint(
                condition=Q(close_le=None) | Q(close_le__gte=F("ouverte_le")), name="campagne_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"Cotisations {self.annee}"


class Tarif(ModeleCpts):
    """What a college pays in a campaign; 0 € asks nothing."""

    campagne = models.ForeignKey(Campagne, on_delete=models.CASCADE, related_name="tarifs")
    college = models.CharField("collège", max_length=24)
    montant = models.DecimalField("montant", max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = "montant de cotisation"
        constraints = [
            models.UniqueConstraint(fields=["campagne", "college"], name="tarif_college_unique"),
            models.CheckConstraint(condition=Q(montant__gte=0), name="tarif_positif"),
        ]

    def __str__(self) -> str:
        return f"{self.college} {self.montant}"


class CotisationQuerySet(models.QuerySet["Cotisation"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those who keep the dues of their own community; nobody else."""
        if acteur.cpts_id is None or not acteur.can(COTISATIONS):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)


class Cotisation(ModeleCpts):
    """What one member owes for one campaign, at the amount of the college on the day it was asked."""

    campagne = models.ForeignKey(Campagne, on_delete=models.PROTECT, related_name="cotisations")
    adhesion = models.ForeignKey(Adhesion, on_delete=models.PROTECT, related_name="cotisations")
    college = models.CharField("collège", max_length=24)
    montant = models.DecimalField("montant", max_digits=8, decimal_places=2)
    etat = models.CharField("état", max_length=10, choices=EtatCotisation.choices, default=EtatCotisation.DUE)
    motif = models.CharField("motif d’exemption", max_length=200, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "montant")

    objects = CotisationQuerySet.as_manager()

    class Meta:
        verbose_name = "cotisation"
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "adhesion"],
                name="cotisation_unique",
                violation_error_message="Ce membre a déjà une cotisation dans cette campagne.",
            ),
            models.CheckConstraint(condition=Q(montant__gte=0), name="cotisation_positive"),
            models.CheckConstraint(
                condition=Q(etat=EtatCotisation.EXEMPTEE) | Q(motif=""), name="cotisation_motif_exemption"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "campagne", "etat"], name="cotisation_etat")]

    def __str__(self) -> str:
        return f"{self.campagne} – {self.adhesion.adherent}"


class Reglement(ModeleCpts):
    """Money received for dues, with its receipt number. A mistake is cancelled; its number is never used again."""

    cotisation = models.ForeignKey(Cotisation, on_delete=models.PROTECT, related_name="reglements")
    annee = models.PositiveSmallIntegerField("année du reçu")
    numero = models.PositiveIntegerField("numéro du reçu")
    montant = models.DecimalField("montant", max_digits=8, decimal_places=2)
    mode = models.CharField("mode", max_length=12, choices=ModePaiement.choices)
    recu_le = models.DateField("reçu le")
    # As it stood that day: a receipt does not change when somebody marries or moves.
    payeur = models.CharField("payeur", max_length=200)
    libelle_college = models.CharField("collège", max_length=80)
    emis_le = models.DateTimeField("reçu émis le", default=now, editable=False)
    annule_le = models.DateField("annulé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("recu_le", "annule_le")

    class Meta:
        verbose_name = "règlement de cotisation"
        ordering = ["-recu_le", "-numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["cotisation"],
                condition=Q(annule_le=None),
                name="reglement_un_seul",
                violation_error_message="Cette cotisation est déjà payée.",
            ),
            models.UniqueConstraint(fields=["cpts", "annee", "numero"], name="reglement_numero_unique"),
            models.CheckConstraint(condition=Q(montant__gt=0), name="reglement_positif"),
        ]
        indexes = [models.Index(fields=["cpts", "recu_le"], name="reglement_recu_le")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number of the receipt, as people quote it."""
        return f"{self.annee}-{self.numero:04d}"


class Relance(ModeleCpts):
    """A reminder sent: one a step and dues, never twice."""

    cotisation = models.ForeignKey(Cotisation, on_delete=models.PROTECT, related_name="relances")
    palier = models.SmallIntegerField("jours depuis l’échéance")
    le = models.DateTimeField("envoyée le", default=now)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "rappel de cotisation"
        ordering = ["palier"]
        constraints = [
            models.UniqueConstraint(fields=["cotisation", "palier"], name="relance_une_par_palier"),
        ]

    def __str__(self) -> str:
        return f"{self.palier} j, {self.le:%Y-%m-%d}"
