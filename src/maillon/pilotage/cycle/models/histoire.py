"""What happened: milestones that nobody rewrites, in the order that the law asks for."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from maillon.socle.cpts.models import ModeleCpts
from maillon.socle.fichiers.models import Fichier
from maillon.socle.horloge import now

from ..enums import SIGNEES, UNIQUES, NatureJalon, Organisme, Partie


def _ordre(avant: str, apres: str, message: str) -> models.CheckConstraint:
    """Two dates of a cycle, one not after the other; an unknown date refuses nothing."""
    return models.CheckConstraint(
        condition=Q(**{f"{avant}__lte": F(apres)}) | Q(**{f"{avant}__isnull": True}) | Q(**{f"{apres}__isnull": True}),
        name=f"cycle_{avant.removesuffix('_le')}_avant_{apres.removesuffix('_le')}",
        violation_error_message=message,
    )


class Cycle(ModeleCpts):
    """One turn of a community's life, from the lettre d'intention to the end of a contract; a renewal opens the next.

    Its dates are those of the valid milestones; `signature_le` is that of the contract once it is entered.
    """

    numero = models.PositiveSmallIntegerField("numéro", default=1)
    lettre_le = models.DateField("lettre d’intention", null=True, blank=True)
    depot_le = models.DateField("dépôt du projet de santé", null=True, blank=True)
    validation_le = models.DateField("validation du projet de santé", null=True, blank=True)
    signature_le = models.DateField("signature du contrat", null=True, blank=True)
    resiliation_le = models.DateField("résiliation", null=True, blank=True)

    historise: ClassVar[tuple[str, ...]] = (
        "numero",
        "lettre_le",
        "depot_le",
        "validation_le",
        "signature_le",
        "resiliation_le",
    )

    class Meta:
        verbose_name = "cycle"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["cpts", "numero"], name="cycle_un_par_numero"),
            _ordre("lettre_le", "depot_le", "Le projet de santé se dépose après la lettre d’intention."),
            _ordre("lettre_le", "validation_le", "Le projet de santé se valide après la lettre d’intention."),
            _ordre("lettre_le", "signature_le", "La lettre d’intention précède la signature du contrat."),
            _ordre("depot_le", "validation_le", "Le projet de santé se valide après son dépôt."),
            _ordre("depot_le", "signature_le", "Le projet de santé se dépose avant la signature du contrat."),
            _ordre("validation_le", "signature_le", "Le projet de santé se valide avant la signature du contrat."),
            _ordre("signature_le", "resiliation_le", "Un contrat se résilie après sa signature."),
        ]

    def __str__(self) -> str:
        return f"Cycle {self.numero}"


class Jalon(ModeleCpts):
    """What happened one day. Never edited: a new one replaces it (`remplace`), or says that it did not happen
    (`annule`). `libelle` and `note` name no person."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="jalons")
    nature = models.CharField("nature", max_length=24, choices=NatureJalon.choices)
    le = models.DateField("date")
    organisme = models.CharField("acte de", max_length=20, choices=Organisme.choices, default=Organisme.CPTS)
    libelle = models.CharField("intitulé", max_length=160, blank=True)
    note = models.CharField("note", max_length=300, blank=True)
    montant = models.DecimalField("montant", max_digits=12, decimal_places=2, null=True, blank=True)
    jusqu_a = models.DateField("valable jusqu’au", null=True, blank=True)
    document = models.ForeignKey(Fichier, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # A milestone is corrected once: its correction is corrected in its turn. A key of the database keeps the cycle and
    # the nature along the chain (migration 0001).
    remplace = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="remplace_par"
    )
    annule = models.BooleanField("n’a pas eu lieu", default=False)
    saisi_le = models.DateTimeField("saisi le", default=now, editable=False)
    saisi_par = models.UUIDField("compte", null=True, blank=True)

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "jalon"
        ordering = ["le", "saisi_le"]
        indexes = [models.Index(fields=["cpts", "cycle", "le"], name="jalon_serie")]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "nature"],
                condition=Q(remplace=None, nature__in=[nature.value for nature in UNIQUES]),
                name="jalon_unique_par_cycle",
                violation_error_message="Ce fait est déjà enregistré : corrigez-le.",
            ),
            models.CheckConstraint(
                condition=Q(annule=False) | Q(remplace__isnull=False), name="jalon_annule_en_remplace_un"
            ),
            models.CheckConstraint(
                condition=Q(montant=None) | Q(montant__gt=0, nature=NatureJalon.AIDE),
                name="jalon_montant_d_une_aide",
                violation_error_message="Seule une aide a un montant, et il est positif.",
            ),
            models.CheckConstraint(
                condition=Q(jusqu_a=None) | Q(jusqu_a__gte=F("le"), nature=NatureJalon.DOCUMENT),
                name="jalon_validite_d_un_document",
                violation_error_message="La fin de validité d’un document vient après sa date.",
            ),
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def titre(self) -> str:
        """What happened, in the words of whoever recorded it if they gave some."""
        return self.libelle or self.get_nature_display()

    @property
    def is_signe(self) -> bool:
        """Whether it is signed by the three parties."""
        return self.nature in SIGNEES


class Signature(ModeleCpts):
    """Who signed for a party, in which quality, and when."""

    jalon = models.ForeignKey(Jalon, on_delete=models.PROTECT, related_name="signatures")
    partie = models.CharField("partie", max_length=20, choices=Partie.choices)
    nom = models.CharField("nom", max_length=120)
    qualite = models.CharField("qualité", max_length=160)
    le = models.DateField("signé le")

    ajout_seul: ClassVar[bool] = True

    class Meta:
        verbose_name = "signature"
        constraints = [models.UniqueConstraint(fields=["jalon", "partie"], name="signature_une_par_partie")]

    def __str__(self) -> str:
        return f"{self.get_partie_display()}, le {self.le:%d/%m/%Y}"
