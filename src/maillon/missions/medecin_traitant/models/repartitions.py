"""One assignment of the whole waiting list: what was computed, what the desk decided, what was sent."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.sollicitations.models import Appel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.droits.models import Membre
from maillon.socle.horloge import now

from ..enums_repartition import TRANSITIONS_REPARTITION, VIVANTES, Decision, EtatRepartition, Issue, Saut
from ..permissions import GERER, VOIR_TOTAUX
from .demandes import Demande
from .refus import ActionRefusee


class RepartitionQuerySet(models.QuerySet["Repartition"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk, and who reads its totals, see the assignments of their community."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.can(GERER) or acteur.can(VOIR_TOTAUX):
            return self.filter(cpts_id=acteur.cpts_id)
        return self.none()

    def vivantes(self) -> Self:
        return self.filter(etat__in=VIVANTES)


class Repartition(ModeleCpts):
    """One run over the waiting list. The database refuses a second living one in a community.

    `parametres`, `chiffres` and `certificat` hold figures and codes: no identity, no reference of a request.
    """

    etat = models.CharField("état", max_length=10, choices=EtatRepartition.choices, default=EtatRepartition.EN_CALCUL)
    parametres = models.JSONField("options", default=dict)
    chiffres = models.JSONField("chiffres", default=dict)
    certificat = models.JSONField("preuve", default=dict)
    regle = models.CharField("version de la règle", max_length=20, blank=True)
    duree_ms = models.PositiveIntegerField("durée du calcul (ms)", null=True, blank=True)
    passages = models.PositiveSmallIntegerField("calculs faits", default=0)
    etape = models.PositiveSmallIntegerField("étape du calcul", default=0)
    erreur = models.CharField("ce qui l’a arrêtée", max_length=300, blank=True)

    lancee_le = models.DateTimeField("lancée le", default=now)
    lancee_par = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    calculee_le = models.DateTimeField("calculée le", null=True, blank=True)
    envoi_le = models.DateTimeField("envoi demandé le", null=True, blank=True)
    envoyee_par = models.ForeignKey(Membre, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    close_le = models.DateTimeField("terminée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "calculee_le", "envoi_le", "close_le")

    objects = RepartitionQuerySet.as_manager()

    class Meta:
        verbose_name = "répartition de la liste d’attente"
        verbose_name_plural = "répartitions de la liste d’attente"
        ordering = ["-lancee_le", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts"],
                condition=Q(etat__in=VIVANTES),
                name="mt_repartition_une_vivante",
                violation_error_message="Une répartition est déjà en cours : envoyez-la ou abandonnez-la d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=VIVANTES, close_le__isnull=True)
                | (~Q(etat__in=VIVANTES) & Q(close_le__isnull=False)),
                name="mt_repartition_terminee_datee",
            ),
            models.CheckConstraint(
                condition=~Q(etat__in=[EtatRepartition.EN_ENVOI, EtatRepartition.ENVOYEE]) | Q(envoi_le__isnull=False),
                name="mt_repartition_envoi_date",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatRepartition.ECHEC) | ~Q(erreur=""), name="mt_repartition_echec_dit"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "-lancee_le"], name="mt_repartition_recente")]

    def __str__(self) -> str:
        return f"répartition du {self.lancee_le:%Y-%m-%d}"

    @property
    def is_vivante(self) -> bool:
        return self.etat in VIVANTES

    def check_transition(self, etat: EtatRepartition) -> None:
        """Raise ActionRefusee unless the table of transitions allows this move."""
        if etat not in TRANSITIONS_REPARTITION[EtatRepartition(self.etat)]:
            raise ActionRefusee(
                f"Cette répartition est « {EtatRepartition(self.etat).label} » : rien n’a été changé. "
                "Rechargez la page pour voir où elle en est."
            )


class LigneRepartition(ModeleCpts):
    """One request in a run: the doctor found, or why none; the desk's decision; what the sending made of it.

    A request stands once in a run, and a line is sent once. `explication` holds codes and figures, `suivants` the
    doctors of the next waves.
    """

    repartition = models.ForeignKey(Repartition, on_delete=models.CASCADE, related_name="lignes", db_index=False)
    demande = models.ForeignKey(Demande, on_delete=models.CASCADE, related_name="repartitions")
    rang = models.PositiveIntegerField("rang")
    professionnel = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="médecin"
    )
    # What the computation found; the desk may choose another, and come back.
    calcule = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="médecin trouvé"
    )
    suivants = ArrayField(models.UUIDField(), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField("minutes de trajet", null=True, blank=True)
    raison = models.CharField("raison", max_length=30, blank=True)
    explication = models.JSONField("explication", default=dict)
    decision = models.CharField("décision", max_length=8, choices=Decision.choices, default=Decision.PROPOSEE)
    # The doctor of the run before, when the rest was computed again and this one changed.
    avant = models.ForeignKey(
        Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="auparavant"
    )
    issue = models.CharField("envoi", max_length=9, choices=Issue.choices, default=Issue.A_ENVOYER)
    saut = models.CharField("pourquoi non envoyée", max_length=12, choices=Saut.choices, blank=True)
    envoyee_le = models.DateTimeField("envoyée le", null=True, blank=True)
    # The call that the sending opened: the room refuses two living ones for a request.
    appel = models.ForeignKey(Appel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    suivi: ClassVar[bool] = False  # the services journal decisions; thousands of lines are written at once

    class Meta:
        verbose_name = "ligne d’une répartition"
        verbose_name_plural = "lignes d’une répartition"
        constraints = [
            models.UniqueConstraint(fields=["repartition", "demande"], name="mt_repartition_ligne_unique"),
            models.UniqueConstraint(fields=["appel"], name="mt_repartition_un_appel"),
            models.CheckConstraint(
                condition=Q(decision__in=[Decision.PROPOSEE, Decision.RETIRER]) | Q(professionnel__isnull=False),
                name="mt_repartition_decision_medecin",
            ),
            models.CheckConstraint(
                condition=(
                    Q(issue=Issue.ENVOYEE, envoyee_le__isnull=False, appel__isnull=False, professionnel__isnull=False)
                    & ~Q(decision=Decision.RETIRER)
                )
                | (~Q(issue=Issue.ENVOYEE) & Q(envoyee_le__isnull=True, appel__isnull=True)),
                name="mt_repartition_ligne_envoi_date",
            ),
            models.CheckConstraint(
                condition=(Q(issue=Issue.SAUTEE) & ~Q(saut="")) | (~Q(issue=Issue.SAUTEE) & Q(saut="")),
                name="mt_repartition_saut_dit",
            ),
            models.CheckConstraint(
                condition=Q(professionnel__isnull=False) | ~Q(raison=""), name="mt_repartition_attente_dite"
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "repartition", "rang"], name="mt_repartition_rang"),
            models.Index(fields=["cpts", "repartition", "professionnel"], name="mt_repartition_medecin"),
        ]

    def __str__(self) -> str:
        return f"{self.demande_id} → {self.professionnel_id or '–'}"

    @property
    def is_retenue(self) -> bool:
        """Whether the sending will propose it."""
        return self.professionnel_id is not None and self.decision != Decision.RETIRER
