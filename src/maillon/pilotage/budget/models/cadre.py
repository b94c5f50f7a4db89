"""What frames the spending: planned lines, decisions that move money between missions, the bank, the settings."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.pilotage.contrats.models import Contrat
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import Categorie, EtatImport, Poste


def euros(libelle: str, **options: Any) -> models.DecimalField:
    """Euros and cents."""
    return models.DecimalField(libelle, max_digits=12, decimal_places=2, **options)


class Reglages(ModeleCpts):
    """What a community decides of its own accounts."""

    seuil_approbation = euros("seuil d’approbation", null=True, blank=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("seuil_approbation",)

    class Meta:
        verbose_name = "réglages du budget"
        constraints = [
            models.UniqueConstraint(fields=["cpts"], name="budget_reglages_uniques"),
            models.CheckConstraint(
                condition=Q(siren="") | Q(siren__regex=r"^\d{9}$"), name="budget_siren_neuf_chiffres"
            ),
            models.CheckConstraint(
                condition=Q(seuil_approbation__isnull=True) | Q(seuil_approbation__gt=0), name="budget_seuil_positif"
            ),
        ]

    def __str__(self) -> str:
        return "Réglages du budget"


class CompteComptable(ModeleCpts):
    """An account of the community that replaces the one proposed (`cle`: a category, `banque`, `aci`, `recettes`)."""

    cle = models.SlugField("pour", max_length=20)
    numero = models.CharField("numéro", max_length=12)
    libelle = models.CharField("libellé", max_length=80)

    class Meta:
        verbose_name = "compte comptable"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "cle"], name="budget_compte_unique"),
            models.CheckConstraint(condition=Q(numero__regex=r"^[1-7]\d{2,11}$"), name="budget_compte_numero"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} {self.libelle}"


class LigneBudget(ModeleCpts):
    """What is planned for a contract year: so many euros, for this poste and this category."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="lignes_budget")
    annee = models.PositiveSmallIntegerField("année de contrat")
    poste = models.CharField("poste", max_length=16, choices=Poste.choices)
    categorie = models.CharField("catégorie", max_length=16, choices=Categorie.choices)
    libelle = models.CharField("libellé", max_length=120)
    prevu = euros("prévu dans l’année")

    historise: ClassVar[tuple[str, ...]] = ("annee", "poste", "categorie", "prevu")

    class Meta:
        verbose_name = "ligne du budget"
        ordering = ["annee", "poste", "categorie", "libelle"]
        indexes = [models.Index(fields=["cpts", "contrat", "annee"], name="budget_ligne_annee")]
        constraints = [
            models.CheckConstraint(condition=Q(prevu__gte=0), name="budget_ligne_prevu_positif"),
            models.CheckConstraint(condition=Q(annee__gte=1), name="budget_ligne_annee_reelle"),
            models.UniqueConstraint(
                fields=["contrat", "annee", "poste", "categorie", "libelle"], name="budget_ligne_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def cle_html(self) -> str:
        """Its key as text, for identifiers of a page."""
        return str(self.pk)


class Reaffectation(ModeleCpts):
    """A dated decision of the bureau that moves euros from one poste to another for a year. Kept for ever: another
    decision, the other way, undoes it."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="reaffectations")
    annee = models.PositiveSmallIntegerField("année de contrat")
    de = models.CharField("de", max_length=16, choices=Poste.choices)
    vers = models.CharField("vers", max_length=16, choices=Poste.choices)
    montant = euros("montant")
    decidee_le = models.DateField("décidée le")
    texte = models.TextField("texte de la décision")
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saisie_le = models.DateTimeField("saisie le", default=now, editable=False)
    saisie_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "réaffectation"
        ordering = ["decidee_le", "saisie_le"]
        indexes = [models.Index(fields=["cpts", "contrat", "annee"], name="budget_reaffectation_annee")]
        constraints = [
            models.CheckConstraint(condition=Q(montant__gt=0), name="budget_reaffectation_positive"),
            models.CheckConstraint(condition=~Q(de=F("vers")), name="budget_reaffectation_deplace"),
            models.CheckConstraint(condition=~Q(texte=""), name="budget_reaffectation_motivee"),
        ]

    def __str__(self) -> str:
        return f"{self.montant} € le {self.decidee_le:%d/%m/%Y}"


class SoldeBanque(ModeleCpts):
    """What the bank says is on the account at the end of a day. Kept for ever; the latest day wins."""

    le = models.DateField("au soir du")
    montant = euros("solde")
    source = models.CharField("source", max_length=160)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "solde de banque"
        ordering = ["le", "saisi_le"]
        indexes = [models.Index(fields=["cpts", "le"], name="budget_solde_jour")]
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="budget_solde_source")]

    def __str__(self) -> str:
        return f"{self.montant} € au {self.le:%d/%m/%Y}"


class ImportOperations(ModeleCpts):
    """A file of operations brought in: its columns as somebody matched them, and what came of it.

    `colonnes` maps our fields to the heads of the file; `entetes` are those heads: a file with the same ones is
    matched the same way next time.
    """

    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    etat = models.CharField("état", max_length=10, choices=EtatImport.choices, default=EtatImport.PREPARE)
    entetes = models.JSONField("en-têtes", default=list)
    colonnes = models.JSONField("correspondance", default=dict)
    creees = models.PositiveIntegerField("opérations créées", default=0)
    doublons = models.PositiveIntegerField("déjà connues", default=0)
    refusees = models.PositiveIntegerField("refusées", default=0)
    depose_le = models.DateTimeField("déposé le", default=now, editable=False)
    depose_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "creees", "doublons", "refusees")

    class Meta:
        verbose_name = "import d’opérations"
        ordering = ["-depose_le"]
        indexes = [models.Index(fields=["cpts", "-depose_le"], name="budget_import_recent")]

    def __str__(self) -> str:
        return f"Import du {self.depose_le:%d/%m/%Y}"
