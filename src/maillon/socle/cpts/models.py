"""The tenant, and the base class of everything that belongs to one."""

from datetime import date
from typing import ClassVar

from django.db import models

from maillon.socle.identifiants import new_id


class Cpts(models.Model):
    """A communauté professionnelle territoriale de santé: the tenant. Contract data live upstairs."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField("adresse courte", unique=True)
    nom = models.CharField("nom", max_length=120)
    departement = models.CharField("département", max_length=3)
    region = models.CharField("région", max_length=3)
    fuseau = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    courriel = models.EmailField("courriel", blank=True)
    # Rooms that hold patients stay locked until the operator has recorded the hosting and the AIPD.
    patients_ouverts_le = models.DateField("espaces patients ouverts le", null=True, blank=True)
    fictive = models.BooleanField("communauté de démonstration", default=False)

    class Meta:
        verbose_name = "communauté"
        verbose_name_plural = "communautés"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    def is_ouverte_aux_patients(self, *, on: date) -> bool:
        """Whether its patient rooms are open that day: the operator has said so, or its people are fictitious."""
        return self.fictive or (self.patients_ouverts_le is not None and self.patients_ouverts_le <= on)


class ModeleIdentifie(models.Model):
    """A row with a UUIDv7 key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


class ModeleCpts(ModeleIdentifie):
    """A row of one community: row level security and grants are installed by `socle.promesses`.

    Class attributes say which promises the database keeps:
    `ajout_seul`: the runtime role may insert and read, never update nor delete;
    `suivi`: a trigger writes every change to the journal (which columns changed);
    `historise`: columns whose old and new values the trigger keeps too (states and dates, never identity or free text);
    `tu`: columns that the trigger never names, because a change says what few may know of a person;
    `colonnes_lisibles`: when given, the only columns that the runtime role may read;
    `politique`: another policy expression than "the current community";
    `politique_lecture`: an expression under which rows may also be read, but not written.
    """

    cpts = models.ForeignKey(Cpts, on_delete=models.PROTECT, related_name="+", verbose_name="communauté")

    ajout_seul: ClassVar[bool] = False
    suivi: ClassVar[bool] = True
    historise: ClassVar[tuple[str, ...]] = ()
    tu: ClassVar[tuple[str, ...]] = ()
    colonnes_lisibles: ClassVar[tuple[str, ...]] = ()
    politique: ClassVar[str] = ""
    politique_lecture: ClassVar[str] = ""

    class Meta:
        abstract = True
