"""What the professionals of a community say of themselves: never written over the national facts, shown beside them."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..choix import Accessibilite, ChampCorrige, Domicile, Langue, NouveauxPatients, Rubrique, list_libelles
from ..permissions import VOIR
from .professionnels import Activite, Professionnel


class FicheProfessionnel(ModeleCpts):
    """What a professional says in one community. Its members read all of it, the public the `publics` alone."""

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="fiches")
    nouveaux_patients = models.CharField(
        "accepte de nouveaux patients", max_length=12, choices=NouveauxPatients.choices, blank=True
    )
    conditions = models.CharField("à quelles conditions", max_length=200, blank=True)
    nouveaux_patients_le = models.DateField("dit le", null=True, blank=True)
    domicile = models.CharField("visites à domicile", max_length=8, choices=Domicile.choices, blank=True)
    langues = ArrayField(models.CharField(max_length=3, choices=Langue.choices), default=list, blank=True)
    accessibilite = models.CharField("accès au cabinet", max_length=8, choices=Accessibilite.choices, blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    horaires = models.TextField("horaires", max_length=500, blank=True)
    remarques = models.TextField("remarques", max_length=500, blank=True)
    publics = ArrayField(models.CharField(max_length=16, choices=Rubrique.choices), default=list, blank=True)
    publie_le = models.DateTimeField("montrée au public depuis", null=True, blank=True)
    modifiee_le = models.DateTimeField("modifiée le", default=now)

    class Meta:
        verbose_name = "fiche de l’annuaire"
        verbose_name_plural = "fiches de l’annuaire"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "professionnel"],
                name="fiche_professionnel_unique",
                violation_error_message="Ce professionnel a déjà une fiche.",
            ),
            models.CheckConstraint(
                condition=Q(publics=[], publie_le=None)
                | Q(publics__contains=[Rubrique.FICHE], publie_le__isnull=False),
                name="fiche_publique_datee",
                violation_error_message="Rien n’est public sans le nom, la profession et la date de l’accord.",
            ),
        ]

    def __str__(self) -> str:
        return f"fiche de {self.professionnel}"

    @property
    def is_publique(self) -> bool:
        return Rubrique.FICHE in self.publics

    @property
    def libelles_langues(self) -> list[str]:
        return list_libelles(self.langues, Langue)

    def shows(self, rubrique: Rubrique) -> bool:
        """Whether the public may read this."""
        return rubrique in self.publics


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Members read the corrections of their own community."""
        if acteur.cpts_id is None or not acteur.can(VOIR):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)

    def en_vigueur(self) -> Self:
        return self.filter(retiree_le=None)


class Correction(ModeleCpts):
    """What a professional says at a place, where the national directory says something else.

    `lieu` is the key of the place, which outlives its row. `nationale` is what the directory said when the correction
    was last kept: when it changes, somebody is asked again. `retiree_le`: the national value was preferred.
    """

    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="corrections")
    lieu = models.CharField("lieu", max_length=120)
    champ = models.CharField("champ", max_length=12, choices=ChampCorrige.choices)
    valeur = models.CharField("valeur", max_length=254)
    nationale = models.CharField("valeur nationale d’alors", max_length=254, blank=True)
    gardee_le = models.DateField("gardée le")
    retiree_le = models.DateField("retirée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("gardee_le", "retiree_le")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = "correction de l’annuaire"
        verbose_name_plural = "corrections de l’annuaire"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "professionnel", "lieu", "champ"],
                condition=Q(retiree_le=None),
                name="correction_unique",
                violation_error_message="Cette information est déjà corrigée.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_champ_display()} de {self.professionnel}"


class PassageAnnuaire(ModeleCpts):
    """A search of the public directory, under a keyed hash of the network address, kept one hour: robots slow down."""

    source = models.BinaryField("empreinte de l’adresse", max_length=16)
    le = models.DateTimeField("le", default=now)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "passage dans l’annuaire public"
        verbose_name_plural = "passages dans l’annuaire public"
        indexes = [models.Index(fields=["cpts", "source", "le"], name="annuaire_passage_source")]

    def __str__(self) -> str:
        return f"{self.le:%Y-%m-%d}"


def key_of(activite: Activite) -> str:
    """The key under which a place is corrected: its national key, else its own."""
    return activite.cle_nationale or str(activite.pk)
