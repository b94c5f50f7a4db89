"""One professional is asked, or will be."""

from collections.abc import Collection
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.declarations import collect
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now
from maillon.socle.ui.composants import Pastille, Ton

from ..enums import ACTIVES, EtatAppel, EtatSollicitation, MotifRetrait
from .appels import Appel

TONS: dict[str, Ton] = {
    EtatSollicitation.PREVUE: "neutre",
    EtatSollicitation.ENVOYEE: "cours",
    EtatSollicitation.ACCEPTEE: "bien",
    EtatSollicitation.REFUSEE: "attente",
    EtatSollicitation.EXPIREE: "attente",
    EtatSollicitation.RETIREE: "neutre",
}
SANS_ENVOI = (EtatSollicitation.PREVUE, EtatSollicitation.RETIREE)


class SollicitationQuerySet(models.QuerySet["Sollicitation"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """A professional sees what they were asked; who manages a kind sees it all; a link opens one."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        genres = list(collect("sollicitations"))
        managed = Q(appel__genre__in=[genre.code for genre in genres if acteur.can(genre.gerer)])
        own = Q(pk__in=[])
        if acteur.rpps:
            codes = [genre.code for genre in genres if acteur.can(genre.repondre)]
            own = Q(appel__genre__in=codes, professionnel__rpps=acteur.rpps) & ~Q(envoyee_le=None)
        return self.filter(managed | own, cpts_id=acteur.cpts_id)

    def of_objets(self, genre: str, objet_ids: Collection[UUID]) -> Self:
        """Those of these objects of a mission, over all their calls."""
        return self.filter(appel__genre=genre, appel__objet_id__in=objet_ids)

    def of_genre(self, genre: str) -> Self:
        """Those of one kind of calls. The calls of other kinds are set aside, since to join each of its own calls would
        read them all."""
        autres = Appel.objects.filter(Q(genre__lt=genre) | Q(genre__gt=genre), pk=OuterRef("appel"))
        return self.filter(~Exists(autres))

    def en_attente(self) -> Self:
        return self.filter(etat=EtatSollicitation.ENVOYEE)

    def closing(self) -> Self:
        """After which this professional is not asked again for the same object: declined, or went back on a yes."""
        return self.filter(Q(etat=EtatSollicitation.REFUSEE) | Q(motif_retrait=MotifRetrait.DESISTEMENT))


class Sollicitation(ModeleCpts):
    """A professional asked by a call, in a wave. The database refuses two accepted for a call, two living ones for a
    professional and a call, a refusal without reason, one that was sent without deadline."""

    appel = models.ForeignKey(Appel, on_delete=models.PROTECT, related_name="sollicitations")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    vague = models.PositiveSmallIntegerField("vague")
    rang = models.PositiveSmallIntegerField("rang dans l’appel")
    etat = models.CharField("état", max_length=8, choices=EtatSollicitation.choices, default=EtatSollicitation.PREVUE)
    motif_refus = models.CharField("motif de refus", max_length=16, blank=True)
    motif_retrait = models.CharField("motif de retrait", max_length=12, choices=MotifRetrait.choices, blank=True)
    # Why this professional at this rank, in codes and numbers: nothing about the patient.
    explication = models.JSONField("pourquoi ce professionnel", default=dict, blank=True)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)
    expire_le = models.DateTimeField("à répondre avant le", null=True, blank=True)
    a_rappeler_le = models.DateTimeField("à relancer le", null=True, blank=True)
    rappelee_le = models.DateTimeField("relancée le", null=True, blank=True)
    repondue_le = models.DateTimeField("répondue le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "motif_refus", "motif_retrait", "expire_le", "repondue_le")

    objects = SollicitationQuerySet.as_manager()

    class Meta:
        verbose_name = "sollicitation"
        constraints = [
            models.UniqueConstraint(
                fields=["appel"],
                condition=Q(etat=EtatSollicitation.ACCEPTEE),
                name="sollicitation_une_acceptee",
                violation_error_message="Un autre professionnel a déjà accepté.",
            ),
            models.UniqueConstraint(
                fields=["appel", "professionnel"],
                condition=Q(etat__in=ACTIVES),
                name="sollicitation_une_active",
                violation_error_message="Ce professionnel est déjà sollicité.",
            ),
            models.CheckConstraint(
                condition=(Q(etat=EtatSollicitation.REFUSEE) & ~Q(motif_refus=""))
                | (~Q(etat=EtatSollicitation.REFUSEE) & Q(motif_refus="")),
                name="sollicitation_refus_motive",
            ),
            models.CheckConstraint(
                condition=(Q(etat=EtatSollicitation.RETIREE) & ~Q(motif_retrait=""))
                | (~Q(etat=EtatSollicitation.RETIREE) & Q(motif_retrait="")),
                name="sollicitation_retrait_motive",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=SANS_ENVOI, envoyee_le=None, expire_le=None)
                | (
                    ~Q(etat=EtatSollicitation.PREVUE)
                    & Q(envoyee_le__isnull=False, expire_le__isnull=False, expire_le__gt=F("envoyee_le"))
                ),
                name="sollicitation_envoyee_avec_delai",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=(EtatSollicitation.ACCEPTEE, EtatSollicitation.REFUSEE))
                | Q(repondue_le__isnull=False),
                name="sollicitation_reponse_datee",
            ),
        ]
        indexes = [
            models.Index(
                fields=["cpts", "expire_le"],
                name="sollicitation_echeance",
                condition=Q(etat=EtatSollicitation.ENVOYEE),
            ),
            models.Index(
                fields=["cpts", "a_rappeler_le"],
                name="sollicitation_a_rappeler",
                condition=Q(etat=EtatSollicitation.ENVOYEE, rappelee_le=None, a_rappeler_le__isnull=False),
            ),
            models.Index(fields=["cpts", "professionnel", "etat"], name="sollicitation_pro"),
            # What a professional accepted since a day: the places that are left.
            models.Index(
                fields=["cpts", "professionnel", "repondue_le"],
                include=["appel"],
                name="sollicitation_acceptees",
                condition=Q(etat=EtatSollicitation.ACCEPTEE),
            ),
            models.Index(
                fields=["cpts", "repondue_le"],
                include=["professionnel", "motif_refus", "appel"],
                name="sollicitation_refus",
                condition=Q(etat=EtatSollicitation.REFUSEE),
            ),
            # What was asked over a period, and what became of it.
            models.Index(
                fields=["cpts", "envoyee_le"],
                include=["professionnel", "etat", "motif_refus", "motif_retrait", "repondue_le", "appel", "expire_le"],
                name="sollicitation_envois",
                condition=Q(envoyee_le__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appel_id} → {self.professionnel_id} ({self.get_etat_display()})"

    @property
    def libelle_refus(self) -> str:
        """The reason of refusal in the words of its kind; empty when it was not declined."""
        return dict(self.appel.declare.motifs).get(self.motif_refus, self.motif_refus)

    @property
    def pastille(self) -> Pastille:
        """The state as a badge."""
        return Pastille(self.get_etat_display(), TONS[self.etat])

    @property
    def attend_reponse(self) -> bool:
        """Whether the professional may still answer."""
        return self.etat == EtatSollicitation.ENVOYEE and self.expire_le is not None and self.expire_le > now()

    @property
    def annulable(self) -> bool:
        """Whether who manages the call may undo the answer: the other side has not answered, nobody else has it."""
        if self.etat == EtatSollicitation.ACCEPTEE:
            return self.appel.etat == EtatAppel.RESERVE
        return self.etat == EtatSollicitation.REFUSEE and self.appel.etat in (EtatAppel.OUVERT, EtatAppel.EPUISE)

    @property
    def retirable(self) -> bool:
        """Whether the desk may take it back: it was not answered."""
        return self.etat in (EtatSollicitation.PREVUE, EtatSollicitation.ENVOYEE)
