"""What the bodies of the association decided: rates, calculations by profession, mileage scale, employers."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from maillon.communaute.annuaire.enums import Profession
from maillon.communaute.structures.models import Structure
from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import Fonction, Instance, Mode, Nature, Poste


def euros(libelle: str, **options: Any) -> models.DecimalField:
    """Euros and cents."""
    return models.DecimalField(libelle, max_digits=10, decimal_places=2, **options)


class Decision(ModeleCpts):
    """Something decided by a body, one day, with its document."""

    instance = models.CharField("décidé par", max_length=8, choices=Instance.choices)
    decide_le = models.DateField("décidé le")
    document = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    class Meta:
        abstract = True


class CalculProfession(Decision):
    """How the body estimated the income that a profession loses in an hour. Kept for ever; a new one replaces it."""

    profession = models.CharField("profession", max_length=2, choices=Profession.choices)
    base = models.CharField("base retenue", max_length=200)
    source = models.CharField("source", max_length=200)
    revenu_annuel = euros("revenu annuel retenu")
    heures_annuelles = models.DecimalField("heures travaillées dans l’année", max_digits=6, decimal_places=1)
    perte_horaire = euros("perte de revenu par heure")
    commentaire = models.TextField("comment le calcul a été fait", blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "calcul par profession"
        ordering = ["profession", "-decide_le", "-saisi_le"]
        indexes = [models.Index(fields=["cpts", "profession", "-decide_le"], name="indemnites_calcul")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revenu_annuel__gt=0, heures_annuelles__gt=0, perte_horaire__gt=0),
                name="indemnites_calcul_positif",
            ),
            models.CheckConstraint(condition=~Q(base="") & ~Q(source=""), name="indemnites_calcul_source"),
        ]

    def __str__(self) -> str:
        return f"{self.get_profession_display()} : {self.perte_horaire} €/h"


class Tarif(Decision):
    """What a function is paid over a period. Empty `mission` or `profession`: all those without a rate of their own.

    The amount never changes once entered: the period is closed and another rate follows.
    """

    fonction = models.CharField("fonction", max_length=16, choices=Fonction.choices)
    mission = models.CharField("mission", max_length=16, choices=Poste.choices, blank=True)
    profession = models.CharField("profession", max_length=2, choices=Profession.choices, blank=True)
    nature = models.CharField("nature", max_length=12, choices=Nature.choices)
    mode = models.CharField("payé", max_length=8, choices=Mode.choices)
    montant = euros("montant")
    heures_max = models.DecimalField(
        "heures payées au plus par séance", max_digits=4, decimal_places=2, null=True, blank=True
    )
    periode = DateRangeField("période")
    calcul = models.ForeignKey(CalculProfession, null=True, blank=True, on_delete=models.PROTECT, related_name="tarifs")

    historise: ClassVar[tuple[str, ...]] = ("montant", "periode")

    class Meta:
        verbose_name = "tarif"
        ordering = ["fonction", "mission", "profession", "-periode"]
        constraints = [
            ExclusionConstraint(
                name="indemnites_tarif_sans_chevauchement",
                expressions=[
                    ("cpts", RangeOperators.EQUAL),
                    ("fonction", RangeOperators.EQUAL),
                    ("mission", RangeOperators.EQUAL),
                    ("profession", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Un tarif couvre déjà cette fonction sur une partie de la période.",
            ),
            models.CheckConstraint(
                condition=Q(montant__gt=0),
                name="indemnites_tarif_positif",
                violation_error_message="Un tarif est un montant positif.",
            ),
            models.CheckConstraint(
                condition=Q(heures_max=None) | Q(heures_max__gt=0, mode=Mode.HEURE),
                name="indemnites_tarif_heures_max",
                violation_error_message="Le maximum d’heures ne vaut que pour un tarif horaire.",
            ),
            models.CheckConstraint(
                condition=Q(calcul=None) | ~Q(profession=""),
                name="indemnites_tarif_calcul_de_profession",
                violation_error_message="Un calcul justifie le tarif d’une profession.",
            ),
            models.CheckConstraint(
                condition=Q(profession="") | ~Q(nature=Nature.INDEMNITE) | Q(calcul__isnull=False),
                name="indemnites_tarif_calcule",
                violation_error_message="L’indemnité propre à une profession s’appuie sur le calcul du bureau.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_fonction_display()}, {self.montant} € {self.get_mode_display()}"


class BaremeKilometrique(Decision):
    """Euros per kilometre over a period."""

    taux = models.DecimalField("euros par kilomètre", max_digits=5, decimal_places=3)
    periode = DateRangeField("période")

    historise: ClassVar[tuple[str, ...]] = ("taux", "periode")

    class Meta:
        verbose_name = "barème kilométrique"
        ordering = ["-periode"]
        constraints = [
            ExclusionConstraint(
                name="indemnites_bareme_sans_chevauchement",
                expressions=[("cpts", RangeOperators.EQUAL), ("periode", RangeOperators.OVERLAPS)],
                violation_error_message="Un barème couvre déjà une partie de la période.",
            ),
            models.CheckConstraint(condition=Q(taux__gt=0, taux__lte=2), name="indemnites_bareme_plausible"),
        ]

    def __str__(self) -> str:
        return f"{self.taux} €/km"


class ConventionEmployeur(ModeleCpts):
    """An employer whose staff take part on working time: the hours are reimbursed to it."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")
    taux = euros("euros par heure remboursés à l’employeur")
    periode = DateRangeField("période")
    signee_le = models.DateField("signée le")
    document = models.ForeignKey(Fichier, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    saisi_le = models.DateTimeField("saisie le", default=now, editable=False)

    historise: ClassVar[tuple[str, ...]] = ("taux", "periode")

    class Meta:
        verbose_name = "convention d’employeur"
        ordering = ["structure__nom_recherche", "-periode"]
        constraints = [
            ExclusionConstraint(
                name="indemnites_convention_sans_chevauchement",
                expressions=[
                    ("cpts", RangeOperators.EQUAL),
                    ("structure", RangeOperators.EQUAL),
                    ("periode", RangeOperators.OVERLAPS),
                ],
                violation_error_message="Une convention avec cet employeur couvre déjà une partie de la période.",
            ),
            models.CheckConstraint(condition=Q(taux__gt=0), name="indemnites_convention_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.structure}, {self.taux} €/h"
