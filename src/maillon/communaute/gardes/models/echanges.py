"""Duties that pass from one to another, and what one tells the next."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now

from ..enums import EtatEchange, GenreEchange
from ..permissions import GERER, REPONDRE
from .gardes import Garde
from .participants import Participant


class EchangeQuerySet(models.QuerySet["Echange"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Both sides, who builds rosters, and the link sent to who is asked."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        if acteur.cpts_id is None:
            return self.none()
        own = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return own
        if acteur.can(REPONDRE) and acteur.rpps:
            mine = Q(garde__professionnel__rpps=acteur.rpps) | Q(vers__professionnel__rpps=acteur.rpps)
            return own.filter(mine)
        return self.none()


class Echange(ModeleCpts):
    """A duty offered to a colleague: taken over, or against one of theirs (`contre`). One living offer a duty."""

    genre = models.CharField("genre", max_length=8, choices=GenreEchange.choices)
    garde = models.ForeignKey(Garde, on_delete=models.CASCADE, related_name="echanges")
    vers = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="echanges_recus")
    contre = models.ForeignKey(Garde, on_delete=models.CASCADE, null=True, blank=True, related_name="echanges_demandes")
    etat = models.CharField("état", max_length=8, choices=EtatEchange.choices, default=EtatEchange.PROPOSE)
    propose_le = models.DateTimeField("proposé le", default=now)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "repondu_le")

    objects = EchangeQuerySet.as_manager()

    class Meta:
        verbose_name = "échange de garde"
        verbose_name_plural = "échanges de garde"
        ordering = ["-propose_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["garde"],
                condition=Q(etat=EtatEchange.PROPOSE),
                name="gardes_echange_un_vivant",
                violation_error_message="Cette garde est déjà proposée à quelqu’un.",
            ),
            models.CheckConstraint(
                condition=Q(genre=GenreEchange.ECHANGE, contre__isnull=False)
                | Q(genre=GenreEchange.REPRISE, contre__isnull=True),
                name="gardes_echange_contrepartie",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatEchange.PROPOSE, repondu_le__isnull=True)
                | (~Q(etat=EtatEchange.PROPOSE) & Q(repondu_le__isnull=False)),
                name="gardes_echange_repondu_date",
            ),
            models.CheckConstraint(
                condition=Q(contre__isnull=True) | ~Q(garde=F("contre")), name="gardes_echange_deux_gardes"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "etat"], name="gardes_echange_etat")]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} ({self.get_etat_display()})"


class Passation(ModeleCpts):
    """What somebody on duty leaves to the next: organisation only, never a patient."""

    garde = models.OneToOneField(Garde, on_delete=models.CASCADE, related_name="passation")
    suivante = models.ForeignKey(Garde, on_delete=models.SET_NULL, null=True, blank=True, related_name="recues")
    texte = models.TextField("à transmettre", max_length=1000)
    ecrite_le = models.DateTimeField("écrite le", default=now)
    lue_le = models.DateTimeField("lue le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("lue_le",)

    class Meta:
        verbose_name = "passation de garde"
        verbose_name_plural = "passations de garde"
        constraints = [models.CheckConstraint(condition=~Q(texte=""), name="gardes_passation_dite")]
        indexes = [models.Index(fields=["cpts", "suivante"], name="gardes_passation_suivante")]

    def __str__(self) -> str:
        return f"passation du {self.ecrite_le:%d/%m/%Y}"
