"""Membership of a professional or a structure in a community."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.personnes.models import Personne
from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur

from ..enums import Etat
from ..permissions import VOIR_MEMBRES


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
    college = models.CharField("collège", max_length=24)  # the code of a college of the community
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


class CollegeStatutaire(ModeleCpts):
    """A college of the statutes. A community that wrote none has those of `enums.College`."""

    code = models.SlugField("code", max_length=24)
    nom = models.CharField("nom", max_length=80)
    ordre = models.PositiveSmallIntegerField("ordre", default=0)
    ferme_le = models.DateField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "collège"
        ordering = ["ordre", "nom"]
        constraints = [
            models.UniqueConstraint(fields=["cpts", "code"], name="college_code_unique"),
            models.UniqueConstraint(
                fields=["cpts", "nom"],
                condition=Q(ferme_le=None),
                name="college_nom_unique",
                violation_error_message="Un collège porte déjà ce nom.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Rattachement(ModeleCpts):
    """A person who works in a member structure, since a date (to `jusqu_a`, excluded); one of them represents it."""

    adhesion = models.ForeignKey(Adhesion, on_delete=models.CASCADE, related_name="rattachements")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="rattachements")
    representant = models.BooleanField("représente la structure", default=False)
    depuis = models.DateField("depuis")
    jusqu_a = models.DateField("jusqu’à", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("representant", "depuis", "jusqu_a")

    class Meta:
        verbose_name = "professionnel d’une structure membre"
        constraints = [
            models.UniqueConstraint(
                fields=["adhesion", "personne"],
                condition=Q(jusqu_a=None),
                name="rattachement_unique",
                violation_error_message="Cette personne est déjà rattachée à la structure.",
            ),
            models.UniqueConstraint(
                fields=["adhesion"],
                condition=Q(jusqu_a=None, representant=True),
                name="rattachement_un_representant",
                violation_error_message="Cette structure a déjà un représentant.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_a=None) | Q(jusqu_a__gte=models.F("depuis")), name="rattachement_dates"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "personne"], name="rattachement_personne")]

    def __str__(self) -> str:
        return f"{self.personne} – {self.adhesion.adherent}"
