"""The proposals made to doctors."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now

from ..enums import (
    ACTIVES,
    EtatProposition,
    MotifRefus,
    MotifRetrait,
)
from ..permissions import GERER, REPONDRE
from .demandes import Demande


class PropositionQuerySet(models.QuerySet["Proposition"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """A doctor sees the proposals made to them; the desk sees those of its community; a link opens one."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        community = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return community
        if acteur.can(REPONDRE) and acteur.rpps:
            return community.filter(professionnel__rpps=acteur.rpps)
        return self.none()

    def en_attente(self) -> Self:
        return self.filter(etat=EtatProposition.ENVOYEE)


class Proposition(ModeleCpts):
    """A request proposed to one doctor. The database refuses two accepted for a request, or two active for a doctor."""

    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="propositions")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    etat = models.CharField("état", max_length=8, choices=EtatProposition.choices, default=EtatProposition.ENVOYEE)
    motif_refus = models.CharField("motif de refus", max_length=10, choices=MotifRefus.choices, blank=True)
    motif_retrait = models.CharField("motif de retrait", max_length=13, choices=MotifRetrait.choices, blank=True)
    envoyee_le = models.DateTimeField("envoyée le", default=now)
    expire_le = models.DateTimeField("à répondre avant le")
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)
    rappelee_le = models.DateTimeField("médecin relancé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "motif_refus", "motif_retrait", "expire_le", "repondue_le")

    objects = PropositionQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        constraints = [
            models.UniqueConstraint(
                fields=["demande"],
                condition=Q(etat=EtatProposition.ACCEPTEE),
                name="mt_proposition_une_acceptee",
                violation_error_message="Un autre médecin a déjà accepté ce patient.",
            ),
            models.UniqueConstraint(
                fields=["demande", "professionnel"],
                condition=Q(etat__in=ACTIVES),
                name="mt_proposition_une_active",
                violation_error_message="Ce médecin a déjà cette demande.",
            ),
            models.CheckConstraint(
                condition=(Q(etat=EtatProposition.REFUSEE) & ~Q(motif_refus=""))
                | (~Q(etat=EtatProposition.REFUSEE) & Q(motif_refus="")),
                name="mt_proposition_refus_motive",
            ),
            models.CheckConstraint(condition=Q(expire_le__gt=F("envoyee_le")), name="mt_proposition_delai"),
        ]
        indexes = [
            models.Index(fields=["cpts", "etat", "expire_le"], name="mt_proposition_echeance"),
            models.Index(fields=["cpts", "professionnel", "etat"], name="mt_proposition_medecin"),
        ]

    def __str__(self) -> str:
        return f"{self.demande_id} → {self.professionnel_id} ({self.get_etat_display()})"
