"""Feeds that calendars subscribe to, calendars kept elsewhere, and the busy times read from them."""

from typing import ClassVar
from urllib.parse import urlsplit

from django.db import models
from django.db.models import F, Q

from maillon.communaute.personnes.models import Groupe, Personne
from maillon.socle.chiffrement import decrypt, encrypt
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.horloge import now

from .enums import GenreExterne


class Flux(ModeleCpts):
    """The calendar of a person or of a group, read by the signed link of purpose `agenda.flux` on this row."""

    personne = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="flux_agenda")
    groupe = models.ForeignKey(Groupe, null=True, blank=True, on_delete=models.PROTECT, related_name="flux_agenda")
    # Whose link it is: a group's feed is handed to each of its people apart, so that one may be closed alone.
    pour = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="flux_tenus")
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    revoque_le = models.DateTimeField("fermé le", null=True, blank=True)
    lu_le = models.DateTimeField("lu pour la dernière fois le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("revoque_le",)
    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "abonnement à l’agenda"
        ordering = ["cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(personne__isnull=False, groupe=None) | Q(personne=None, groupe__isnull=False),
                name="flux_d_une_personne_ou_d_un_groupe",
            ),
            models.UniqueConstraint(
                fields=["pour", "personne"],
                condition=Q(revoque_le=None, personne__isnull=False),
                name="flux_personne_unique",
            ),
            models.UniqueConstraint(
                fields=["pour", "groupe"], condition=Q(revoque_le=None, groupe__isnull=False), name="flux_groupe_unique"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "pour"], name="flux_pour")]

    def __str__(self) -> str:
        return str(self.groupe or self.personne)


class AgendaExterne(ModeleCpts):
    """A calendar that a person keeps elsewhere. Its address is a secret as much as its password: both are encrypted."""

    personne = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="agendas_externes")
    libelle = models.CharField("nom", max_length=80)
    genre = models.CharField("genre", max_length=8, choices=GenreExterne.choices)
    adresse_chiffree = models.BinaryField("adresse chiffrée")
    utilisateur_chiffre = models.BinaryField("nom d’utilisateur chiffré", default=b"")
    secret_chiffre = models.BinaryField("mot de passe chiffré", default=b"")
    ajoute_le = models.DateTimeField("ajouté le", default=now, editable=False)
    lu_le = models.DateTimeField("lu le", null=True, blank=True)
    essaye_le = models.DateTimeField("essayé le", null=True, blank=True)
    erreur = models.CharField("pourquoi il n’est pas lu", max_length=300, blank=True)

    suivi: ClassVar[bool] = False
    colonnes_chiffrees: ClassVar[tuple[str, ...]] = ("adresse_chiffree", "utilisateur_chiffre", "secret_chiffre")

    class Meta:
        verbose_name = "agenda externe"
        ordering = ["ajoute_le"]
        indexes = [models.Index(fields=["cpts", "personne"], name="agenda_externe_personne")]

    def __str__(self) -> str:
        return self.libelle

    def write_secrets(self, *, adresse: str, utilisateur: str, secret: str) -> None:
        """Encrypt where it is and how to enter."""
        for column, value in zip(self.colonnes_chiffrees, (adresse, utilisateur, secret), strict=True):
            sealed = encrypt(value, cpts_id=self.cpts_id, table=self._meta.db_table, column=column, row_id=self.pk)
            setattr(self, column, sealed)

    def read_secrets(self) -> tuple[str, str, str]:
        """Address, user and password, in clear."""
        adresse, utilisateur, secret = (
            decrypt(
                getattr(self, column), cpts_id=self.cpts_id, table=self._meta.db_table, column=column, row_id=self.pk
            )
            for column in self.colonnes_chiffrees
        )
        return adresse, utilisateur, secret

    @property
    def hote(self) -> str:
        """Where it is kept, without what makes its address a secret."""
        return urlsplit(self.read_secrets()[0]).hostname or ""


class Occupation(ModeleCpts):
    """A person is busy from `debut` to `fin`: nothing is kept of why."""

    agenda = models.ForeignKey(AgendaExterne, on_delete=models.CASCADE, related_name="occupations")
    personne = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="+")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "moment occupé"
        ordering = ["debut"]
        constraints = [models.CheckConstraint(condition=Q(fin__gt=F("debut")), name="occupation_dates")]
        indexes = [models.Index(fields=["cpts", "personne", "debut"], name="occupation_personne")]

    def __str__(self) -> str:
        return f"{self.debut:%Y-%m-%d %H:%M} – {self.fin:%H:%M}"
