"""A solved plan, kept to be compared."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now

from ..enums import EtatVariante, NatureVariante
from ..permissions import GERER
from .tableaux import Tableau


class VarianteQuerySet(models.QuerySet["Variante"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Who builds rosters."""
        if acteur.genre is Genre.SYSTEME:
            return self
        return self.filter(cpts_id=acteur.cpts_id) if acteur.can(GERER) else self.none()


class Variante(ModeleCpts):
    """A plan as the rule gave it: `probleme` and `plan` in its documented format, explanations
    included, so that anybody may check them again; `bilan` the figures by which variants are compared."""

    tableau = models.ForeignKey(Tableau, on_delete=models.CASCADE, related_name="variantes")
    numero = models.PositiveSmallIntegerField("numéro")
    nature = models.CharField("nature", max_length=12, choices=NatureVariante.choices, default=NatureVariante.COMPLETE)
    etat = models.CharField("état", max_length=9, choices=EtatVariante.choices, default=EtatVariante.EN_CALCUL)
    duree_max = models.PositiveSmallIntegerField("temps de calcul accordé (s)", default=30)
    parametres = models.JSONField("paramètres", default=dict, blank=True)
    probleme = models.JSONField("problème", default=dict, blank=True)
    plan = models.JSONField("plan", default=dict, blank=True)
    bilan = models.JSONField("chiffres", default=dict, blank=True)
    avancement = models.JSONField("où en est le calcul", default=dict, blank=True)
    erreur = models.CharField("ce qui l’a arrêtée", max_length=400, blank=True)
    lancee_le = models.DateTimeField("lancée le", default=now)
    calculee_le = models.DateTimeField("calculée le", null=True, blank=True)
    retenue_le = models.DateTimeField("retenue le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "calculee_le", "retenue_le")

    objects = VarianteQuerySet.as_manager()

    class Meta:
        verbose_name = "variante d’un tableau de garde"
        verbose_name_plural = "variantes d’un tableau de garde"
        ordering = ["-numero"]
        constraints = [
            models.UniqueConstraint(fields=["tableau", "numero"], name="gardes_variante_numero"),
            models.UniqueConstraint(
                fields=["tableau"],
                condition=Q(etat=EtatVariante.EN_CALCUL),
                name="gardes_variante_un_calcul",
                violation_error_message="Un calcul est déjà en cours pour ce tableau.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatVariante.ECHEC) | ~Q(erreur=""), name="gardes_variante_echec_dit"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "tableau"], name="gardes_variante_tableau")]

    def __str__(self) -> str:
        return f"Variante {self.numero}"
