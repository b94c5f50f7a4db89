"""A list received, the mapping kept for its titles, and what each row did."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import EtatReprise, Genre, Issue


class Correspondance(ModeleCpts):
    """How a set of titles was read: the next list with the same ones is read without asking."""

    signature = models.CharField("empreinte des titres", max_length=64)
    colonnes = models.JSONField("champ de chaque titre", default=dict)
    modifiee_le = models.DateTimeField("modifiée le", default=now)

    class Meta:
        verbose_name = "lecture gardée d’une liste"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "signature"], name="correspondance_liste_unique"),
        ]

    def __str__(self) -> str:
        return self.signature[:12]


class Reprise(ModeleCpts):
    """One list received, from its deposit to what it wrote, and to its undoing."""

    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")
    feuille = models.CharField("feuille", max_length=100, blank=True)
    genre = models.CharField("ces personnes sont", max_length=12, choices=Genre.choices, default=Genre.MEMBRES)
    date_defaut = models.DateField("date d’adhésion par défaut")
    colonnes = models.JSONField("champ de chaque titre", default=dict, blank=True)
    etat = models.CharField("état", max_length=12, choices=EtatReprise.choices, default=EtatReprise.A_LIRE)
    erreur = models.CharField("ce qui l’a arrêtée", max_length=300, blank=True)
    deposee_le = models.DateTimeField("déposée le", default=now, editable=False)
    deposee_par = models.UUIDField("compte", null=True, blank=True)
    appliquee_le = models.DateTimeField("enregistrée le", null=True, blank=True)
    appliquee_par = models.UUIDField("compte", null=True, blank=True)
    annulee_le = models.DateTimeField("annulée le", null=True, blank=True)
    annulee_par = models.UUIDField("compte", null=True, blank=True)
    lues = models.PositiveIntegerField("lignes lues", default=0)

    historise: ClassVar[tuple[str, ...]] = ("etat",)

    class Meta:
        verbose_name = "liste reprise"
        verbose_name_plural = "listes reprises"
        ordering = ["-deposee_le"]
        indexes = [models.Index(fields=["cpts", "deposee_le"], name="reprise_recente")]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat__in=[EtatReprise.APPLIQUEE, EtatReprise.ANNULATION, EtatReprise.ANNULEE])
                & Q(appliquee_le__isnull=False)
                | ~Q(etat__in=[EtatReprise.APPLIQUEE, EtatReprise.ANNULATION, EtatReprise.ANNULEE])
                & Q(appliquee_le=None),
                name="reprise_appliquee_a_une_date",
            ),
        ]

    def __str__(self) -> str:
        return self.fichier.nom


class LigneReprise(ModeleCpts):
    """One row of a list: what it would do, what somebody decided of it, what it did.

    `differences` is a list of [field, kept here, said by the list]; `candidats` of [key, words]; `cree` of [model, key]
    in the order of creation; `avant` the values that the row replaced and wrote, by field.
    """

    reprise = models.ForeignKey(Reprise, on_delete=models.CASCADE, related_name="lignes", db_index=False)
    numero = models.PositiveIntegerField("ligne du fichier")
    nom = models.CharField("personne", max_length=170, blank=True)
    issue = models.CharField("issue", max_length=12, choices=Issue.choices)
    motif = models.CharField("remarque", max_length=400, blank=True)
    differences = models.JSONField("différences", default=list, blank=True)
    candidats = models.JSONField("personnes possibles", default=list, blank=True)
    choix = models.CharField("décision", max_length=60, blank=True)
    faite = models.BooleanField("a écrit", default=False)
    personne = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    cree = models.JSONField("créé", default=list, blank=True)
    avant = models.JSONField("valeurs remplacées", default=dict, blank=True)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "ligne d’une liste reprise"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["reprise", "numero"], name="ligne_reprise_unique"),
        ]
        indexes = [models.Index(fields=["cpts", "reprise", "issue", "numero"], name="ligne_reprise_issue")]

    def __str__(self) -> str:
        return f"ligne {self.numero}"
