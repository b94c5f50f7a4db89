"""What CPAM and ARS read."""

from datetime import date
from typing import ClassVar, Self

from django.db import models

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_LUES

from ..enums import EtatContrat
from .champs import euros
from .contrat import Contrat


def euros_publies(libelle: str) -> models.DecimalField:
    """Euros of the relevé, beside its JSON: what lists of hundreds of contracts sort and add up."""
    return euros(libelle, default=0, db_default=0)


class ReleveQuerySet(models.QuerySet["Releve"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Agents read those of the communities of their territory."""
        return self.filter(cpts_id__in=acteur.cpts_lues)

    def courants(self) -> Self:
        """The one of each community that lists show."""
        return self.filter(courant=True)

    def en_vigueur(self, on: date) -> Self:
        """Those of a contract in force that day."""
        return self.filter(etat=EtatContrat.ACTIF, debut__lte=on, fin__gt=on)


class Releve(ModeleCpts):
    """The figures of a contract year as CPAM and ARS read them across communities: no patient, no professional.

    Written by a job from the same selector as the members' pages.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="releves")
    annee = models.PositiveSmallIntegerField("année de contrat")
    debut = models.DateField("début de l’année")
    fin = models.DateField("anniversaire qui la clôt")
    etat = models.CharField("état du contrat", max_length=10, choices=EtatContrat.choices)
    chiffres = models.JSONField("chiffres")
    # By indicator, why its stock moved: explanations of today, which no sealed period holds.
    explications = models.JSONField("écarts expliqués", default=dict, db_default={})
    etabli_le = models.DateTimeField("établi le", default=now)
    # The one that lists show: the year under way of the contract in force, or the last one.
    courant = models.BooleanField("relevé courant", default=False, db_default=False)
    taille = models.PositiveSmallIntegerField("taille", default=0, db_default=0)
    population = models.PositiveIntegerField("population", null=True)
    plafond = euros_publies("plafond de l’année, crise reconnue")
    hors_activation = euros_publies("plafond de l’année, hors crise")
    plafond_a_confirmer = models.BooleanField("plafond à confirmer", default=False, db_default=False)
    variable = euros_publies("part variable")
    constate = euros_publies("constaté")
    a_confirmer = euros_publies("à confirmer")
    encore_possible = euros_publies("encore possible")
    perdu = euros_publies("perdu")
    sans_preuve = euros_publies("à confirmer sans justificatif")
    # By mission, the share of the variable part that is certified, and that is certified or forecast: 0 to 1.
    atteintes = models.JSONField("atteint par mission", default=dict, db_default={})
    previsions = models.JSONField("prévu par mission", default=dict, db_default={})

    politique_lecture: ClassVar[str] = CPTS_LUES
    suivi: ClassVar[bool] = False

    objects = ReleveQuerySet.as_manager()

    class Meta:
        verbose_name = "relevé"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "contrat", "annee"], name="releve_un_par_annee"),
            models.UniqueConstraint(fields=["cpts"], condition=models.Q(courant=True), name="releve_un_courant"),
        ]

    def __str__(self) -> str:
        return f"Année {self.annee}"


class ReleveActe(ModeleCpts):
    """An act behind a figure, pseudonymous. `commune` is empty where fewer than 11 acts could name someone."""

    releve = models.ForeignKey(Releve, on_delete=models.CASCADE, related_name="actes")
    indicateur_id = models.UUIDField("indicateur")
    reference = models.CharField("référence", max_length=80)
    le = models.DateField("date")
    nature = models.CharField("nature", max_length=120)
    etat = models.CharField("état", max_length=80)
    empreinte = models.CharField("empreinte du justificatif", max_length=64, blank=True)
    preuve = models.CharField("justificatif", max_length=160, blank=True)
    commune = models.CharField("commune", max_length=80, blank=True)
    # Whether the forecast counts it; otherwise the certified value already holds it.
    compte = models.BooleanField("compté dans la prévision", default=True)

    politique_lecture: ClassVar[str] = CPTS_LUES
    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "acte du relevé"
        ordering = ["-le", "reference"]
        constraints = [
            models.UniqueConstraint(fields=["releve", "indicateur_id", "reference"], name="releve_acte_une_fois")
        ]
        indexes = [
            models.Index(fields=["cpts", "releve", "indicateur_id", "-le"], name="releve_acte_liste"),
            # The acts whose evidence lacks, however many have theirs.
            models.Index(
                fields=["cpts", "releve", "indicateur_id", "le"],
                name="releve_acte_nu",
                condition=models.Q(empreinte=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
