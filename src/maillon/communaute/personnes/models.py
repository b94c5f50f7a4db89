"""People with whom a community works, and their groups.

A `Personne` is what meetings, pay, messages and the calendar point to: a member, somebody salaried, a contact in a
partner's house. The national facts stay on `Professionnel`, the rights on `Membre`.
"""

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Mission
from maillon.socle.droits.models import Membre

from .enums import GenreGroupe, Instance
from .permissions import VOIR


class PersonneQuerySet(models.QuerySet["Personne"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Members see the people of their own community; a partner and the outside see nobody."""
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)

    def en_activite(self) -> Self:
        """Those neither gone nor merged into another row."""
        return self.filter(partie_le=None, fusionnee_dans=None)


class Personne(ModeleCpts):
    """One person, once in a community."""

    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    courriel = models.EmailField("courriel", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    fonction = models.CharField("fonction", max_length=120, blank=True)
    # What the other members may read; who keeps the people up to date reads it in any case.
    montre_courriel = models.BooleanField("courriel montré aux autres membres", default=False, db_default=False)
    montre_telephone = models.BooleanField("téléphone montré aux autres membres", default=False, db_default=False)
    professionnel = models.ForeignKey(
        Professionnel, null=True, blank=True, on_delete=models.PROTECT, related_name="personnes"
    )
    membre = models.ForeignKey(Membre, null=True, blank=True, on_delete=models.PROTECT, related_name="personnes")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="personnes")
    partie_le = models.DateField("partie le", null=True, blank=True)
    fusionnee_dans = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="fusions")

    objects = PersonneQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        ordering = ["nom", "prenom"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "professionnel"],
                condition=Q(fusionnee_dans=None),
                name="personne_professionnel_unique",
                violation_error_message="Ce professionnel est déjà une personne de la communauté.",
            ),
            models.UniqueConstraint(
                fields=["cpts", "membre"],
                condition=Q(fusionnee_dans=None),
                name="personne_membre_unique",
                violation_error_message="Ce compte est déjà celui d’une personne de la communauté.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "nom", "prenom"], name="personne_nom")]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def metier(self) -> str:
        """What this person does: the profession of the directory, else what was written."""
        return self.professionnel.libelle_profession if self.professionnel else self.fonction


class GroupeQuerySet(models.QuerySet["Groupe"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Members see the groups of their own community; a partner and the outside see none."""
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)


class Groupe(ModeleCpts):
    """People who meet or are written to together: a commission, a working group, a mailing list.

    `instance` marks the two that the statutes name: their people come from the offices held.
    """

    nom = models.CharField("nom", max_length=120)
    genre = models.CharField("genre", max_length=16, choices=GenreGroupe.choices)
    mission = models.CharField("mission", max_length=16, choices=Mission.choices, blank=True)
    instance = models.CharField(
        "instance des statuts", max_length=8, choices=Instance.choices, blank=True, db_default=""
    )
    objet = models.CharField("à quoi il sert", max_length=200, blank=True, db_default="")
    ferme_le = models.DateField("fermé le", null=True, blank=True)

    objects = GroupeQuerySet.as_manager()

    class Meta:
        verbose_name = "groupe"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "nom"],
                condition=Q(ferme_le=None),
                name="groupe_nom_unique",
                violation_error_message="Un groupe porte déjà ce nom.",
            ),
            models.UniqueConstraint(
                fields=["cpts", "instance"],
                condition=Q(ferme_le=None) & ~Q(instance=""),
                name="groupe_instance_unique",
                violation_error_message="Cette instance existe déjà.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class Appartenance(ModeleCpts):
    """A person in a group, since a date (to `jusqu_a`, excluded)."""

    groupe = models.ForeignKey(Groupe, on_delete=models.CASCADE, related_name="appartenances")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="appartenances")
    responsable = models.BooleanField("responsable du groupe", default=False)
    depuis = models.DateField("depuis")
    jusqu_a = models.DateField("jusqu’à", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("depuis", "jusqu_a")

    class Meta:
        verbose_name = "appartenance à un groupe"
        constraints = [
            models.UniqueConstraint(
                fields=["groupe", "personne"],
                condition=Q(jusqu_a=None),
                name="appartenance_unique",
                violation_error_message="Cette personne est déjà dans le groupe.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_a=None) | Q(jusqu_a__gte=models.F("depuis")), name="appartenance_dates"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "personne"], name="appartenance_personne")]

    def __str__(self) -> str:
        return f"{self.personne} – {self.groupe}"

    @property
    def dernier_jour(self) -> date | None:
        """The last day in the group; None while it has no end."""
        return self.jusqu_a - timedelta(days=1) if self.jusqu_a else None
