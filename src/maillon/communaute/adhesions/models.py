"""Membership of a professional or a structure in a community."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur

from .enums import College, Etat
from .permissions import VOIR_MEMBRES


class AdhesionQuerySet(models.QuerySet["Adhesion"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Members see the members of their own community, all of them; nobody else sees any."""
        if acteur.cpts_id is None or not acteur.can(VOIR_MEMBRES):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)


class Adhesion(ModeleCpts):
    """`fin` is the first day when the member no longer is one; a request refused ends without having begun."""

    professionnel = models.ForeignKey(
        Professionnel, null=True, blank=True, on_delete=models.PROTECT, related_name="adhesions"
    )
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="adhesions")
    college = models.CharField("collège", max_length=24, choices=College.choices)
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.DEMANDEE)
    debut = models.DateField("depuis le", null=True, blank=True)
    fin = models.DateField("terminée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "debut", "fin")

    objects = AdhesionQuerySet.as_manager()

    class Meta:
        verbose_name = "adhésion"
        constraints = [
            models.CheckConstraint(
                condition=Q(professionnel__isnull=False, structure=None)
                | Q(professionnel=None, structure__isnull=False),
                name="adhesion_un_adherent",
                violation_error_message="Une adhésion est celle d’un professionnel ou d’une structure.",
            ),
            models.UniqueConstraint(
                fields=["cpts", "professionnel"],
                condition=~Q(etat=Etat.TERMINEE),
                name="adhesion_professionnel_ouverte",
                violation_error_message="Ce professionnel a déjà une adhésion en cours.",
            ),
            models.UniqueConstraint(
                fields=["cpts", "structure"],
                condition=~Q(etat=Etat.TERMINEE),
                name="adhesion_structure_ouverte",
                violation_error_message="Cette structure a déjà une adhésion en cours.",
            ),
            models.CheckConstraint(
                condition=Q(etat=Etat.DEMANDEE, debut=None, fin=None)
                | Q(etat=Etat.ACTIVE, debut__isnull=False, fin=None)
                | Q(etat=Etat.TERMINEE, fin__isnull=False),
                name="adhesion_dates_de_son_etat",
                violation_error_message="Une adhésion active a un début, une adhésion terminée a une fin.",
            ),
            models.CheckConstraint(
                condition=Q(debut=None) | Q(fin=None) | Q(fin__gte=models.F("debut")),
                name="adhesion_fin_apres_debut",
                violation_error_message="La fin de l’adhésion précède son début.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "etat", "debut"], name="adhesion_en_cours")]

    def __str__(self) -> str:
        return f"{self.adherent} ({self.get_etat_display()})"

    @property
    def adherent(self) -> Professionnel | Structure:
        """The professional or the structure: the database keeps exactly one."""
        return self.professionnel or self.structure  # type: ignore[return-value]
