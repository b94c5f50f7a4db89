"""The ACI contract, its indicators and tiers, the values certified, the evidence, and what CPAM and ARS read."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now
from maillon.socle.promesses import CPTS_LUES

from .enums import (
    ETATS_EN_VIGUEUR,
    CodeMission,
    EtatConstat,
    EtatContrat,
    Nature,
    SensIndicateur,
    StatutMission,
)
from .permissions import LIRE, LIRE_MISSION


def euros(libelle: str, **options: Any) -> models.DecimalField:
    """Euros and cents."""
    return models.DecimalField(libelle, max_digits=12, decimal_places=2, **options)


def euros_propres(libelle: str) -> models.DecimalField:
    """An amount written in the contract itself; empty, the scale gives it."""
    return euros(libelle, null=True, blank=True)


def valeur(libelle: str, **options: Any) -> models.DecimalField:
    """A value in the indicator's unit."""
    return models.DecimalField(libelle, max_digits=14, decimal_places=4, **options)


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


class MissionContrat(ModeleCpts):
    """A mission of the contract. Its own amounts win over the scale; `enveloppe` is the variable part kept at entry,
    which the indicators must sum to (empty when no text gives it)."""

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="missions")
    mission = models.CharField("mission", max_length=16, choices=CodeMission.choices)
    statut = models.CharField("statut", max_length=10, choices=StatutMission.choices, default=StatutMission.PREVUE)
    debut = models.DateField("démarrée le", null=True, blank=True)
    fixe = euros_propres("part fixe propre au contrat")
    fixe_suivantes = euros_propres("part fixe à partir de l’année 2")
    variable = euros_propres("part variable propre au contrat")
    activation = euros_propres("activation de crise propre au contrat")
    enveloppe = euros_propres("enveloppe variable")

    historise: ClassVar[tuple[str, ...]] = ("statut", "debut", "fixe", "variable", "enveloppe")

    class Meta:
        verbose_name = "mission du contrat"
        constraints = [
            models.UniqueConstraint(fields=["contrat", "mission"], name="mission_une_fois_par_contrat"),
            models.CheckConstraint(
                condition=Q(statut=StatutMission.PREVUE) | Q(debut__isnull=False),
                name="mission_demarree_a_une_date",
                violation_error_message="Une mission démarrée a une date de démarrage.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_mission_display()


class IndicateurQuerySet(models.QuerySet["Indicateur"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those who steer see every indicator; a professional those of the missions where they have a mandate."""
        if acteur.can(LIRE):
            return self
        if acteur.can(LIRE_MISSION):
            return self.filter(mission__in=acteur.missions)
        return self.none()


class Indicateur(ModeleCpts):
    """What a contract measures, from which reference, who certifies it and on which evidence."""

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="indicateurs")
    mission = models.CharField("mission", max_length=16, choices=CodeMission.choices)
    code = models.SlugField("code", max_length=60)
    # The figure that Maillon computes from its acts, when one does.
    code_declare = models.CharField("calculé par Maillon", max_length=80, blank=True)
    libelle = models.CharField("libellé", max_length=200)
    definition = models.TextField("définition", blank=True)
    nature = models.CharField("nature", max_length=14, choices=Nature.choices)
    unite = models.CharField("unité, au singulier", max_length=60, blank=True)
    sens = models.CharField("sens", max_length=8, choices=SensIndicateur.choices)
    reference = valeur("valeur de référence", null=True, blank=True)
    reference_le = models.DateField("date de la référence", null=True, blank=True)
    certificateur = models.CharField("certifié par", max_length=120)
    preuve_demandee = models.CharField("justificatif demandé, au singulier", max_length=120, blank=True)
    source = models.CharField("source", max_length=200, default="annexe du contrat")
    ordre = models.PositiveSmallIntegerField("ordre", default=0)

    objects = IndicateurQuerySet.as_manager()

    class Meta:
        verbose_name = "indicateur"
        ordering = ["ordre", "code"]
        constraints = [
            models.UniqueConstraint(fields=["contrat", "code"], name="indicateur_code_unique"),
            models.CheckConstraint(
                condition=~Q(nature=Nature.STOCK_BAISSE) | Q(sens=SensIndicateur.BAISSE), name="indicateur_stock_baisse"
            ),
        ]

    def __str__(self) -> str:
        return self.libelle


class Palier(ModeleCpts):
    """A threshold and the euros it pays. Tiers do not add up: the best one reached pays."""

    indicateur = models.ForeignKey(Indicateur, on_delete=models.CASCADE, related_name="paliers")
    seuil = valeur("seuil")
    montant = euros("montant")
    libelle = models.CharField("libellé", max_length=60, blank=True)

    class Meta:
        verbose_name = "palier"
        ordering = ["seuil"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicateur", "seuil"],
                name="palier_seuil_unique",
                violation_error_message="Cet indicateur a déjà un palier à ce seuil.",
            ),
            models.CheckConstraint(condition=Q(montant__gte=0), name="palier_montant_positif"),
        ]

    def __str__(self) -> str:
        return f"{self.seuil:f} → {self.montant} €"


class Constat(ModeleCpts):
    """A dated value of an indicator: declared by the community, or certified. Kept for ever; the newest wins.

    `le` is the day that the value describes, `saisi_le` the moment of its entry: a later entry for the same day
    corrects the first.
    """

    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, related_name="constats")
    valeur = valeur("valeur")
    le = models.DateField("à la date du")
    etat = models.CharField("état", max_length=10, choices=EtatConstat.choices)
    source = models.CharField("source", max_length=200)
    certifie_par = models.CharField("certifié par", max_length=120, blank=True)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "valeur constatée"
        ordering = ["le", "saisi_le"]
        indexes = [models.Index(fields=["cpts", "indicateur", "le"], name="constat_serie")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatConstat.DECLARE, certifie_par="")
                | (Q(etat=EtatConstat.CERTIFIE) & ~Q(certifie_par="")),
                name="constat_certifie_par_quelqu_un",
                violation_error_message="Une valeur certifiée nomme qui l’a certifiée.",
            ),
            models.CheckConstraint(condition=Q(valeur__gte=0), name="constat_valeur_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.valeur:f} le {self.le:%d/%m/%Y}"


class Preuve(ModeleCpts):
    """A document behind an indicator, or behind one act of it (`acte` is the act's pseudonymous reference)."""

    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, related_name="preuves", null=True, blank=True)
    acte = models.CharField("référence de l’acte", max_length=80, blank=True)
    libelle = models.CharField("ce que le document montre", max_length=160)
    le = models.DateField("date du fait")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    # The hash is kept here too: what CPAM and ARS are shown does not depend on the document's row.
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    jointe_le = models.DateTimeField("jointe le", default=now, editable=False)
    jointe_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "justificatif"
        ordering = ["le", "jointe_le"]
        indexes = [
            models.Index(fields=["cpts", "indicateur", "le"], name="preuve_indicateur"),
            models.Index(fields=["cpts", "acte"], name="preuve_acte"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(indicateur__isnull=False) | ~Q(acte=""), name="preuve_de_quelque_chose"),
        ]

    def __str__(self) -> str:
        return self.libelle


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
    etabli_le = models.DateTimeField("établi le", default=now)

    politique_lecture: ClassVar[str] = CPTS_LUES
    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "relevé"
        constraints = [models.UniqueConstraint(fields=["cpts", "contrat", "annee"], name="releve_un_par_annee")]

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
        indexes = [models.Index(fields=["cpts", "releve", "indicateur_id", "-le"], name="releve_acte_liste")]

    def __str__(self) -> str:
        return self.reference
