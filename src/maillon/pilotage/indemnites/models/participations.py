"""Participations to pay, and what a person receives elsewhere in the year."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now

from ..enums import Beneficiaire, Etat, Fonction, Mode, Nature
from .approbation import Approbation
from .tarifs import ConventionEmployeur, Tarif, euros


class Declaration(Approbation):
    """Somebody took part in something; the rate found is kept with it.

    `plafond` is the yearly cap that held when it was approved. What goes to the employer does not count against it.
    """

    fonction = models.CharField("fonction", max_length=16, choices=Fonction.choices, default=Fonction.PARTICIPANT)
    heures = models.DecimalField("heures", max_digits=5, decimal_places=2)
    preuve = models.CharField("preuve", max_length=120, blank=True)
    nature = models.CharField("nature", max_length=12, choices=Nature.choices)
    beneficiaire = models.CharField(
        "payée à", max_length=10, choices=Beneficiaire.choices, default=Beneficiaire.PERSONNE
    )
    tarif = models.ForeignKey(Tarif, null=True, blank=True, on_delete=models.PROTECT, related_name="declarations")
    convention = models.ForeignKey(
        ConventionEmployeur, null=True, blank=True, on_delete=models.PROTECT, related_name="declarations"
    )
    mode = models.CharField("mode du tarif", max_length=8, choices=Mode.choices, blank=True)
    taux = euros("montant du tarif", null=True, blank=True)
    plafond = euros("plafond de l’année", null=True, blank=True)

    class Meta(Approbation.Meta):
        verbose_name = "participation déclarée"
        constraints = [
            *Approbation.Meta.constraints,
            models.CheckConstraint(condition=Q(heures__gte=0, heures__lte=24), name="indemnites_heures_d_un_jour"),
            models.CheckConstraint(
                condition=Q(beneficiaire=Beneficiaire.PERSONNE, convention=None)
                | Q(beneficiaire=Beneficiaire.EMPLOYEUR, convention__isnull=False, tarif=None),
                name="indemnites_employeur_convention",
                violation_error_message="Une participation sur temps salarié demande la convention de l’employeur.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.APPROUVEE)
                | Q(taux__isnull=False, plafond__isnull=False) & (Q(tarif__isnull=False) | Q(convention__isnull=False)),
                name="indemnites_approuvee_tarifee",
            ),
        ]

    @property
    def is_sans_tarif(self) -> bool:
        """No rate was found for it."""
        return self.taux is None


class SituationAnnuelle(ModeleCpts):
    """What a person says of a calendar year: whether other communities pay them, and how much. The latest one holds;
    nothing of the year is approved before the first."""

    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="situations_annuelles")
    annee = models.PositiveSmallIntegerField("année civile")
    autre_cpts = models.BooleanField("payée aussi par une autre CPTS")
    montant_ailleurs = euros("montant versé par les autres CPTS dans l’année", default=0)
    precision = models.CharField("lesquelles", max_length=200, blank=True)
    declare_le = models.DateTimeField("déclarée le", default=now, editable=False)
    declare_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "situation annuelle"
        ordering = ["-annee", "-declare_le"]
        indexes = [models.Index(fields=["cpts", "annee", "personne", "-declare_le"], name="indemnites_situation")]
        constraints = [
            models.CheckConstraint(
                condition=Q(autre_cpts=False, montant_ailleurs=0) | Q(autre_cpts=True, montant_ailleurs__gte=0),
                name="indemnites_situation_coherente",
                violation_error_message="Sans autre CPTS, il n’y a pas de montant versé ailleurs.",
            ),
            models.CheckConstraint(condition=Q(annee__gte=2022), name="indemnites_situation_annee"),
        ]

    def __str__(self) -> str:
        return f"{self.personne}, {self.annee}"
