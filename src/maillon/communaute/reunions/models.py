"""A meeting and who takes part in it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from maillon.communaute.actions.models import Action
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission

from .enums import Etat, Presence, PreuvePresence, Reponse, TypeReunion
from .permissions import GERER, VOIR


class ReunionQuerySet(models.QuerySet["Reunion"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Organisers see every meeting of their community; others those to which they are invited."""
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return rows
        personne = get_personne_of(acteur)
        if personne is None:
            return self.none()
        return rows.filter(Exists(Participation.objects.filter(reunion=OuterRef("pk"), personne=personne)))


class Reunion(ModeleCpts):
    """A meeting, attached to a mission, to the contract's indicator that it serves (by its code) and to an action.

    `debut` and `fin` are None while its date is being sought. `sequence` grows at each change that a calendar must see.
    """

    type = models.CharField("type", max_length=16, choices=TypeReunion.choices)
    titre = models.CharField("titre", max_length=160)
    mission = models.CharField("mission", max_length=16, choices=Mission.choices, blank=True)
    indicateur = models.SlugField("indicateur", max_length=60, blank=True)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="reunions")
    groupe = models.ForeignKey(Groupe, null=True, blank=True, on_delete=models.PROTECT, related_name="reunions")
    organisateur = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.PREPARATION)
    debut = models.DateTimeField("début", null=True, blank=True)
    fin = models.DateTimeField("fin", null=True, blank=True)
    lieu = models.CharField("lieu", max_length=200, blank=True)
    visio = models.URLField("lien de visioconférence", blank=True)
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True)
    sequence = models.PositiveIntegerField("version pour les agendas", default=0)

    historise: ClassVar[tuple[str, ...]] = ("etat", "debut", "fin", "convoquee_le")

    objects = ReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        ordering = ["-debut", "titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debut=None, fin=None) | Q(debut__isnull=False, fin__gt=models.F("debut")),
                name="reunion_dates",
                violation_error_message="La fin de la réunion précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(etat__in=[Etat.PREPARATION, Etat.ANNULEE]) | Q(debut__isnull=False),
                name="reunion_datee_une_fois_convoquee",
                violation_error_message="Une réunion convoquée ou tenue a une date.",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "debut"], name="reunion_date"),
            models.Index(fields=["cpts", "mission", "etat", "debut"], name="reunion_mission"),
            models.Index(fields=["cpts", "indicateur", "etat", "debut"], name="reunion_indicateur"),
        ]

    def __str__(self) -> str:
        return self.titre


class Participation(ModeleCpts):
    """A person invited to a meeting or present at it: once."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="participations")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="participations")
    reponse = models.CharField("réponse", max_length=12, choices=Reponse.choices, default=Reponse.ATTENDUE)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    presence = models.CharField("présence", max_length=12, choices=Presence.choices, default=Presence.INCONNUE)
    preuve = models.CharField("preuve de présence", max_length=12, choices=PreuvePresence.choices, blank=True)
    present_le = models.DateTimeField("présence relevée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("reponse", "presence", "preuve")

    class Meta:
        verbose_name = "participation"
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "personne"],
                name="participation_unique",
                violation_error_message="Cette personne est déjà sur la liste de la réunion.",
            ),
            models.CheckConstraint(
                condition=Q(presence=Presence.PRESENT, present_le__isnull=False) & ~Q(preuve="")
                | ~Q(presence=Presence.PRESENT),
                name="participation_presence_prouvee",
                violation_error_message="Une présence dit comment et quand elle a été relevée.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "personne"], name="participation_personne")]

    def __str__(self) -> str:
        return f"{self.personne} – {self.reunion}"
