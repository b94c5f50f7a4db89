"""Campaigns of the census: whom the desk asks for their places, who answered, who must be called."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.droits.enums import Genre
from maillon.socle.horloge import now

from ..enums_places import Appel, StatutReponse, Voie
from ..permissions import GERER


class CampagneQuerySet(models.QuerySet["CampagneRecensement"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees the campaigns of its community."""
        if acteur.genre is Genre.SYSTEME:
            return self
        return self.filter(cpts_id=acteur.cpts_id) if acteur.can(GERER) else self.none()

    def en_cours(self) -> Self:
        return self.filter(close_le=None)


class CampagneRecensement(ModeleCpts):
    """Every doctor is asked once, reminded at most once a day planned, then called. One campaign at once."""

    titre = models.CharField("titre", max_length=80)
    avec_non_membres = models.BooleanField("médecins du territoire qui ne sont pas membres", default=False)
    lancee_le = models.DateTimeField("lancée le", default=now)
    echeance = models.DateField("réponse attendue avant le")
    rappels = ArrayField(models.DateField(), default=list, blank=True, verbose_name="rappels le")
    close_le = models.DateTimeField("close le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("echeance", "rappels", "close_le")

    objects = CampagneQuerySet.as_manager()

    class Meta:
        verbose_name = "campagne de recensement"
        verbose_name_plural = "campagnes de recensement"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts"],
                condition=Q(close_le=None),
                name="mt_campagne_une_en_cours",
                violation_error_message="Une campagne est déjà en cours. Closez-la avant d’en lancer une autre.",
            ),
            models.CheckConstraint(
                condition=Q(close_le=None) | Q(close_le__gte=F("lancee_le")), name="mt_campagne_close"
            ),
        ]
        indexes = [models.Index(fields=["cpts", "-lancee_le"], name="mt_campagne_recente")]

    def __str__(self) -> str:
        return self.titre

    @property
    def is_en_cours(self) -> bool:
        return self.close_le is None


class DestinataireQuerySet(models.QuerySet["DestinataireRecensement"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The desk sees who is asked; a link opens one."""
        if acteur.genre is Genre.SYSTEME:
            return self
        if acteur.genre is Genre.LIEN:
            return self.filter(pk=acteur.lien_objet)
        return self.filter(cpts_id=acteur.cpts_id) if acteur.can(GERER) else self.none()

    def sans_reponse(self) -> Self:
        """Who has neither answered nor said that they would not."""
        return self.filter(repondu_le=None).exclude(appel=Appel.DECLINE)


class DestinataireRecensement(ModeleCpts):
    """One doctor asked in one campaign."""

    campagne = models.ForeignKey(CampagneRecensement, on_delete=models.CASCADE, related_name="destinataires")
    professionnel = models.ForeignKey(Professionnel, on_delete=models.PROTECT, related_name="+")
    joignable = models.BooleanField("a une adresse électronique", default=True)
    envoye_le = models.DateTimeField("première lettre le", null=True, blank=True)
    rappels_envoyes = models.PositiveSmallIntegerField("rappels envoyés", default=0)
    rappele_le = models.DateTimeField("dernier rappel le", null=True, blank=True)
    repondu_le = models.DateTimeField("a répondu le", null=True, blank=True)
    voie = models.CharField("comment", max_length=8, choices=Voie.choices, blank=True)
    appel = models.CharField("appel", max_length=8, choices=Appel.choices, blank=True)
    appele_le = models.DateTimeField("appelé le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("envoye_le", "rappels_envoyes", "repondu_le", "appel", "appele_le")

    objects = DestinataireQuerySet.as_manager()

    class Meta:
        verbose_name = "médecin interrogé"
        verbose_name_plural = "médecins interrogés"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "campagne", "professionnel"], name="mt_destinataire_unique"),
            models.CheckConstraint(
                condition=Q(repondu_le=None, voie="") | (Q(repondu_le__isnull=False) & ~Q(voie="")),
                name="mt_destinataire_repondu",
            ),
            models.CheckConstraint(
                condition=Q(appele_le=None, appel="") | (Q(appele_le__isnull=False) & ~Q(appel="")),
                name="mt_destinataire_appele",
            ),
        ]

    def __str__(self) -> str:
        return str(self.professionnel)

    @property
    def statut(self) -> StatutReponse:
        if self.repondu_le:
            return StatutReponse.REPONDU
        if self.appel == Appel.DECLINE:
            return StatutReponse.DECLINE
        return StatutReponse.ATTENDU if self.joignable else StatutReponse.A_APPELER
