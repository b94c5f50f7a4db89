"""Who is in a roster, and what they say of its days."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre

from ..enums import Choix
from ..permissions import GERER, REPONDRE
from .tableaux import Tableau


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Who builds rosters sees everybody; a professional themself; a link the one that it was made for."""
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
            return own.filter(professionnel__rpps=acteur.rpps)
        return self.none()


class Participant(ModeleCpts):
    """A professional in a roster. `part` is the share of a full-time load. `credits` are kept when the roster is
    published: by kind, the duties beyond (or short of) their share that they came with."""

    tableau = models.ForeignKey(Tableau, on_delete=models.CASCADE, related_name="participants")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    part = models.PositiveSmallIntegerField("part de temps (%)", default=100)
    credits = models.JSONField("avance de gardes d’avant, par genre", default=dict, blank=True)
    nouveau = models.BooleanField("nouveau venu", default=False)
    nom_public = models.BooleanField("nom montré sur la page publique", default=False)
    demande_le = models.DateTimeField("vœux demandés le", null=True, blank=True)
    repondu_le = models.DateTimeField("vœux dits le", null=True, blank=True)
    relance_le = models.DateTimeField("relancé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("part", "nom_public", "repondu_le")

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = "participant d’un tableau de garde"
        verbose_name_plural = "participants d’un tableau de garde"
        ordering = ["professionnel__profession", "professionnel__nom_recherche"]
        constraints = [
            models.UniqueConstraint(
                fields=["tableau", "professionnel"],
                name="gardes_participant_unique",
                violation_error_message="Cette personne est déjà dans le tableau.",
            ),
            models.CheckConstraint(
                condition=Q(part__gte=10, part__lte=100),
                name="gardes_participant_part",
                violation_error_message="La part de temps va de 10 à 100\u00a0%.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "professionnel"], name="gardes_participant_pro")]

    def __str__(self) -> str:
        return str(self.personne)


class Voeu(ModeleCpts):
    """What a participant says of a day: one word a day. « Je ne peux pas » binds; nothing is kept of why."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="voeux")
    jour = models.DateField("jour")
    choix = models.CharField("choix", max_length=12, choices=Choix.choices)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "vœu"
        verbose_name_plural = "vœux"
        ordering = ["jour"]
        constraints = [models.UniqueConstraint(fields=["participant", "jour"], name="gardes_voeu_unique")]
        indexes = [models.Index(fields=["cpts", "jour"], name="gardes_voeu_jour")]

    def __str__(self) -> str:
        return f"{self.jour}\u00a0: {self.get_choix_display()}"
