"""Who is on duty when."""

from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now

from ..enums import OFFICIELLES, TRANSITIONS_GARDE, VIVANTES, EtatGarde, OrigineGarde
from ..permissions import GERER, VOIR
from .participants import Participant
from .refus import ActionRefusee
from .tableaux import Poste, Tableau

PLAGE = Func(F("debut"), F("fin"), function="tstzrange", output_field=DateTimeRangeField())


class GardeQuerySet(models.QuerySet["Garde"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Who builds rosters sees drafts too; members what is published."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        own = self.filter(cpts_id=acteur.cpts_id)
        return own if acteur.can(GERER) else own.exclude(etat=EtatGarde.PROJET)

    def of(self, acteur: Acteur) -> Self:
        """The actor's own."""
        return self.filter(cpts_id=acteur.cpts_id, professionnel__rpps=acteur.rpps or "-")

    def vivantes(self) -> Self:
        return self.filter(etat__in=VIVANTES)

    def officielles(self) -> Self:
        return self.filter(etat__in=OFFICIELLES)


class Garde(ModeleCpts):
    """One professional on one place of a shift. A duty that passes to somebody else is withdrawn (`remplacee_par`) and
    another is written. `sequence` grows at each change that a calendar must see."""

    tableau = models.ForeignKey(Tableau, on_delete=models.CASCADE, related_name="gardes")
    poste = models.ForeignKey(Poste, on_delete=models.CASCADE, related_name="gardes")
    place = models.PositiveSmallIntegerField("place", default=1)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="gardes")
    # Copied from the shift and the participant, so that the database refuses two at once over all communities.
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    etat = models.CharField("état", max_length=9, choices=EtatGarde.choices, default=EtatGarde.PROJET)
    origine = models.CharField("origine", max_length=12, choices=OrigineGarde.choices, default=OrigineGarde.CALCUL)
    sequence = models.PositiveIntegerField("version pour les agendas", default=0)
    remplacee_par = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace"
    )
    ecrite_le = models.DateTimeField("écrite le", default=now)
    publiee_le = models.DateTimeField("publiée le", null=True, blank=True)
    constatee_le = models.DateTimeField("constatée le", null=True, blank=True)
    empreinte = models.CharField("empreinte de la preuve", max_length=64, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "debut", "fin", "publiee_le", "constatee_le")

    objects = GardeQuerySet.as_manager()

    class Meta:
        verbose_name = "garde"
        ordering = ["debut", "place"]
        constraints = [
            # Over all communities: a professional who belongs to two is one person.
            ExclusionConstraint(
                name="garde_sans_chevauchement",
                expressions=[("professionnel", RangeOperators.EQUAL), (PLAGE, RangeOperators.OVERLAPS)],
                condition=Q(etat__in=OFFICIELLES),
                violation_error_message="Ce professionnel a déjà une garde à cette heure.",
            ),
            ExclusionConstraint(
                name="garde_projet_sans_chevauchement",
                expressions=[
                    ("tableau", RangeOperators.EQUAL),
                    ("professionnel", RangeOperators.EQUAL),
                    (PLAGE, RangeOperators.OVERLAPS),
                ],
                condition=Q(etat=EtatGarde.PROJET),
                violation_error_message="Ce professionnel a déjà une garde à cette heure dans ce tableau.",
            ),
            models.UniqueConstraint(
                fields=["poste", "place"],
                condition=Q(etat__in=VIVANTES),
                name="garde_une_par_place",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="garde_heures"),
            models.CheckConstraint(
                condition=Q(etat=EtatGarde.PROJET) | Q(publiee_le__isnull=False), name="garde_publiee_datee"
            ),
            models.CheckConstraint(
                condition=Q(etat__in=(EtatGarde.TENUE, EtatGarde.NON_TENUE), constatee_le__isnull=False)
                | (~Q(etat__in=(EtatGarde.TENUE, EtatGarde.NON_TENUE)) & Q(constatee_le__isnull=True)),
                name="garde_constat_date",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "debut"], name="garde_moment"),
            models.Index(fields=["cpts", "professionnel", "debut"], name="garde_professionnel"),
            models.Index(fields=["cpts", "tableau", "etat"], name="garde_tableau"),
        ]

    def __str__(self) -> str:
        return f"{self.debut:%d/%m/%Y %H:%M} ({self.get_etat_display()})"

    def move_to(self, etat: EtatGarde) -> None:
        """Change state, by the table of transitions; ActionRefusee otherwise. The caller saves."""
        if etat not in TRANSITIONS_GARDE[EtatGarde(self.etat)]:
            raise ActionRefusee(
                f"Cette garde est «\u00a0{self.get_etat_display()}\u00a0»\u00a0: rien n’a été changé. Rechargez la "
                "page."
            )
        self.etat = etat
        self.sequence += 1
