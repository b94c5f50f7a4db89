"""A document and its versions: none replaces what was read before."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from maillon.communaute.personnes.selectors import find_place
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from .enums import NatureDocument, Portee
from .permissions import LIRE, LIRE_BUREAU, LIRE_MISSIONS, dossiers_kept_by

ASSOCIATION = "vie de l’association"


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """What is for every member; for a mission, its people, the bureau and those who run the association; for the
        bureau, the bureau."""
        if acteur.cpts_id is None or not acteur.can(LIRE):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(LIRE_BUREAU):
            return rows
        if acteur.can(LIRE_MISSIONS):
            return rows.exclude(portee=Portee.BUREAU)
        siens = Q(portee=Portee.MISSION, mission__in=find_place(acteur).missions)
        return rows.filter(Q(portee=Portee.MEMBRES) | siens)

    def kept_by(self, acteur: Acteur) -> Self:
        """Those of the folders that this actor keeps."""
        return self.filter(mission__in=dossiers_kept_by(acteur))

    def with_version(self) -> Self:
        """With the number, the day and the file of the version in force."""
        derniere = VersionDocument.objects.filter(document=OuterRef("pk")).order_by("-numero")
        return self.annotate(
            version=Subquery(derniere.values("numero")[:1]),
            deposee_le=Subquery(derniere.values("deposee_le")[:1]),
            fichier_id=Subquery(derniere.values("fichier")[:1]),
            nom_fichier=Subquery(derniere.values("fichier__nom")[:1]),
        )

    def out_of_retention(self, on: date) -> Self:
        """Not archived though their retention has ended."""
        return self.filter(archive_le=None, conserver_jusqu_a__lt=on)


class Document(ModeleCpts):
    """A document of a mission, or of the association's life when `mission` is empty."""

    titre = models.CharField("titre", max_length=160)
    nature = models.CharField("nature", max_length=16, choices=NatureDocument.choices, default=NatureDocument.AUTRE)
    mission = models.CharField("mission", max_length=16, choices=Mission.choices, blank=True)
    portee = models.CharField("visible par", max_length=8, choices=Portee.choices, default=Portee.MEMBRES)
    conserver_jusqu_a = models.DateField("à conserver jusqu’au", null=True, blank=True)
    archive_le = models.DateTimeField("archivé le", null=True, blank=True)
    cree_le = models.DateTimeField("créé le", default=now, editable=False)

    historise: ClassVar[tuple[str, ...]] = ("mission", "portee", "conserver_jusqu_a", "archive_le")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ["titre"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(portee=Portee.MISSION) | ~Q(mission=""),
                name="document_de_mission_a_une_mission",
                violation_error_message="Un document visible par les personnes d’une mission dit laquelle.",
            )
        ]
        indexes = [models.Index(fields=["cpts", "mission", "titre"], name="document_dossier")]

    def __str__(self) -> str:
        return self.titre

    @property
    def dossier(self) -> str:
        """The folder, in words."""
        return self.get_mission_display() if self.mission else ASSOCIATION

    @property
    def is_restreint(self) -> bool:
        return self.portee != Portee.MEMBRES


class VersionDocument(ModeleCpts):
    """What a document was from one day: kept as it was received."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("version")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("ce qui change", max_length=200, blank=True)
    deposee_le = models.DateTimeField("déposée le", default=now, editable=False)
    deposee_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "version d’un document"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["document", "numero"], name="version_document_unique"),
            models.CheckConstraint(condition=Q(numero__gte=1), name="version_document_depuis_un"),
        ]
        indexes = [models.Index(fields=["cpts", "fichier"], name="version_document_fichier")]

    def __str__(self) -> str:
        return f"{self.document}, version {self.numero}"
