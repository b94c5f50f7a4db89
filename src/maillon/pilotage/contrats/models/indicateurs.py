"""What a contract measures, the values certified or declared, and the evidence."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import (
    CodeMission,
    EtatConstat,
    EtatPreuve,
    GenrePreuve,
    Nature,
    Periodicite,
    SensIndicateur,
)
from ..permissions import LIRE, LIRE_MISSION
from .champs import euros, valeur
from .contrat import Contrat


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
    periodicite = models.CharField(
        "périodicité",
        max_length=14,
        choices=Periodicite.choices,
        default=Periodicite.ANNUELLE,
        db_default=Periodicite.ANNUELLE,
    )
    # An avenant adds or ends an indicator from a date: it counts in the years that end in between.
    depuis = models.DateField("au contrat depuis", null=True, blank=True)
    jusqu_a = models.DateField("au contrat jusqu’au (exclu)", null=True, blank=True)
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
        return f"{self.seuil:f} → {self.montant} €"


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
    # Only what its author said to name nobody leaves the community.
    document_anonyme = models.BooleanField("le document ne nomme personne", default=False, db_default=False)
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

    @property
    def genre_document(self) -> GenrePreuve:
        """What its document is: a statistic when somebody certified the value."""
        return GenrePreuve.STATISTIQUE if self.certifie_par else GenrePreuve.AUTRE


class PreuveQuerySet(models.QuerySet["Preuve"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those who steer see that every document exists; the others, those of the indicators they see."""
        if acteur.can(LIRE):
            return self
        return self.filter(indicateur__in=Indicateur.objects.visible_to(acteur))

    def en_vigueur(self) -> Self:
        """Documents that prove today: the last version of each, unless withdrawn."""
        return self.filter(remplacee_par__isnull=True, retrait__isnull=True)


class Preuve(ModeleCpts):
    """A document behind an indicator, or behind one act of it (`acte` is the act's pseudonymous reference)."""

    indicateur = models.ForeignKey(Indicateur, on_delete=models.PROTECT, related_name="preuves", null=True, blank=True)
    acte = models.CharField("référence de l’acte", max_length=80, blank=True)
    libelle = models.CharField("ce que le document montre", max_length=160)
    genre = models.CharField(
        "genre", max_length=14, choices=GenrePreuve.choices, default=GenrePreuve.AUTRE, db_default=GenrePreuve.AUTRE
    )
    # A list of names stays in the community: CPAM and ARS are given its hash only.
    nominative = models.BooleanField("nomme des personnes", default=False, db_default=False)
    # A new version keeps the one it replaces: nothing is ever removed.
    remplace = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplacee_par"
    )
    version = models.PositiveSmallIntegerField("version", default=1, db_default=1)
    le = models.DateField("date du fait")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    # The hash is kept here too: what CPAM and ARS are shown does not depend on the document's row.
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    jointe_le = models.DateTimeField("jointe le", default=now, editable=False)
    jointe_par = models.UUIDField("compte", null=True, blank=True)

    objects = PreuveQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=Q(version=1, remplace__isnull=True) | Q(version__gt=1, remplace__isnull=False),
                name="preuve_version_remplace",
                violation_error_message="Une version suivante dit celle qu’elle remplace.",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def etat(self) -> EtatPreuve:
        """Whether it proves today; without query on rows of `registre.list_preuves`."""
        if hasattr(self, "retrait"):
            return EtatPreuve.RETIREE
        return EtatPreuve.REMPLACEE if hasattr(self, "remplacee_par") else EtatPreuve.EN_VIGUEUR

    @property
    def libelle_publie(self) -> str:
        """What is said of it outside the community: of a document that names people, its kind alone."""
        return str(self.get_genre_display()) if self.nominative else self.libelle


class RetraitPreuve(ModeleCpts):
    """A document joined by mistake: it proves nothing any more, and stays visible with the reason."""

    preuve = models.OneToOneField(Preuve, on_delete=models.PROTECT, related_name="retrait")
    motif = models.CharField("motif", max_length=200)
    le = models.DateTimeField("retirée le", default=now, editable=False)
    par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "retrait de justificatif"
        constraints = [models.CheckConstraint(condition=~Q(motif=""), name="retrait_motive")]

    def __str__(self) -> str:
        return self.motif
