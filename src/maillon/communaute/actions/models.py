"""The fiche-action: what meetings, spending and evidence hang on."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.enums import Mission

from .enums import Etat


class Action(ModeleCpts):
    """Something that a community undertakes for a mission, with an owner and dates (`fin` included).

    `indicateur` is the code of the contract's indicator that it serves.
    """

    titre = models.CharField("titre", max_length=160)
    objectif = models.TextField("objectif", blank=True)
    mission = models.CharField("mission", max_length=16, choices=Mission.choices)
    indicateur = models.SlugField("indicateur", max_length=60, blank=True)
    responsable = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="actions_menees"
    )
    groupe = models.ForeignKey(Groupe, null=True, blank=True, on_delete=models.PROTECT, related_name="actions")
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.PREVUE)
    debut = models.DateField("début")
    fin = models.DateField("fin", null=True, blank=True)
    montant_prevu = models.DecimalField("budget prévu", max_digits=12, decimal_places=2, null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "debut", "fin")

    class Meta:
        verbose_name = "action"
        ordering = ["-debut", "titre"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fin=None) | Q(fin__gte=models.F("debut")),
                name="action_dates",
                violation_error_message="La fin de l’action précède son début.",
            ),
            models.CheckConstraint(
                condition=Q(montant_prevu=None) | Q(montant_prevu__gte=0),
                name="action_montant_positif",
                violation_error_message="Le budget prévu est un montant positif.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "mission", "debut"], name="action_mission")]

    def __str__(self) -> str:
        return self.titre
