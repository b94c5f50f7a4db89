"""Entering a contract already under way: the draft kept between two sittings, and the signed contract itself."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import EtatBrouillon
from ..permissions import LIRE
from .contrat import Contrat


class BrouillonContratQuerySet(models.QuerySet["BrouillonContrat"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those who read the contract read its draft; only coordination writes it."""
        return self.filter(cpts_id=acteur.cpts_id) if acteur.can(LIRE) else self.none()

    def ouvert(self) -> "BrouillonContrat | None":
        """The one under way."""
        return self.filter(etat=EtatBrouillon.OUVERT).first()


class BrouillonContrat(ModeleCpts):
    """What was typed so far, step by step, as it was typed. Emptied once recorded or abandoned."""

    etat = models.CharField("état", max_length=12, choices=EtatBrouillon.choices, default=EtatBrouillon.OUVERT)
    contenu = models.JSONField("saisie", default=dict)
    contrat = models.ForeignKey(
        Contrat, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="contrat enregistré"
    )
    commence_le = models.DateTimeField("commencé le", default=now, editable=False)
    commence_par = models.UUIDField("commencé par", null=True, blank=True)
    modifie_le = models.DateTimeField("modifié le", default=now)
    modifie_par = models.UUIDField("modifié par", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat",)

    objects = BrouillonContratQuerySet.as_manager()

    class Meta:
        verbose_name = "saisie de contrat en cours"
        constraints = [
            models.UniqueConstraint(
                fields=["cpts"],
                condition=Q(etat=EtatBrouillon.OUVERT),
                name="brouillon_contrat_un_seul_ouvert",
                violation_error_message="Une saisie du contrat est déjà en cours dans cette communauté.",
            ),
            models.CheckConstraint(
                condition=Q(etat=EtatBrouillon.OUVERT) | Q(contenu={}), name="brouillon_contrat_clos_est_vide"
            ),
        ]

    def __str__(self) -> str:
        return f"Saisie du contrat commencée le {self.commence_le:%d/%m/%Y}"


class ContratSigne(ModeleCpts):
    """The signed text and who signed for each party, as the community says; never changed."""

    contrat = models.OneToOneField(Contrat, on_delete=models.PROTECT, related_name="texte_signe")
    signe_cpts = models.CharField("signé pour la communauté par", max_length=120, blank=True)
    signe_cpam = models.CharField("signé pour l’Assurance Maladie par", max_length=120, blank=True)
    signe_ars = models.CharField("signé pour l’ARS par", max_length=120, blank=True)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True)
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "texte signé du contrat"
        verbose_name_plural = "textes signés des contrats"

    def __str__(self) -> str:
        return f"Texte signé : {self.contrat}"
