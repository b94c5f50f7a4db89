"""An announcement, and who has read it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef

from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..permissions import CONVERSER, DIFFUSER


class AnnonceQuerySet(models.QuerySet["Annonce"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those addressed to the person; whoever writes to members sees them all."""
        if acteur.cpts_id is None or not acteur.can(CONVERSER):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(DIFFUSER):
            return rows
        personne = get_personne_of(acteur)
        if personne is None:
            return self.none()
        return rows.filter(Exists(Reception.objects.filter(annonce=OuterRef("pk"), personne=personne)), retiree_le=None)


class Annonce(ModeleCpts):
    """Something that people must know, on their home page until they have read it or until `affichee_jusqu_au`.

    `criteres` says to whom it was addressed (see `criteres.py`); `receptions` are those people, as of that day.
    """

    titre = models.CharField("titre", max_length=160)
    texte = models.TextField("texte")
    criteres = models.JSONField("destinataires", default=dict)
    auteur = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    publiee_le = models.DateTimeField("publiée le", default=now)
    affichee_jusqu_au = models.DateField("affichée jusqu’au")
    relancee_le = models.DateTimeField("relancée le", null=True, blank=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("affichee_jusqu_au", "relancee_le", "retiree_le")

    objects = AnnonceQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce"
        ordering = ["-publiee_le"]
        indexes = [models.Index(fields=["cpts", "-publiee_le"], name="annonce_recente")]

    def __str__(self) -> str:
        return self.titre


class Reception(ModeleCpts):
    """A person to whom an announcement is addressed, and when they said that they read it."""

    annonce = models.ForeignKey(Annonce, on_delete=models.CASCADE, related_name="receptions")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    lue_le = models.DateTimeField("lue le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("lue_le",)

    class Meta:
        verbose_name = "accusé de lecture"
        constraints = [models.UniqueConstraint(fields=["annonce", "personne"], name="reception_une_fois")]
        indexes = [models.Index(fields=["cpts", "personne", "lue_le"], name="reception_personne")]

    def __str__(self) -> str:
        return str(self.personne)
