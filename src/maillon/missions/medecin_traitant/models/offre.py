"""What makes the offer of the territory grow or shrink: help that frees time, doctors who leave or come."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.territoire.models import Commune
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre

from ..enums_places import ARRIVEES, DEPARTS, Certitude, GenreMouvement, NatureRenfort, StatutRenfort
from ..permissions import GERER


class OffreQuerySet(models.QuerySet[Any]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk keeps them; others read totals."""
        if acteur.genre is Genre.SYSTEME:
            return self
        return self.filter(cpts_id=acteur.cpts_id) if acteur.can(GERER) else self.none()


class Renfort(ModeleCpts):
    """A medical assistant, an IPA or a delegation protocol, and the patients that it lets doctors follow, as declared.

    A potential, shown beside the places and never added to them: only a doctor says places.
    """

    nature = models.CharField("nature", max_length=9, choices=NatureRenfort.choices)
    protocole = models.CharField("protocole", max_length=40, blank=True)
    intitule = models.CharField("intitulé", max_length=120)
    version = models.CharField("version", max_length=40, blank=True)
    depuis = models.DateField("depuis le")
    jusqu_au = models.DateField("jusqu’au", null=True, blank=True)
    numero = models.CharField("numéro de dossier", max_length=60, blank=True)
    medecins = models.ManyToManyField(Professionnel, through="RenfortMedecin", related_name="+")
    patients = models.PositiveIntegerField("patients de plus que cela permet de suivre", null=True, blank=True)
    source = models.CharField("source de ce nombre", max_length=200, blank=True)
    statut = models.CharField("statut", max_length=11, choices=StatutRenfort.choices, default=StatutRenfort.A_CONFIRMER)

    historise: ClassVar[tuple[str, ...]] = ("nature", "protocole", "depuis", "jusqu_au", "patients", "statut")

    objects = OffreQuerySet.as_manager()

    class Meta:
        verbose_name = "renfort"
        constraints = [
            models.CheckConstraint(
                condition=(Q(nature=NatureRenfort.PROTOCOLE) & ~Q(protocole=""))
                | (~Q(nature=NatureRenfort.PROTOCOLE) & Q(protocole="")),
                name="mt_renfort_protocole",
                violation_error_message="Dites quel protocole est appliqué.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_au=None) | Q(jusqu_au__gte=F("depuis")),
                name="mt_renfort_dates",
                violation_error_message="La fin vient après le début.",
            ),
            models.CheckConstraint(
                condition=Q(patients=None) | (Q(patients__lte=20_000) & ~Q(source="")),
                name="mt_renfort_source",
                violation_error_message="Dites d’où vient le nombre de patients.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "depuis"], name="mt_renfort_date")]

    def __str__(self) -> str:
        return self.intitule


class RenfortMedecin(ModeleCpts):
    """A doctor who works with this help."""

    renfort = models.ForeignKey(Renfort, on_delete=models.CASCADE, related_name="liens")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "médecin d’un renfort"
        constraints = [models.UniqueConstraint(fields=["cpts", "renfort", "professionnel"], name="mt_renfort_medecin")]

    def __str__(self) -> str:
        return f"{self.renfort_id} – {self.professionnel_id}"


class Mouvement(ModeleCpts):
    """A doctor who leaves, or comes, on a day, and what it does to patients and places."""

    genre = models.CharField("genre", max_length=12, choices=GenreMouvement.choices)
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Who comes is not always known yet: « un cabinet de deux médecins ».
    intitule = models.CharField("intitulé", max_length=120, blank=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    le = models.DateField("le")
    certitude = models.CharField("certitude", max_length=8, choices=Certitude.choices, default=Certitude.ANNONCE)
    source = models.CharField("source", max_length=200, blank=True)
    patients = models.PositiveIntegerField("patients laissés", null=True, blank=True)
    patients_ald = models.PositiveIntegerField("dont en ALD", null=True, blank=True)
    patients_plus_70 = models.PositiveIntegerField("dont plus de 70 ans", null=True, blank=True)
    places = models.PositiveIntegerField("places attendues", null=True, blank=True)
    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = (
        "genre",
        "le",
        "certitude",
        "patients",
        "patients_ald",
        "patients_plus_70",
        "places",
        "annule_le",
        "applique_le",
    )

    objects = OffreQuerySet.as_manager()

    class Meta:
        verbose_name = "départ ou arrivée"
        verbose_name_plural = "départs et arrivées"
        constraints = [
            models.CheckConstraint(
                condition=Q(genre__in=DEPARTS, professionnel__isnull=False, places=None)
                | Q(genre__in=ARRIVEES, patients=None),
                name="mt_mouvement_sens",
                violation_error_message="Un départ a un médecin et des patients ; une arrivée, des places.",
            ),
            models.CheckConstraint(
                condition=Q(patients_ald=None) | Q(patients__isnull=False, patients_ald__lte=F("patients")),
                name="mt_mouvement_ald",
                violation_error_message="Les patients en ALD font partie des patients laissés.",
            ),
            models.CheckConstraint(
                condition=Q(patients_plus_70=None) | Q(patients__isnull=False, patients_plus_70__lte=F("patients")),
                name="mt_mouvement_70",
                violation_error_message="Les patients de plus de 70 ans font partie des patients laissés.",
            ),
            models.CheckConstraint(
                condition=Q(professionnel__isnull=False) | ~Q(intitule=""),
                name="mt_mouvement_qui",
                violation_error_message="Dites qui arrive.",
            ),
            models.UniqueConstraint(
                fields=["cpts", "professionnel"],
                condition=Q(genre__in=DEPARTS, annule_le=None, applique_le=None),
                name="mt_mouvement_un_depart",
                violation_error_message="Le départ de ce médecin est déjà annoncé.",
            ),
        ]
        indexes = [models.Index(fields=["cpts", "le"], name="mt_mouvement_date")]

    def __str__(self) -> str:
        return f"{self.qui}, {self.get_genre_display()}"

    @property
    def qui(self) -> str:
        return str(self.professionnel) if self.professionnel else self.intitule

    @property
    def is_depart(self) -> bool:
        return self.genre in DEPARTS
