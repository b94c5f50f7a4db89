"""The minutes, their versions and approvals; decisions, and the tasks that they give."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now

from ..enums import EtatCompteRendu, Qualite
from ..permissions import GERER, VOIR
from .reunion import PointOrdreDuJour, Reunion


class CompteRendu(ModeleCpts):
    """The minutes of a meeting under way: who approves them, and where they are."""

    reunion = models.OneToOneField(Reunion, on_delete=models.PROTECT, related_name="compte_rendu")
    etat = models.CharField("état", max_length=10, choices=EtatCompteRendu.choices, default=EtatCompteRendu.REDACTION)
    introduction = models.TextField("en ouverture", blank=True)
    president = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="préside la séance"
    )
    secretaire = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name="secrétaire de séance"
    )
    # None while it is the first draft; a version is kept each time the minutes are submitted.
    version = models.PositiveSmallIntegerField("version", default=0)
    envoye_le = models.DateTimeField("envoyé aux participants le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "version", "envoye_le")

    class Meta:
        verbose_name = "compte rendu de réunion"
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatCompteRendu.REDACTION)
                | Q(president__isnull=False, secretaire__isnull=False, version__gt=0),
                name="compte_rendu_soumis_signe",
                violation_error_message="Dites qui préside et qui tient le secrétariat.",
            ),
            models.CheckConstraint(
                condition=Q(president=None) | Q(secretaire=None) | ~Q(president=models.F("secretaire")),
                name="compte_rendu_deux_personnes",
                violation_error_message="Le président et le secrétaire de séance sont deux personnes.",
            ),
        ]

    def __str__(self) -> str:
        return f"Compte rendu – {self.reunion}"


class PointCompteRendu(ModeleCpts):
    """What was said of one item."""

    compte_rendu = models.ForeignKey(CompteRendu, on_delete=models.CASCADE, related_name="points")
    point = models.ForeignKey(PointOrdreDuJour, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("point", max_length=200)
    texte = models.TextField("ce qui a été dit", blank=True)

    class Meta:
        verbose_name = "point d’un compte rendu"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(fields=["compte_rendu", "rang"], name="point_compte_rendu_rang"),
        ]

    def __str__(self) -> str:
        return self.titre


class VersionCompteRendu(ModeleCpts):
    """The minutes as they were submitted: the whole matter of the document, kept for ever."""

    compte_rendu = models.ForeignKey(CompteRendu, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("version")
    contenu = models.JSONField("contenu")
    empreinte = models.CharField("empreinte SHA-256 du contenu", max_length=64)
    le = models.DateTimeField("soumise le", default=now, editable=False)
    par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "version d’un compte rendu"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["compte_rendu", "numero"], name="version_compte_rendu_unique"),
        ]

    def __str__(self) -> str:
        return f"Version {self.numero}"


class Approbation(ModeleCpts):
    """One of the two approvals of a version: by two people, each once."""

    version = models.ForeignKey(VersionCompteRendu, on_delete=models.PROTECT, related_name="approbations")
    qualite = models.CharField("qualité", max_length=12, choices=Qualite.choices)
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("le", default=now, editable=False)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "approbation d’un compte rendu"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "qualite"],
                name="approbation_une_par_qualite",
                violation_error_message="Cette approbation est déjà donnée.",
            ),
            models.UniqueConstraint(
                fields=["version", "personne"],
                name="approbation_deux_personnes",
                violation_error_message="Une même personne n’approuve pas deux fois.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_qualite_display()} – {self.version}"


class Decision(ModeleCpts):
    """What a meeting decided, in one sentence."""

    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="decisions")
    point = models.ForeignKey(PointOrdreDuJour, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    rang = models.PositiveSmallIntegerField("rang")
    texte = models.CharField("décision", max_length=400)

    class Meta:
        verbose_name = "décision"
        ordering = ["rang"]
        constraints = [models.UniqueConstraint(fields=["reunion", "rang"], name="decision_rang_unique")]

    def __str__(self) -> str:
        return self.texte


class TacheQuerySet(models.QuerySet["Tache"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Organisers see every task; others theirs, and those of the meetings to which they were invited."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return rows
        personne = get_personne_of(acteur)
        if personne is None:
            return self.none()
        siennes = Reunion.objects.filter(participations__personne=personne)
        return rows.filter(Q(responsable=personne) | Q(reunion__in=siennes))

    def ouvertes(self) -> Self:
        return self.filter(faite_le=None)


class Tache(ModeleCpts):
    """Something to do after a meeting: by whom, before when."""

    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="taches")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="taches")
    libelle = models.CharField("tâche", max_length=300)
    responsable = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="taches")
    echeance = models.DateField("à faire avant le")
    faite_le = models.DateTimeField("faite le", null=True, blank=True)
    faite_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("responsable", "echeance", "faite_le")

    objects = TacheQuerySet.as_manager()

    class Meta:
        verbose_name = "tâche"
        ordering = ["echeance", "id"]
        indexes = [
            models.Index(fields=["cpts", "responsable", "faite_le", "echeance"], name="tache_responsable"),
            models.Index(fields=["cpts", "faite_le", "echeance"], name="tache_echeance"),
        ]

    def __str__(self) -> str:
        return self.libelle
