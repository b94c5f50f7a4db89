"""Who asks to join, or was invited to."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.models import Professionnel
from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import DECIDEES, EtatCandidature, Organe, Origine
from ..permissions import GERER_ADHESIONS
from .adhesions import Adhesion


class CandidatureQuerySet(models.QuerySet["Candidature"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Those who keep the members of their own community; nobody else."""
        if acteur.cpts_id is None or not acteur.can(GERER_ADHESIONS):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)


class Candidature(ModeleCpts):
    """What somebody typed, kept as typed, until a body decides. `professionnel` is who the directory says it is.

    `accord_prealable`: the bureau agreed before the invitation left, so that accepting it makes a member.
    """

    origine = models.CharField("origine", max_length=12, choices=Origine.choices)
    etat = models.CharField("état", max_length=12, choices=EtatCandidature.choices, default=EtatCandidature.DEPOSEE)
    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    rpps = models.CharField("numéro RPPS", max_length=11, blank=True)
    profession = models.CharField("profession", max_length=80, blank=True)
    lieu = models.CharField("lieu d’exercice", max_length=160, blank=True)
    structure_nom = models.CharField("au nom de la structure", max_length=160, blank=True)
    courriel = models.EmailField("courriel")
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    souhait = models.CharField("ce qui l’intéresse", max_length=600, blank=True)
    professionnel = models.ForeignKey(Professionnel, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    structure = models.ForeignKey(Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    adhesion = models.ForeignKey(
        Adhesion, null=True, blank=True, on_delete=models.SET_NULL, related_name="candidatures"
    )
    accord_prealable = models.BooleanField("accord donné d’avance", default=False)
    notice_version = models.CharField("information donnée", max_length=12, blank=True)
    deposee_le = models.DateTimeField("reçue le", default=now)
    cle = models.CharField("clé du formulaire", max_length=64, blank=True)
    # A keyed hash of the network address, kept one day: it slows robots down.
    source = models.BinaryField("empreinte de l’adresse", max_length=16, null=True, blank=True)
    decidee_le = models.DateField("décidée le", null=True, blank=True)
    organe = models.CharField("décidée par", max_length=8, choices=Organe.choices, blank=True)
    motif = models.CharField("motif", max_length=300, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "decidee_le", "organe")

    objects = CandidatureQuerySet.as_manager()

    class Meta:
        verbose_name = "candidature"
        ordering = ["deposee_le", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(etat__in=DECIDEES, decidee_le__isnull=False) & ~Q(organe=""))
                | (~Q(etat__in=DECIDEES) & Q(decidee_le=None, organe="")),
                name="candidature_decision",
                violation_error_message="Une décision porte sa date et l’instance qui l’a prise.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatCandidature.ACCEPTEE) | Q(adhesion__isnull=False),
                name="candidature_acceptee_adhesion",
            ),
            models.UniqueConstraint(fields=["cpts", "cle"], condition=~Q(cle=""), name="candidature_cle_unique"),
            models.UniqueConstraint(
                fields=["cpts", "professionnel"],
                condition=Q(etat=EtatCandidature.INVITEE),
                name="candidature_une_invitation",
                violation_error_message="Ce professionnel est déjà invité.",
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "etat", "deposee_le"], name="candidature_etat"),
            models.Index(fields=["cpts", "source", "deposee_le"], name="candidature_source"),
        ]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def adherent(self) -> Professionnel | Structure | None:
        """Whom the decision makes a member; None while nobody has found who it is."""
        return self.structure or self.professionnel
