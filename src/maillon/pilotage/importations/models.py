"""Files of figures received, the mapping kept for each source, and what each row did."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.pilotage.contrats.models import Constat, Indicateur
from maillon.pilotage.contrats.models.champs import valeur as nombre
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from .enums import EtatImportation, Issue, Organisme


class Correspondance(ModeleCpts):
    """How the files of one source are read: columns by title, labels by indicator. Kept from one file to the next."""

    nom = models.CharField("nom de la source", max_length=80)
    organisme = models.CharField("chiffres établis par", max_length=20, choices=Organisme.choices)
    certificateur = models.CharField("nom de l’organisme", max_length=120)
    # Titles of columns; no title for the indicator means that each column is an indicator.
    colonne_indicateur = models.CharField("colonne de l’indicateur", max_length=300, blank=True)
    colonne_valeur = models.CharField("colonne de la valeur", max_length=300, blank=True)
    colonne_date = models.CharField("colonne de la date ou de la période", max_length=300, blank=True)
    colonne_territoire = models.CharField("colonne du territoire", max_length=300, blank=True)
    territoire = models.CharField("territoire à garder", max_length=300, blank=True)
    # Somebody has looked at the columns: the next file with the same titles does not ask again.
    colonnes_vues = models.BooleanField("colonnes vérifiées", default=False)
    # Folded label → code of the indicator in the contract; "" for a label that is left aside.
    libelles = models.JSONField("libellés reconnus", default=dict, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("organisme", "certificateur", "colonne_valeur", "colonne_date")

    class Meta:
        verbose_name = "source de fichiers"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "nom"],
                name="correspondance_nom_unique",
                violation_error_message="Une source porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Importation(ModeleCpts):
    """One file received, from its deposit to the values it wrote."""

    correspondance = models.ForeignKey(Correspondance, on_delete=models.PROTECT, related_name="importations")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    feuille = models.CharField("feuille", max_length=100, blank=True)
    date_fixe = models.DateField("date de toutes les valeurs", null=True, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatImportation.choices, default=EtatImportation.A_VERIFIER)
    deposee_le = models.DateTimeField("déposée le", default=now, editable=False)
    deposee_par = models.UUIDField("compte", null=True, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    lues = models.PositiveIntegerField("lignes lues", default=0)
    ecartees = models.PositiveIntegerField("lignes d’un autre territoire ou d’un autre indicateur", default=0)
    ajoutees = models.PositiveIntegerField("valeurs ajoutées", default=0)
    corrigees = models.PositiveIntegerField("valeurs corrigées", default=0)
    inchangees = models.PositiveIntegerField("valeurs inchangées", default=0)
    secretes = models.PositiveIntegerField("valeurs sous secret statistique", default=0)
    refusees = models.PositiveIntegerField("lignes refusées", default=0)

    historise: ClassVar[tuple[str, ...]] = ("etat",)

    class Meta:
        verbose_name = "importation"
        ordering = ["-deposee_le"]
        indexes = [models.Index(fields=["cpts", "deposee_le"], name="importation_recente")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatImportation.A_VERIFIER, close_le__isnull=True)
                | (~Q(etat=EtatImportation.A_VERIFIER) & Q(close_le__isnull=False)),
                name="importation_close_a_une_date",
            ),
        ]

    def __str__(self) -> str:
        return self.fichier.nom


class LigneImportation(ModeleCpts):
    """What one row of a confirmed file did. Kept for ever, like the value that it wrote."""

    importation = models.ForeignKey(Importation, on_delete=models.PROTECT, related_name="lignes")
    numero = models.PositiveIntegerField("ligne du fichier")
    libelle = models.CharField("libellé du fichier", max_length=300)
    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    issue = models.CharField("issue", max_length=10, choices=Issue.choices)
    motif = models.CharField("motif", max_length=300, blank=True)
    valeur = nombre("valeur", null=True, blank=True)
    ancienne = nombre("valeur d’avant", null=True, blank=True)
    le = models.DateField("à la date du", null=True, blank=True)
    constat = models.ForeignKey(Constat, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "ligne importée"
        ordering = ["numero", "libelle"]
        indexes = [models.Index(fields=["cpts", "importation", "issue"], name="ligne_importation_issue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(issue__in=[Issue.AJOUT, Issue.CORRECTION], constat__isnull=False)
                | (~Q(issue__in=[Issue.AJOUT, Issue.CORRECTION]) & Q(constat__isnull=True)),
                name="ligne_importation_ecrite",
            ),
        ]

    def __str__(self) -> str:
        return f"ligne {self.numero}"
