"""The statutes of a body, and the convocation that keeps the rules it was sent under."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier

from ..enums import STATUTAIRES, Majorite, TypeReunion
from .reunion import Reunion

FRACTION = Q(quorum_denominateur__gt=0) & Q(quorum_numerateur__lte=F("quorum_denominateur"))


class Regles(models.Model):
    """Days of notice, quorum as a fraction of the voters (0: none), proxies that one holder may carry, majority."""

    preavis_jours = models.PositiveSmallIntegerField("délai de convocation, en jours")
    quorum_numerateur = models.PositiveSmallIntegerField("quorum, numérateur")
    quorum_denominateur = models.PositiveSmallIntegerField("quorum, dénominateur")
    pouvoirs_max = models.PositiveSmallIntegerField("pouvoirs par personne")
    majorite = models.CharField("majorité", max_length=12, choices=Majorite.choices, default=Majorite.SIMPLE)

    class Meta:
        abstract = True


class ReglesInstance(Regles, ModeleCpts):
    """What the statutes of a community say of one body; absent, the usual rules hold, to be confirmed."""

    type = models.CharField("instance", max_length=16, choices=[(t.value, t.label) for t in STATUTAIRES])
    seconde_sans_quorum = models.BooleanField("seconde convocation sans quorum", default=True)
    seconde_preavis_jours = models.PositiveSmallIntegerField("délai de la seconde convocation, en jours")
    confirmees_le = models.DateField("lues dans les statuts le")

    historise: ClassVar[tuple[str, ...]] = (
        "preavis_jours",
        "quorum_numerateur",
        "quorum_denominateur",
        "pouvoirs_max",
        "majorite",
        "seconde_sans_quorum",
        "seconde_preavis_jours",
        "confirmees_le",
    )

    class Meta:
        verbose_name = "règles d’une instance"
        constraints = [
            models.UniqueConstraint(fields=["cpts", "type"], name="regles_instance_unique"),
            models.CheckConstraint(
                condition=FRACTION,
                name="regles_instance_fraction",
                violation_error_message="Le quorum est une fraction d’au plus un.",
            ),
        ]

    def __str__(self) -> str:
        return TypeReunion(self.type).label


class Convocation(Regles, ModeleCpts):
    """How a meeting was convoked: the rules of that day, the document, and why it was late if it was."""

    reunion = models.OneToOneField(Reunion, on_delete=models.CASCADE, related_name="convocation")
    le = models.DateTimeField("envoyée le")
    convoques = models.PositiveSmallIntegerField("personnes convoquées")
    hors_delai = models.BooleanField("hors délai", default=False)
    motif_delai = models.CharField("motif du délai réduit", max_length=300, blank=True)
    regles_confirmees = models.BooleanField("règles lues dans les statuts", default=False)
    document = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    historise: ClassVar[tuple[str, ...]] = ("le", "hors_delai")

    class Meta:
        verbose_name = "convocation"
        constraints = [
            models.CheckConstraint(condition=FRACTION, name="convocation_fraction"),
            models.CheckConstraint(
                condition=Q(hors_delai=False) | ~Q(motif_delai=""),
                name="convocation_hors_delai_motivee",
                violation_error_message="Une convocation hors délai dit pourquoi.",
            ),
        ]

    def __str__(self) -> str:
        return f"Convocation – {self.reunion}"

    @property
    def has_quorum(self) -> bool:
        """Whether a quorum is asked for."""
        return self.quorum_numerateur > 0
