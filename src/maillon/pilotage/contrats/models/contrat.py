"""The ACI contract, its missions, and what was received for it."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import (
    ETATS_EN_VIGUEUR,
    RECETTES,
    CodeMission,
    EtatContrat,
    NatureVersement,
    StatutMission,
)
from .champs import euros, euros_propres


class Contrat(ModeleCpts):
    """A tripartite contract of five years. Its year begins at the anniversary of its signature, never on 1 January."""

    etat = models.CharField("état", max_length=10, choices=EtatContrat.choices, default=EtatContrat.BROUILLON)
    signe_le = models.DateField("signé le")
    periode = DateRangeField("période")
    # The scale applied, and its date: an avenant may bring a newer one to a contract already signed.
    bareme_le = models.DateField("barème appliqué, à la date du")
    taille = models.PositiveSmallIntegerField("taille")
    population = models.PositiveIntegerField("population du territoire", null=True, blank=True)
    millesime = models.PositiveSmallIntegerField("millésime de la population", null=True, blank=True)
    fonctionnement = euros_propres("fonctionnement propre au contrat")
    plafond_publie = euros_propres("plafond annuel publié")
    plafond_source = models.CharField("source du plafond publié", max_length=200, blank=True)
    source = models.CharField("texte du contrat", max_length=200, default="contrat signé")
    cree_le = models.DateTimeField("saisi le", default=now, editable=False)

    historise: ClassVar[tuple[str, ...]] = ("etat", "signe_le", "periode", "bareme_le", "taille", "population")

    class Meta:
        verbose_name = "contrat"
        ordering = ["-signe_le"]
        constraints = [
            ExclusionConstraint(
                name="contrat_un_seul_en_vigueur",
                expressions=[("cpts", RangeOperators.EQUAL), ("periode", RangeOperators.OVERLAPS)],
                condition=Q(etat__in=[etat.value for etat in ETATS_EN_VIGUEUR]),
                violation_error_message="Cette communauté a déjà un contrat en vigueur sur cette période.",
            ),
            models.CheckConstraint(
                condition=Q(signe_le=RangeStartsWith(F("periode"))), name="contrat_periode_depuis_signature"
            ),
            models.CheckConstraint(condition=Q(taille__range=(1, 4)), name="contrat_taille_connue"),
        ]

    def __str__(self) -> str:
        return f"Contrat signé le {self.signe_le:%d/%m/%Y}"

    @property
    def id_dialogue(self) -> str:
        """Of the dialogue that puts a draft in force."""
        return f"vigueur-{self.pk}"


class MissionContrat(ModeleCpts):
    """A mission of the contract. Its own amounts win over the scale; `enveloppe` is the variable part kept at entry,
    which the indicators must sum to (empty when no text gives it)."""

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="missions")
    mission = models.CharField("mission", max_length=16, choices=CodeMission.choices)
    statut = models.CharField("statut", max_length=10, choices=StatutMission.choices, default=StatutMission.PREVUE)
    debut = models.DateField("démarrée le", null=True, blank=True)
    # An avenant brings a mission into the contract, or takes it out: empty, from the signature and to the end.
    depuis = models.DateField("au contrat depuis", null=True, blank=True)
    jusqu_a = models.DateField("au contrat jusqu’au (exclu)", null=True, blank=True)
    deployee_le = models.DateField("déployée le", null=True, blank=True)
    fixe = euros_propres("part fixe propre au contrat")
    fixe_suivantes = euros_propres("part fixe à partir de l’année 2")
    variable = euros_propres("part variable propre au contrat")
    activation = euros_propres("activation de crise propre au contrat")
    enveloppe = euros_propres("enveloppe variable")

    historise: ClassVar[tuple[str, ...]] = (
        "statut",
        "debut",
        "deployee_le",
        "depuis",
        "jusqu_a",
        "fixe",
        "variable",
        "enveloppe",
    )

    class Meta:
        verbose_name = "mission du contrat"
        constraints = [
            models.UniqueConstraint(fields=["contrat", "mission"], name="mission_une_fois_par_contrat"),
            models.CheckConstraint(
                condition=Q(statut=StatutMission.PREVUE) | Q(debut__isnull=False),
                name="mission_demarree_a_une_date",
                violation_error_message="Une mission démarrée a une date de démarrage.",
            ),
            models.CheckConstraint(
                condition=Q(depuis__isnull=True) | Q(jusqu_a__isnull=True) | Q(jusqu_a__gt=F("depuis")),
                name="mission_sort_apres_etre_entree",
            ),
            # A contract entered in its third year may hold missions deployed on a day that nobody remembers.
            models.CheckConstraint(
                condition=Q(deployee_le=None) | Q(statut=StatutMission.DEPLOYEE, deployee_le__gte=F("debut")),
                name="mission_deployee_apres_demarrage",
                violation_error_message="Une mission se déploie après son démarrage.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_mission_display()


class VersementRecu(ModeleCpts):
    """Money that arrived for the contract, as the bank saw it; a repayment is negative."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="versements_recus")
    le = models.DateField("reçu le")
    montant = euros("montant")
    annee = models.PositiveSmallIntegerField("année de contrat")
    # A mission's code, `fonctionnement`, or empty for the whole.
    poste = models.CharField("poste", max_length=16, blank=True)
    nature = models.CharField("nature", max_length=14, choices=NatureVersement.choices)
    libelle = models.CharField("libellé", max_length=160, blank=True)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("le", "montant", "annee", "poste", "nature")

    class Meta:
        verbose_name = "versement reçu"
        ordering = ["le", "saisi_le"]
        indexes = [models.Index(fields=["cpts", "contrat", "le"], name="versement_recu_serie")]
        constraints = [
            models.CheckConstraint(
                condition=Q(montant__gt=0, nature__in=RECETTES)
                | Q(montant__lt=0, nature=NatureVersement.REMBOURSEMENT),
                name="versement_recu_signe",
                violation_error_message="Un versement reçu est positif, un remboursement négatif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.montant} € le {self.le:%d/%m/%Y}"

    @property
    def id_dialogue(self) -> str:
        """Of the dialogue that takes it back."""
        return f"retirer-{self.pk}"
