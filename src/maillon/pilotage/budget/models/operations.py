"""Operations: committed, paid, cancelled; and the series that repeat each month."""

from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Self

from django.db import models
from django.db.models import Case, F, Q, When

from maillon.communaute.actions.models import Action
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import Categorie, EtatOperation, Poste, SensOperation
from ..permissions import LIRE, LIRE_MISSION
from .cadre import LigneBudget, euros

PROCHE = timedelta(days=31)


class OperationQuerySet(models.QuerySet["Operation"]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The bureau and the coordination see every operation; a referent those of their missions."""
        if acteur.can(LIRE):
            return self
        if acteur.can(LIRE_MISSION):
            return self.filter(poste__in=acteur.missions)
        return self.none()

    def by_proximite(self, on: date) -> Self:
        """What is past or soon due first, the latest at the top; months far ahead come last."""
        proche = Case(When(le__lte=on + PROCHE, then=0), default=1)
        return self.annotate(loin=proche).order_by("loin", "-le", "-reference")

    def actives(self) -> Self:
        """Committed or paid."""
        return self.exclude(etat=EtatOperation.ANNULEE)

    def waiting_approval(self) -> Self:
        """Committed above the threshold, and approved by nobody yet."""
        return self.filter(etat=EtatOperation.ENGAGEE, a_approuver=True, approuvee_le__isnull=True)

    def without_piece(self) -> Self:
        """Paid, and nothing shows it. A reversal is shown by what it reverses."""
        return self.filter(etat=EtatOperation.PAYEE, piece__isnull=True, contrepasse__isnull=True)


class Serie(ModeleCpts):
    """A spending that comes back each month until a date; its operations are committed in advance, one a month."""

    poste = models.CharField("poste", max_length=16, choices=Poste.choices)
    categorie = models.CharField("catégorie", max_length=16, choices=Categorie.choices)
    libelle = models.CharField("libellé", max_length=120)
    tiers = models.CharField("bénéficiaire", max_length=120, blank=True)
    montant = euros("montant mensuel")
    jour = models.PositiveSmallIntegerField("jour du mois")
    du = models.DateField("à partir du")
    au = models.DateField("jusqu’au")
    creee_le = models.DateTimeField("créée le", default=now, editable=False)

    historise: ClassVar[tuple[str, ...]] = ("montant", "du", "au")

    class Meta:
        verbose_name = "dépense mensuelle"
        ordering = ["poste", "categorie", "libelle"]
        indexes = [models.Index(fields=["cpts", "au"], name="budget_serie_fin")]
        constraints = [
            models.CheckConstraint(condition=Q(montant__gt=0), name="budget_serie_positive"),
            models.CheckConstraint(condition=Q(jour__range=(1, 28)), name="budget_serie_jour"),
            models.CheckConstraint(condition=Q(au__gte=F("du")), name="budget_serie_dates"),
        ]

    def __str__(self) -> str:
        return self.libelle


class Operation(ModeleCpts):
    """Money committed or paid. Once paid it never changes (a trigger refuses it): another operation reverses it.

    `contrepasse` is the operation that this one reverses; it counts the other way.
    """

    reference = models.CharField("référence", max_length=40)
    le = models.DateField("date")
    sens = models.CharField("sens", max_length=8, choices=SensOperation.choices, default=SensOperation.DEPENSE)
    etat = models.CharField("état", max_length=8, choices=EtatOperation.choices, default=EtatOperation.ENGAGEE)
    poste = models.CharField("poste", max_length=16, choices=Poste.choices)
    categorie = models.CharField("catégorie", max_length=16, choices=Categorie.choices)
    ligne = models.ForeignKey(LigneBudget, on_delete=models.PROTECT, null=True, blank=True, related_name="operations")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, blank=True, related_name="operations")
    libelle = models.CharField("libellé", max_length=160)
    tiers = models.CharField("bénéficiaire ou payeur", max_length=120, blank=True)
    montant = euros("montant")
    recurrente = models.BooleanField("revient chaque mois", default=False)
    serie = models.ForeignKey(Serie, on_delete=models.PROTECT, null=True, blank=True, related_name="operations")
    contrepasse = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="contrepassee_par"
    )
    piece = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Above the community's threshold at the time of entry: somebody of the bureau must agree before it is paid.
    a_approuver = models.BooleanField("à approuver", default=False)
    approuvee_le = models.DateTimeField("approuvée le", null=True, blank=True)
    approuvee_par = models.UUIDField("approuvée par le compte", null=True, blank=True)
    # When somebody said that it was paid: the entry is then final.
    validee_le = models.DateTimeField("validée le", null=True, blank=True)
    motif_refus = models.CharField("motif du refus", max_length=200, blank=True)
    saisie_le = models.DateTimeField("saisie le", default=now, editable=False)
    saisie_par = models.UUIDField("compte", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("le", "sens", "etat", "poste", "categorie", "montant", "approuvee_le")
    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = "opération"
        ordering = ["-le", "-reference"]
        indexes = [
            models.Index(fields=["cpts", "le"], name="budget_operation_jour"),
            models.Index(fields=["cpts", "poste", "le"], name="budget_operation_poste"),
            models.Index(fields=["cpts", "action"], name="budget_operation_action"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "reference"],
                name="budget_operation_reference_unique",
                violation_error_message="Une opération porte déjà cette référence.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="budget_operation_positive",
                violation_error_message="Le montant est positif ; une erreur se corrige par une contre-passation.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatOperation.PAYEE, a_approuver=True, approuvee_le__isnull=True),
                name="budget_operation_payee_si_approuvee",
                violation_error_message="Cette dépense se paie après l’accord du bureau.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=EtatOperation.PAYEE) | Q(validee_le__isnull=False),
                name="budget_operation_payee_validee",
            ),
            models.CheckConstraint(
                condition=Q(contrepasse__isnull=True) | Q(etat=EtatOperation.PAYEE),
                name="budget_contrepassation_payee",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def signe(self) -> Decimal:
        """The amount as it weighs in its category: a reversal weighs the other way."""
        return -self.montant if self.contrepasse_id else self.montant

    @property
    def attend_accord(self) -> bool:
        return self.etat == EtatOperation.ENGAGEE and self.a_approuver and self.approuvee_le is None
