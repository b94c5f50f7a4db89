"""The number of a request, and the gestures of the public form."""

from typing import ClassVar

from django.db import models

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now


class Compteur(ModeleCpts):
    """The last number given to a request in a year, by community."""

    annee = models.PositiveSmallIntegerField("année")
    dernier = models.PositiveIntegerField("dernier numéro", default=0)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "compteur de références"
        constraints = [models.UniqueConstraint(fields=["cpts", "annee"], name="mt_compteur_un_par_annee")]

    def __str__(self) -> str:
        return f"{self.annee} : {self.dernier}"


class PassagePublic(ModeleCpts):
    """A public gesture under a keyed hash of the network address, kept one day: it slows down robots."""

    source = models.BinaryField("empreinte de l’adresse", max_length=16)
    geste = models.CharField("geste", max_length=12)
    le = models.DateTimeField("le", default=now)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "passage sur un formulaire public"
        indexes = [models.Index(fields=["cpts", "source", "le"], name="mt_passage_source")]

    def __str__(self) -> str:
        return f"{self.geste} {self.le:%Y-%m-%d}"
