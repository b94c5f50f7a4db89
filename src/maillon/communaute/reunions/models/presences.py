"""How a presence is proven: the signature or the sheet, the hours, the documents of a meeting that was held."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import GenreDocument
from .reunion import Participation, Reunion


class DocumentReunion(ModeleCpts):
    """A document of a meeting, kept for ever: a signed sheet sent back, the attendance frozen at the end, minutes.

    The newest of a kind is the one that holds.
    """

    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="documents")
    genre = models.CharField("genre", max_length=20, choices=GenreDocument.choices)
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    # The hash is kept here too: what the contract publishes does not depend on the document's row.
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    le = models.DateTimeField("le", default=now, editable=False)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "document d’une réunion"
        ordering = ["le"]
        indexes = [models.Index(fields=["cpts", "reunion", "genre", "le"], name="document_reunion_genre")]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} – {self.reunion}"


class Emargement(ModeleCpts):
    """What somebody left when signing: a drawn signature, the sheet that bears it, when they came and went."""

    participation = models.OneToOneField(Participation, on_delete=models.CASCADE, related_name="emargement")
    # The strokes of a finger, as the path of an SVG drawing of 300 × 100; nothing else ever goes in.
    signature = models.TextField("signature", blank=True)
    initiales = models.CharField("initiales", max_length=6, blank=True)
    feuille = models.ForeignKey(DocumentReunion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    arrivee = models.DateTimeField("arrivée", null=True, blank=True)
    depart = models.DateTimeField("départ", null=True, blank=True)
    releve_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("arrivee", "depart")

    class Meta:
        verbose_name = "émargement"
        constraints = [
            models.CheckConstraint(
                condition=Q(arrivee=None) | Q(depart=None) | Q(depart__gt=F("arrivee")),
                name="emargement_heures",
                violation_error_message="Le départ précède l’arrivée.",
            ),
            models.CheckConstraint(
                condition=Q(signature="") | Q(signature__regex=r"^M[ML0-9 .]+$"),
                name="emargement_signature",
                violation_error_message="Cette signature n’est pas un dessin.",
            ),
        ]

    def __str__(self) -> str:
        return f"Émargement – {self.participation}"
