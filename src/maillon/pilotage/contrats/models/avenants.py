"""What changes the terms of a contract after its signature, and what lets its schedule name a date."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import CodeMission, GenreDecision
from .champs import euros, euros_propres
from .contrat import Contrat


class Avenant(ModeleCpts):
    """The terms of a contract from a date on, whole: what an avenant does not change is written again.

    A trigger refuses an effect outside the contract’s period (migration 0007).
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="avenants")
    numero = models.PositiveSmallIntegerField("numéro")
    signe_le = models.DateField("signé le")
    effet_le = models.DateField("prend effet le")
    objet = models.CharField("objet", max_length=200)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bareme_le = models.DateField("barème appliqué, à la date du")
    taille = models.PositiveSmallIntegerField("taille")
    population = models.PositiveIntegerField("population du territoire", null=True, blank=True)
    millesime = models.PositiveSmallIntegerField("millésime de la population", null=True, blank=True)
    fonctionnement = euros_propres("fonctionnement propre au contrat")
    source = models.CharField("texte", max_length=200)
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("effet_le", "bareme_le", "taille", "population", "fonctionnement")

    class Meta:
        verbose_name = "avenant"
        ordering = ["effet_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "numero"],
                name="avenant_numero_unique",
                violation_error_message="Ce contrat a déjà un avenant de ce numéro.",
            ),
            models.UniqueConstraint(
                fields=["contrat", "effet_le"],
                name="avenant_effet_unique",
                violation_error_message="Un avenant prend déjà effet ce jour-là.",
            ),
            models.CheckConstraint(condition=Q(numero__gte=1), name="avenant_numero_positif"),
            models.CheckConstraint(condition=Q(taille__range=(1, 4)), name="avenant_taille_connue"),
        ]

    def __str__(self) -> str:
        return f"Avenant n° {self.numero}"


class AvenantMission(ModeleCpts):
    """A mission that stays or enters with an avenant, and its amounts from then on (see `MissionContrat`)."""

    avenant = models.ForeignKey(Avenant, on_delete=models.CASCADE, related_name="missions")
    mission = models.CharField("mission", max_length=16, choices=CodeMission.choices)
    fixe = euros_propres("part fixe propre au contrat")
    fixe_suivantes = euros_propres("part fixe à partir de l’année 2")
    variable = euros_propres("part variable propre au contrat")
    activation = euros_propres("activation de crise propre au contrat")
    enveloppe = euros_propres("enveloppe variable")

    historise: ClassVar[tuple[str, ...]] = ("fixe", "variable", "enveloppe")

    class Meta:
        verbose_name = "mission de l’avenant"
        constraints = [
            models.UniqueConstraint(fields=["avenant", "mission"], name="avenant_mission_une_fois"),
        ]

    def __str__(self) -> str:
        return self.get_mission_display()


class Decision(ModeleCpts):
    """What makes a payment beside the schedule due: a year evaluated, a crisis recognised, an aid granted."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="decisions")
    genre = models.CharField("nature", max_length=12, choices=GenreDecision.choices)
    le = models.DateField("décidée le")
    # 0 is before the contract: the start-up aid.
    annee = models.PositiveSmallIntegerField("année de contrat")
    mission = models.CharField("mission", max_length=16, choices=CodeMission.choices, blank=True)
    montant = euros("montant", null=True, blank=True)
    saisie_le = models.DateTimeField("saisie le", default=now, editable=False)
    saisie_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("le", "annee", "montant")

    class Meta:
        verbose_name = "décision de paiement"
        ordering = ["le", "saisie_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat", "genre", "annee", "mission"],
                name="decision_une_par_annee",
                violation_error_message="Cette décision est déjà enregistrée pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(montant__isnull=True) | Q(montant__gte=0), name="decision_montant_positif"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, année {self.annee}"
