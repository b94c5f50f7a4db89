"""What is approved in two steps, then locked and paid."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from maillon.communaute.actions.models import Action
from maillon.communaute.personnes.models import Personne
from maillon.communaute.personnes.selectors import get_personne_of
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.droits.acteur import Acteur
from maillon.socle.horloge import now

from ..enums import EN_COURS, Etat, Poste
from ..permissions import DECLARER, LIRE, VERIFIER

M = TypeVar("M", bound="Approbation")


class ApprobationQuerySet(models.QuerySet[M]):
    def visible_to(self, acteur: Acteur) -> Self:
        """The bureau and the coordination see all, a referent their missions, everybody their own. A signed link opens
        those of its person."""
        if acteur.lien_objet is not None:
            siennes = Q(personne=acteur.lien_objet) | Q(personne__fusionnee_dans=acteur.lien_objet)
            return self.filter(siennes, cpts_id=acteur.cpts_id)
        if acteur.cpts_id is None or not acteur.can(DECLARER):
            return self.none()
        rows = self.filter(cpts_id=acteur.cpts_id)
        if acteur.can(LIRE):
            return rows
        personne = get_personne_of(acteur)
        # What was approved before two rows of a person were merged stays on the row that was absorbed.
        siennes = Q(personne=personne) | Q(personne__fusionnee_dans=personne) if personne is not None else Q(pk=None)
        if acteur.can(VERIFIER):
            siennes |= Q(mission__in=acteur.missions)
        return rows.filter(siennes)

    def en_cours(self) -> Self:
        """Declared or checked, not approved yet."""
        return self.filter(etat__in=EN_COURS)

    def of_annee(self, annee: int) -> Self:
        """Of this calendar year."""
        return self.filter(le__gte=date(annee, 1, 1), le__lt=date(annee + 1, 1, 1))

    def payables(self) -> Self:
        """Approved and not paid yet; reversals among them, with their negative amount."""
        return self.filter(etat=Etat.APPROUVEE, payee_le=None)


class Approbation(ModeleCpts):
    """A person is owed an amount, once two people agree. Once approved only `payee_le` may change (a trigger refuses
    the rest): another row, negative, reverses it.

    `verifie_par` and `approuve_par` are accounts; they differ, and neither is that of the person.
    """

    personne = models.ForeignKey(Personne, on_delete=models.PROTECT, related_name="+")
    le = models.DateField("date")
    mission = models.CharField("mission", max_length=16, choices=Poste.choices)
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    libelle = models.CharField("quoi", max_length=160)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.DECLAREE)
    montant = models.DecimalField("montant", max_digits=10, decimal_places=2)
    source = models.CharField("source", max_length=24)
    reference = models.CharField("référence dans la source", max_length=80)
    contrepasse_id: UUID | None
    contrepasse = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="contrepassee_par"
    )
    declare_le = models.DateTimeField("déclarée le", default=now, editable=False)
    declare_par = models.UUIDField("déclarée par le compte", null=True, blank=True)
    verifie_le = models.DateTimeField("vérifiée le", null=True, blank=True)
    verifie_par = models.UUIDField("vérifiée par le compte", null=True, blank=True)
    approuve_le = models.DateTimeField("approuvée le", null=True, blank=True)
    approuve_par = models.UUIDField("approuvée par le compte", null=True, blank=True)
    motif = models.CharField("motif du refus ou de la contre-passation", max_length=200, blank=True)
    payee_le = models.DateField("payée le", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = ("etat", "le", "montant", "mission", "payee_le")

    objects: ClassVar[Any] = ApprobationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-le", "-declare_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpts", "source", "reference"],
                name="%(app_label)s_%(class)s_une_fois",
                violation_error_message="C’est déjà déclaré.",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.APPROUVEE)
                | Q(approuve_le__isnull=False, approuve_par__isnull=False)
                & (Q(contrepasse__isnull=False) | Q(verifie_par__isnull=False, montant__gt=0)),
                name="%(app_label)s_%(class)s_deux_accords",
            ),
            models.CheckConstraint(
                condition=Q(verifie_par=None) | Q(approuve_par=None) | ~Q(verifie_par=F("approuve_par")),
                name="%(app_label)s_%(class)s_deux_personnes",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.VERIFIEE) | Q(verifie_par__isnull=False),
                name="%(app_label)s_%(class)s_verifiee_par",
            ),
            models.CheckConstraint(
                condition=~Q(etat=Etat.REFUSEE) | ~Q(motif=""), name="%(app_label)s_%(class)s_refus_motive"
            ),
            models.CheckConstraint(
                condition=Q(contrepasse=None, montant__gte=0) | Q(contrepasse__isnull=False, montant__lt=0),
                name="%(app_label)s_%(class)s_signe",
            ),
            models.CheckConstraint(
                condition=Q(payee_le=None) | Q(etat=Etat.APPROUVEE), name="%(app_label)s_%(class)s_payee_approuvee"
            ),
        ]
        indexes = [
            models.Index(fields=["cpts", "etat", "le"], name="%(class)s_etat"),
            models.Index(fields=["cpts", "personne", "le"], name="%(class)s_personne"),
            models.Index(fields=["cpts", "mission", "le"], name="%(class)s_mission"),
            models.Index(fields=["cpts", "action"], name="%(class)s_action"),
        ]

    def __str__(self) -> str:
        return f"{self.libelle} ({self.le:%d/%m/%Y})"

    @property
    def is_locked(self) -> bool:
        """Nothing changes any more but by a reversal."""
        return self.etat == Etat.APPROUVEE
