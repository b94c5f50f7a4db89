"""A mailing to members, the people to whom it goes, and those who want no more of them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from maillon.communaute.personnes.models import Personne
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import EtatEnvoi, Nature
from ..permissions import DIFFUSER


class EnvoiQuerySet(models.QuerySet["Envoi"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """Whoever writes to members sees what was written to them."""
        if acteur.cpts_id is None or not acteur.can(DIFFUSER):
            return self.none()
        return self.filter(cpts_id=acteur.cpts_id)


class Envoi(ModeleCpts):
    """One mail to many people. A draft is changed at will; once on its way, nothing of it changes.

    `criteres` says to whom (see `criteres.py`); `modele` keeps a draft to begin others from.
    """

    objet = models.CharField("objet", max_length=160)
    texte = models.TextField("texte")
    nature = models.CharField("nature", max_length=12, choices=Nature.choices, default=Nature.INFORMATION)
    criteres = models.JSONField("destinataires", default=dict)
    modele = models.BooleanField("modèle", default=False)
    etat = models.CharField("état", max_length=12, choices=EtatEnvoi.choices, default=EtatEnvoi.BROUILLON)
    auteur = models.ForeignKey(Personne, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cree_le = models.DateTimeField("créé le", default=now, editable=False)
    lance_le = models.DateTimeField("parti le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "lance_le")

    objects = EnvoiQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi"
        ordering = ["-cree_le"]
        constraints = [
            models.CheckConstraint(
                condition=Q(etat=EtatEnvoi.BROUILLON, lance_le=None)
                | ~Q(etat=EtatEnvoi.BROUILLON) & Q(lance_le__isnull=False),
                name="envoi_parti_date",
                violation_error_message="Un envoi parti a une date.",
            )
        ]
        indexes = [models.Index(fields=["cpts", "-cree_le"], name="envoi_recent")]

    def __str__(self) -> str:
        return self.objet


class PieceEnvoi(ModeleCpts):
    """A document that leaves with a mailing."""

    envoi = models.ForeignKey(Envoi, on_delete=models.CASCADE, related_name="pieces")
    fichier = models.ForeignKey(Fichier, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "pièce d’un envoi"
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.fichier)


class Destinataire(ModeleCpts):
    """A person to whom a mailing goes: one address, once. Its mail is the outbox's message about this row."""

    envoi = models.ForeignKey(Envoi, on_delete=models.CASCADE, related_name="destinataires")
    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    empreinte = models.BinaryField("empreinte de l’adresse", max_length=16)
    ecrit_le = models.DateTimeField("mis en file le", null=True, blank=True)

    suivi: ClassVar[bool] = False

    class Meta:
        verbose_name = "destinataire"
        constraints = [
            models.UniqueConstraint(
                fields=["envoi", "empreinte"],
                name="destinataire_une_adresse_une_fois",
                violation_error_message="Cette adresse reçoit déjà cet envoi.",
            )
        ]
        indexes = [models.Index(fields=["cpts", "envoi", "ecrit_le"], name="destinataire_a_ecrire")]

    def __str__(self) -> str:
        return str(self.personne)


class Desabonnement(ModeleCpts):
    """A person who wants no more information mail."""

    personne = models.OneToOneField(Personne, on_delete=models.CASCADE, related_name="desabonnement")
    le = models.DateTimeField("le", default=now)

    class Meta:
        verbose_name = "désabonnement"

    def __str__(self) -> str:
        return str(self.personne)
