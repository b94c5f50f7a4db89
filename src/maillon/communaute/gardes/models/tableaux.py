"""A duty roster and the shifts that it must fill."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillon.communaute.annuaire.enums import Profession
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.ui.composants import Pastille, Ton

from ..enums import EN_CONSTRUCTION, OFFICIELS, TRANSITIONS_TABLEAU, EtatTableau, GenrePoste
from ..permissions import GERER, REPONDRE, VOIR
from .refus import ActionRefusee

TONS: dict[str, Ton] = {
    EtatTableau.BROUILLON: "neutre",
    EtatTableau.VOEUX: "cours",
    EtatTableau.CALCUL: "attente",
    EtatTableau.PUBLIE: "bien",
    EtatTableau.CLOS: "neutre",
}


class TableauQuerySet(models.QuerySet["Tableau"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Who builds rosters sees them all; members the published ones; a participant those that ask their wishes."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.cpts_id is None:
            return self.none()
        own = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(GERER):
            return own
        seen = Q(pk__in=[])
        if acteur.can(VOIR):
            seen |= Q(etat__in=OFFICIELS)
        if acteur.can(REPONDRE) and acteur.rpps:
            seen |= Q(etat=EtatTableau.VOEUX, participants__professionnel__rpps=acteur.rpps)
        return own.filter(seen).distinct()


class Tableau(ModeleCpts):
    """A roster over a period of days (`fin` included). Its limits are data of the problem that is solved."""

    nom = models.CharField("nom", max_length=120)
    debut = models.DateField("du")
    fin = models.DateField("au")
    etat = models.CharField("état", max_length=9, choices=EtatTableau.choices, default=EtatTableau.BROUILLON)
    professions = ArrayField(models.CharField(max_length=2, choices=Profession.choices), verbose_name="professions")
    voeux_avant = models.DateField("vœux attendus avant le", null=True, blank=True)
    max_semaine = models.PositiveSmallIntegerField("gardes au plus par semaine", default=2)
    max_weekends = models.PositiveSmallIntegerField("week-ends au plus par mois", default=2)
    ecart_heures = models.PositiveSmallIntegerField("heures entre deux gardes", default=12)
    publie_le = models.DateTimeField("publié le", null=True, blank=True)
    clos_le = models.DateTimeField("terminé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "debut", "fin", "voeux_avant", "publie_le", "clos_le")

    objects = TableauQuerySet.as_manager()

    class Meta:
        verbose_name = "tableau de garde"
        verbose_name_plural = "tableaux de garde"
        ordering = ["-debut", "nom"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin__gte=F("debut")),
                name="gardes_tableau_dates",
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(condition=~Q(professions=[]), name="gardes_tableau_professions"),
            models.CheckConstraint(
                condition=~Q(etat__in=OFFICIELS) | Q(publie_le__isnull=False), name="gardes_tableau_publie_date"
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatTableau.CLOS, clos_le__isnull=False)
                | (~Q(etat=EtatTableau.CLOS) & Q(clos_le__isnull=True)),
                name="gardes_tableau_clos_date",
            ),
            models.CheckConstraint(
                condition=Q(max_semaine__gte=1, ecart_heures__lte=168), name="gardes_tableau_limites"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "-debut"], name="gardes_tableau_liste")]

    def __str__(self) -> str:
        return self.nom

    @property
    def pastille(self) -> Pastille:
        return Pastille(self.get_etat_display(), TONS[self.etat])

    @property
    def is_en_construction(self) -> bool:
        return self.etat in EN_CONSTRUCTION

    @property
    def is_officiel(self) -> bool:
        return self.etat in OFFICIELS

    def move_to(self, etat: EtatTableau) -> None:
        """Change state, by the table of transitions; ActionRefusee otherwise. The caller saves."""
        if etat not in TRANSITIONS_TABLEAU[EtatTableau(self.etat)]:
            raise ActionRefusee(
                f"Ce tableau est «\u00a0{self.get_etat_display()}\u00a0»\u00a0: rien n’a été changé. Rechargez la "
                "page pour voir où il en est."
            )
        self.etat = etat


class PosteQuerySet(models.QuerySet["Poste"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """With the roster."""
        if acteur.genre is Genre.SYSTEME:
            return self
        return self.filter(tableau__in=Tableau.objects.visible_to(acteur))


class Poste(ModeleCpts):
    """A shift to fill: when, by how many of which profession, where. `jour` is its day in the zone of the community."""

    tableau = models.ForeignKey(Tableau, on_delete=models.CASCADE, related_name="postes")
    profession = models.CharField("profession", max_length=2, choices=Profession.choices)
    jour = models.DateField("jour")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    nombre = models.PositiveSmallIntegerField("combien de personnes", default=1)
    genre = models.CharField("genre", max_length=8, choices=GenrePoste.choices)
    ferie = models.CharField("jour férié", max_length=60, blank=True)
    lieu = models.CharField("lieu", max_length=160, blank=True)
    telephone = models.CharField("téléphone du lieu", max_length=20, blank=True)

    suivi: ClassVar[bool] = False

    objects = PosteQuerySet.as_manager()

    class Meta:
        verbose_name = "garde à pourvoir"
        verbose_name_plural = "gardes à pourvoir"
        ordering = ["debut", "profession", "lieu"]
        constraints = [
            models.UniqueConstraint(
                fields=["tableau", "profession", "debut", "fin", "lieu"],
                name="gardes_poste_unique",
                violation_error_message="Cette garde est déjà dans le tableau.",
            ),
            models.CheckConstraint(
                condition=Q(fin__gt=F("debut")),
                name="gardes_poste_heures",
                violation_error_message="La fin de la garde précède son début.",
            ),
            models.CheckConstraint(condition=Q(nombre__gte=1, nombre__lte=20), name="gardes_poste_nombre"),
        ]
        indexes = [models.Index(fields=["cpts", "profession", "debut"], name="gardes_poste_moment")]

    def __str__(self) -> str:
        return f"{self.get_profession_display()} {self.jour:%d/%m/%Y}"
