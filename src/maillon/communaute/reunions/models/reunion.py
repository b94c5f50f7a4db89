"""A meeting and who takes part in it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from maillon.communaute.actions.models import Action
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre, Mission
from maillon.socle.fichiers.models import Fichier

from ..enums import Etat, Presence, PreuvePresence, Reponse, TypeReunion
from ..permissions import GERER, VOIR


class ActionRefusee(Exception):
    """An action that the state of things does not allow; the message, in French, is shown to the person."""


class ReunionQuerySet(models.QuerySet["Reunion"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Organisers see every meeting of their community; others those to which they are invited; a link its own."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(participations=acteur.lien_objet)
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
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    motif_annulation = models.CharField("motif de l’annulation", max_length=300, blank=True, db_default="")
    # The meeting of which this one is the next of the series, or the second convocation for want of quorum.
    precedente = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="suivantes", verbose_name="fait suite à"
    )
    seconde = models.BooleanField("seconde convocation, sans quorum", default=False, db_default=False)

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
                condition=Q(seconde=False) | Q(precedente__isnull=False),
                name="reunion_seconde_fait_suite",
                violation_error_message="Une seconde convocation fait suite à une réunion restée sans quorum.",
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


class PointOrdreDuJour(ModeleCpts):
    """An item of the agenda: its rank, who presents it, how long, what to read."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="points")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("point", max_length=200)
    texte = models.TextField("précisions", blank=True)
    orateur = models.CharField("présenté par", max_length=120, blank=True)
    minutes = models.PositiveSmallIntegerField("durée en minutes", null=True, blank=True)
    document = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "point de l’ordre du jour"
        ordering = ["rang"]
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "rang"], name="point_rang_unique", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return self.titre


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Organisers see everybody's; others and links their own."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return rows
        personne = get_personne_of(acteur)
        return rows.filter(personne=personne) if personne is not None else self.none()


class Participation(ModeleCpts):
    """A person invited to a meeting or present at it: once."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="participations")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="participations")
    reponse = models.CharField("réponse", max_length=12, choices=Reponse.choices, default=Reponse.ATTENDUE)
    repondu_le = models.DateTimeField("répondu le", null=True, blank=True)
    presence = models.CharField("présence", max_length=12, choices=Presence.choices, default=Presence.INCONNUE)
    preuve = models.CharField("preuve de présence", max_length=12, choices=PreuvePresence.choices, blank=True)
    present_le = models.DateTimeField("présence relevée le", null=True, blank=True)
    # For a poll: the best date counts these people first. For a body: who has a voice, frozen at the convocation.
    requise = models.BooleanField("présence nécessaire", default=False, db_default=False)
    votant = models.BooleanField("a une voix", default=False, db_default=False)
    convoquee_le = models.DateTimeField("prévenue le", null=True, blank=True)
    relancee_le = models.DateTimeField("relancée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("reponse", "presence", "preuve", "votant")

    objects = ParticipationQuerySet.as_manager()

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
