"""The fiche-action: what meetings, spending and evidence hang on."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.bibliotheque.models import Document
from maillon.communaute.personnes.models import Groupe, Personne
from maillon.communaute.personnes.selectors import find_place
from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission

from .enums import OUVERTES, Etat
from .permissions import LIRE, LIRE_TOUT, missions_kept_by


class ActionQuerySet(models.QuerySet["Action"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The bureau and the coordination read every fiche; others those of the missions and groups in which they take
        part, and those that they lead."""
        if acteur.cpts_id is None or not acteur.can(LIRE):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(LIRE_TOUT):
            return rows
        place = find_place(acteur)
        siennes = Q(mission__in=place.missions) | Q(groupe__in=place.groupes)
        return rows.filter(siennes | Q(responsable=place.personne_id) if place.personne_id else siennes)

    def kept_by(self, acteur: Acteur) -> Self:
        """Those that this actor may change: all, or a referent those of the mission."""
        return self.filter(cpts_id=acteur.cpts_id, mission__in=missions_kept_by(acteur))

    def late(self, on: date) -> Self:
        """Neither done nor given up, and past their end."""
        return self.filter(etat__in=OUVERTES, fin__lt=on)


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
    partenaires = models.ManyToManyField(Structure, through="Partenaire", related_name="+")

    historise: ClassVar[tuple[str, ...]] = ("etat", "debut", "fin")

    objects = ActionQuerySet.as_manager()

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

    @property
    def is_ouverte(self) -> bool:
        return self.etat in OUVERTES

    def is_late(self, on: date) -> bool:
        """Whether its end has passed without its being done or given up."""
        return self.is_ouverte and self.fin is not None and self.fin < on


class Partenaire(ModeleCpts):
    """A structure that takes part in an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="liens_partenaires")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "partenaire d’une action"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "structure"],
                name="action_partenaire_unique",
                violation_error_message="Cette structure est déjà partenaire de l’action.",
            )
        ]
        indexes = [models.Index(fields=["cpts", "structure"], name="action_partenaire")]

    def __str__(self) -> str:
        return str(self.structure)


class EtapeAction(ModeleCpts):
    """A milestone of an action: to be done by `echeance`, done on `faite_le`; one taken away keeps its row."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="etapes")
    libelle = models.CharField("étape", max_length=160)
    echeance = models.DateField("échéance")
    faite_le = models.DateField("faite le", null=True, blank=True)
    retiree = models.BooleanField("retirée", default=False)
    sequence = models.PositiveIntegerField("version pour les agendas", default=0)

    historise: ClassVar[tuple[str, ...]] = ("echeance", "faite_le", "retiree")

    class Meta:
        verbose_name = "étape d’une action"
        ordering = ["echeance", "id"]
        indexes = [models.Index(fields=["cpts", "echeance"], name="action_etape_echeance")]

    def __str__(self) -> str:
        return self.libelle

    def is_late(self, on: date) -> bool:
        return self.faite_le is None and self.echeance < on


class DocumentAction(ModeleCpts):
    """A document of the library that hangs on an action."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="liens_documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "document d’une action"
        constraints = [
            models.UniqueConstraint(
                fields=["action", "document"],
                name="action_document_unique",
                violation_error_message="Ce document est déjà rattaché à l’action.",
            )
        ]
        indexes = [models.Index(fields=["cpts", "document"], name="action_document")]

    def __str__(self) -> str:
        return str(self.document)
